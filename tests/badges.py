"""What tests of badges share: asking for one, granting it, and wearing it on a comment."""

from typing import Any

from accounts.models import User
from articles.models import Article
from comments.models import Badge, Comment
from comments.models.badge import years_from_now

LIST = "/accounts/badges/"
ASK = "/accounts/badges/ask/"
DESK = "/admin/comments/badge/"
REGISTER = "https://register.example/entry/51"

REQUEST = {
    "profession": "physiotherapist",
    "register": "HCPC",
    "number": "PH-77123",
    "jurisdiction": "United Kingdom",
    "register_url": REGISTER,
    "evidence": "Write to my work address at the Elm Street clinic.",
}
WORDS = "posting as physiotherapist, HCPC-registered, checked"


def asked(user: User, **details: Any) -> Badge:
    return Badge.objects.ask(user, **{**REQUEST, **details})


def granted(user: User, *checkers: User, **details: Any) -> Badge:
    """Return a badge of `user` that one of `checkers` checked, and the last of them granted."""
    topics = details.pop("topics", ())
    expires_on = details.pop("expires_on", years_from_now(1))
    badge = asked(user, **details)
    badge.mark_checked(by=checkers[0])
    badge.grant(by=checkers[-1], expires_on=expires_on, topics=topics)
    return badge


def wear(badge: Badge, comment: Comment, interests: str = "") -> Comment:
    """Show `badge` on a comment, as the composer does when it is posted."""
    Comment.objects.filter(pk=comment.pk).update(badge=badge, interests=interests)
    Article.objects.filter(pk=comment.article_id).bump()
    return comment
