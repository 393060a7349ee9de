"""What tests of the moderators' desk share: cases that wait, and its forms."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Case, Comment, Report, Rule
from tests.desk import filled
from tests.discussing import say

DESK = "/admin/comments/case/"


def rule(key: str = "selling", **fields: Any) -> Rule:
    fields = {"title": "No selling.", "reason": "Your comment sells something.", **fields}
    return Rule.objects.filter(key=key).first() or Rule.objects.create(key=key, **fields)


def held(author: User, article: Article, text: str = "", *checks: str) -> Case:
    """Return the case of a comment that waits for these checks."""
    comment = say(author, article, text)
    Comment.objects.filter(pk=comment.pk).update(published_at=None, held_at=timezone.now())
    comment.refresh_from_db()
    comment.hold(*(checks or ("first",)))
    return Case.objects.open().get(comment=comment)


def reported(author: User, article: Article, text: str = "", reason: str = "spam") -> Case:
    comment = say(author, article, text)
    Report.objects.file(comment=comment, reporter=None, reason=reason, words="Look at this.")
    return Case.objects.open().get(comment=comment)


def due(case: Case, **ago: int) -> Case:
    """Make a case be due this long ago."""
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(**ago))
    case.refresh_from_db()
    return case


def page_of(case: Case) -> str:
    return f"{DESK}{case.pk}/change/"


def decide(client: Client, case: Case, deed: str, **fields: Any) -> Any:
    """Press the button of a deed on the page of a case."""
    sent = filled(client.get(page_of(case)), form="case-form", **fields)
    sent = {name: value for name, value in sent.items() if name in fields or name in SENT}
    return client.post(f"{DESK}{case.pk}/act/", {**sent, "deed": deed}, follow=True)


SENT = {"csrfmiddlewaretoken", "seen", "nonce", "reason", "facts", "text", "length"}
