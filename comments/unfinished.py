"""Drafts and the visitors whose they are: a member's by account, anybody else's by session.

The session of a signed-out visitor is made when their first words are kept, and holds nothing but
the keys of their drafts. Log-in or sign-up claims these.
"""

import uuid

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Draft
from comments.models.draft import DraftQuerySet

SESSION_KEY = "drafts"
MOST_IN_A_SESSION = 20


def keep(
    request: HttpRequest,
    *,
    article: Article,
    text: str,
    parent: Comment | None,
    nonce: uuid.UUID | None,
) -> Draft:
    """Save the visitor's words, and let them find these again."""
    author = request.user if request.user.is_authenticated else None
    draft = of_visitor(request).filter(article=article, pk=nonce).first() if nonce else None
    if draft:
        draft.keep(text, parent)
    else:
        draft = Draft.objects.begin(
            article=article, author=author, text=text, parent=parent, nonce=nonce
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

    A member's row is asked at the same time whether their e-mail is confirmed: the gate of a
    discussion needs it on the same page.
    """
    if not has_session(request):
        return False
    user = request.user
    if not user.is_authenticated:
        return SESSION_KEY in request.session and of_visitor(request).exists()
    known = User.objects.values(
        unfinished=Exists(Draft.objects.kept().filter(author=OuterRef("pk"))),
        confirmed=Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)),
    ).get(pk=user.pk)
    user.has_confirmed_email = known["confirmed"]
    return bool(known["unfinished"])


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
