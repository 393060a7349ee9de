"""Drafts and the visitors whose they are: a member's by account, anybody else's by session.

The session of a signed-out visitor is made when their first words are kept, and holds nothing but
the keys of their drafts. Log-in or sign-up claims these.
"""

import uuid

from django.conf import settings
from django.db.models import Exists
from django.http import HttpRequest

from accounts.models import Departure, User
from articles.models import Article
from comments.models import Comment, Draft, Ignored, Notification
from comments.models.draft import DraftQuerySet
from comments.models.notification import MOST_COUNTED
from comments.moderation import sanctions

SESSION_KEY = "drafts"
MOST_IN_A_SESSION = 20


def keep(
    request: HttpRequest,
    *,
    article: Article,
    text: str,
    parent: Comment | None,
    nonce: uuid.UUID | None,
    choices: dict[str, str],
) -> Draft:
    """Save the visitor's words and choices, and let them find these again."""
    author = request.user if request.user.is_authenticated else None
    draft = of_visitor(request).filter(article=article, pk=nonce).first() if nonce else None
    if draft:
        draft.keep(text, parent, choices)
    else:
        draft = Draft.objects.begin(
            article=article,
            author=author,
            text=text,
            parent=parent,
            nonce=nonce,
            choices=choices,
        )
    if author is None:
        keys = [key for key in request.session.get(SESSION_KEY, []) if key != str(draft.pk)]
        request.session[SESSION_KEY] = [*keys, str(draft.pk)][-MOST_IN_A_SESSION:]
    return draft


def of_visitor(request: HttpRequest) -> DraftQuerySet:
    """Return what the visitor has not finished, newest first; no session is touched for it."""
    if not has_session(request):
        return Draft.objects.none()
    if request.user.is_authenticated:
        return Draft.objects.kept().filter(author=request.user)
    return Draft.objects.kept().filter(author=None, pk__in=request.session.get(SESSION_KEY, []))


def exists(request: HttpRequest) -> bool:
    """Tell whether the visitor has something unfinished.

    At the same time it is asked whether their e-mail is confirmed, whether they took back their
    consent, whether they ignore anybody, are under a sanction, and how much news they have: the
    page needs it as well.
    """
    if not has_session(request):
        return False
    user = request.user
    if not user.is_authenticated:
        return SESSION_KEY in request.session and of_visitor(request).exists()
    known = user.look_again(
        unfinished=Exists(Draft.objects.kept().filter(author=user)),
        ignores=Exists(Ignored.objects.filter(user=user)),
        leaving=Exists(Departure.objects.filter(user=user)),
        news=Notification.objects.count_of_unread(user),
        **sanctions.question(user),
    )
    sanctions.learn(user, known)
    request.unread_news = news_label(known["news"])  # type: ignore[attr-defined]
    request.ignores_somebody = known["ignores"]  # type: ignore[attr-defined]
    request.visitor_is_leaving = known["leaving"]  # type: ignore[attr-defined]
    return bool(known["unfinished"])


def news_label(count: int) -> str:
    """Return what the link to the inbox says of it; "" for nothing."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")


def claim(request: HttpRequest, user: User) -> None:
    """Give the drafts of this session to `user`."""
    if keys := request.session.get(SESSION_KEY):
        Draft.objects.claim(keys, user)


def forget(request: HttpRequest) -> None:
    """Let go of drafts that now belong to an account."""
    request.session.pop(SESSION_KEY, None)


def has_session(request: HttpRequest) -> bool:
    """Tell whether the visitor has a session; a malformed request is answered before it has one."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "user")
