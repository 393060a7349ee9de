"""The addresses of what is read; they are a promise (README)."""

from django.urls import path, register_converter

from articles import (
    corrections,
    following_corrections,
    helping,
    sign_off_views,
    telling_editors,
    views,
)
from articles.corrections_feed import CorrectionsFeed
from articles.feeds import SiteFeed, TopicFeed
from articles.models import Page
from articles.people import contributor
from articles.signed_wording import signed_wording


class TopicPath:
    """`health/recovery`: up to four slugs; more than that never was a topic."""

    regex = r"[a-z0-9_-]+(?:/[a-z0-9_-]+){0,3}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TopicPath, "topic")

urlpatterns = [
    path("", views.home, name="home"),
    path("topics/", views.topics, name="topics"),
    path("topics/<topic:path>/feed/", TopicFeed(), name="topic_feed"),
    path("topics/<topic:path>/", views.topic, name="topic"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/history/", views.history, name="article_history"),
    path("articles/<slug:slug>/preview/<str:token>/", views.preview, name="article_preview"),
    path(
        "articles/<slug:slug>/signed/<int:review>/<int:position>/",
        signed_wording,
        name="signed_wording",
    ),
    path("people/<slug:slug>/", contributor, name="contributor"),
    path("search/", views.search, name="search"),
    path("feed/", SiteFeed(), name="feed"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/feed/", CorrectionsFeed(), name="corrections_feed"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path(
        "corrections/follow/<str:token>/",
        following_corrections.confirm,
        name="follow_corrections_confirm",
    ),
    path(
        "corrections/unfollow/<str:token>/",
        following_corrections.end,
        name="follow_corrections_end",
    ),
    path("articles/<slug:slug>/tell/", telling_editors.tell, name="tell"),
    path("told/<str:number>/", telling_editors.told, name="told"),
    path(
        "articles/<slug:slug>/follow-corrections/",
        following_corrections.follow_corrections,
        name="follow_corrections",
    ),
    path("help/", helping.help_page, name="help"),
    path("about/", views.page, {"slug": Page.Slug.ABOUT}, name="about"),
    path("about/<slug:slug>/", views.about_page, name="about_page"),
    path("sign-off/receipt/<str:token>/", sign_off_views.sign_off_receipt, name="sign_off_receipt"),
    path("sign-off/<str:token>/", sign_off_views.sign_off, name="sign_off"),
    path("sign-off/<str:token>/code/", sign_off_views.sign_off_code, name="sign_off_code"),
]
