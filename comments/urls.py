from django.urls import URLPattern

article_urlpatterns: list[URLPattern] = []
urlpatterns: list[URLPattern] = []
