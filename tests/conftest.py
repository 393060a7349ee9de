"""The cast: the few people and things that the tests are about."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.test import Client

from accounts.handles import fold
from accounts.models import User
from articles.models import Article, Category, Contributor

PASSWORD = "correct horse battery staple"
FIRST_PAGE = "how-many-acupuncture-sessions-are-needed-to-treat-hemifacial-spasm"


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """Rate limits live in the cache, and so do pages: one test's are not another's."""
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Make a user with a confirmed e-mail address, in the groups that are named."""

    def make(handle: str, *, groups: tuple[str, ...] = (), **fields: Any) -> User:
        email = fields.pop("email", f"{fold(handle)}@example.org")
        user = User.objects.create_user(email, PASSWORD, handle=handle, **fields)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return make


@pytest.fixture
def member(make_user: Callable[..., User]) -> User:
    return make_user("Quiet Heron")


@pytest.fixture
def another_member(make_user: Callable[..., User]) -> User:
    return make_user("Blue Kettle")


@pytest.fixture
def author(make_user: Callable[..., User]) -> User:
    return make_user("Anna Writes", groups=("Authors",), is_staff=True)


@pytest.fixture
def reviewer(make_user: Callable[..., User]) -> User:
    return make_user("Rosa Checks", groups=("Reviewers",), is_staff=True)


@pytest.fixture
def editor(make_user: Callable[..., User]) -> User:
    return make_user("Emil Edits", groups=("Editors",), is_staff=True)


@pytest.fixture
def moderator(make_user: Callable[..., User]) -> User:
    return make_user("Mona Reads", groups=("Moderators",), is_staff=True)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_member(member: User) -> Client:
    return logged_in(member)


@pytest.fixture
def as_another_member(another_member: User) -> Client:
    return logged_in(another_member)


@pytest.fixture
def as_author(author: User) -> Client:
    return logged_in(author)


@pytest.fixture
def as_reviewer(reviewer: User) -> Client:
    return logged_in(reviewer)


@pytest.fixture
def as_editor(editor: User) -> Client:
    return logged_in(editor)


@pytest.fixture
def as_moderator(moderator: User) -> Client:
    return logged_in(moderator)


@pytest.fixture
def as_superuser(make_user: Callable[..., User]) -> Client:
    return logged_in(make_user("Olga Operates", is_staff=True, is_superuser=True))


@pytest.fixture
def make_article(db: None) -> Callable[..., Article]:
    """Make an article in Health > Recovery, published unless `published=None`."""
    made = 0

    def make(
        *,
        title: str = "",
        summary: str = "",
        text: str = "",
        category: str = "Health/Recovery",
        by: str = "ZongCheng",
        published: datetime | None = datetime(2025, 9, 28, 9, 45, 46, tzinfo=UTC),
        **fields: Any,
    ) -> Article:
        nonlocal made
        made += 1
        title = title or f"Article {made}"
        fields.setdefault("slug", f"article-{made}")
        article = Article(category=Category.objects.at(category.split("/")), **fields)
        article.save()
        contributor = Contributor.objects.filter(name=by).first() or Contributor.objects.create(
            name=by
        )
        article.set_authors([contributor])
        revision = article.revise(title=title, summary=summary, text=text or "## One\n\nWords.\n")
        if published:
            article.publish(revision, at=published)
        return article

    return make


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    """The page that Bedside started from, in its shape: five headed sections."""
    return make_article(
        slug=FIRST_PAGE,
        title="How Many Acupuncture Sessions Are Needed to Treat Hemifacial Spasm?",
        summary="Small studies report calmer muscles after eight to twelve sessions.",
        text="\n\n".join(
            f"## {heading}\n\nSome people are offered acupuncture for hemifacial spasm."
            for heading in (
                "Understanding Hemifacial Spasm",
                "Current Treatment Options",
                "The Role of Acupuncture",
                "When to Consider Other Treatment",
                "Conclusion",
            )
        ),
    )
