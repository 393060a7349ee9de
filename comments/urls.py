"""The addresses of what readers say; they are a promise (README)."""

from django.urls import path

from comments import composer, reporting, views

# /articles/<slug>/comments/
article_urlpatterns = [
    path("new/", composer.comment_new, name="comment_new"),
]

# /comments/
urlpatterns = [
    path("<int:pk>/", views.comment, name="comment"),
    path("<int:pk>/edit/", views.comment_edit, name="comment_edit"),
    path("<int:pk>/cut/", views.comment_cut, name="comment_cut"),
    path("<int:pk>/withdraw/", views.comment_withdraw, name="comment_withdraw"),
    path("<int:pk>/report/", reporting.comment_report, name="comment_report"),
    path("<int:pk>/reported/", reporting.comment_reported, name="comment_reported"),
    path("unfinished/", views.unfinished_comment, name="unfinished_comment"),
    path("unfinished/<uuid:pk>/discard/", views.draft_discard, name="draft_discard"),
]
