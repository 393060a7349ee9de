"""Which comments may be seen, by whom, and in what order; and how a new one comes in."""

import uuid
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self, cast

from django.db import IntegrityError, models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models.discussion import Discussion, why_closed, why_not_commenting
from comments.models.voice import Visitor, Voice

if TYPE_CHECKING:
    from comments.models.comment import Comment

# A browser that sends a form again, or a person who pressed twice, does so within minutes.
TWIN_WINDOW = timedelta(minutes=6)

SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("-published_at", "-pk"),
    "oldest": ("published_at", "pk"),
    "answered": ("-reply_count", "-published_at", "-pk"),
}


def is_moderator(user: Visitor) -> bool:
    return user.is_staff and user.has_perm("comments.moderate_comment")


class Refused(Exception):
    """A comment was not taken; the message says why in one sentence for its writer."""


class ParentGone(Refused):
    """What the comment answers is not, or no longer, in this discussion."""


class NonceUsed(Exception):
    """The form was sent before with other words; `comment` is what came of it."""

    def __init__(self, comment: "Comment") -> None:
        self.comment = comment


class CommentQuerySet(models.QuerySet["Comment"]):
    # --- what may be seen ---------------------------------------------------------------------

    def visible(self) -> Self:
        """Return what everyone may read."""
        return self.filter(
            published_at__isnull=False, withdrawn_at__isnull=True, removed_at__isnull=True
        )

    def shown(self) -> Self:
        """Return what a discussion shows: what is visible, and what leaves a quiet line.

        A removed comment always leaves one; a withdrawn one does while it has visible replies.
        """
        return self.filter(
            Q(withdrawn_at__isnull=True) | Q(reply_count__gt=0), published_at__isnull=False
        )

    def held(self) -> Self:
        """Return what waits for a moderator."""
        return self.filter(published_at=None, removed_at=None, withdrawn_at=None)

    def mine(self, user: Visitor) -> Self:
        return self.filter(author=user) if user.is_authenticated else self.none()

    # --- in what order ------------------------------------------------------------------------

    def threads(self, article: Article, sort: str = "newest") -> Self:
        """Return the shown top-level comments of `article`; `sort` is a key of SORTS."""
        return self.shown().filter(article=article, root__isnull=True).order_by(*SORTS[sort])

    def slice(self, start: int, stop: int) -> Self:
        """Return a part of these comments, in their order.

        The database finds their keys first: what is joined later is joined for these alone, and not
        for all that were skipped before them.
        """
        keys = self.values("pk")[start:stop]
        found = self.model._default_manager.filter(pk__in=keys)
        return cast("Self", found.order_by(*self.query.order_by))

    def replies_of(self, threads: "list[Comment]") -> Self:
        """Return the shown replies in `threads`, in the order they came."""
        return self.shown().filter(root__in=threads).order_by("root", "published_at", "pk")

    def with_opening(self, replies: int) -> Self:
        """Note of each thread when the last of its first `replies` shown replies came."""
        of_thread = self.model._default_manager.shown().filter(root=OuterRef("pk"))
        in_order = of_thread.order_by("published_at", "pk").values("published_at")
        return self.annotate(opening_ends_at=Subquery(in_order[replies - 1 : replies]))

    def openings_of(self, threads: "list[Any]") -> Self:
        """Return the first replies of threads that came `with_opening`.

        A range of the index for each thread: a long one costs no more than a short one. (Numbering
        by a window function would read all of it.) Replies of the same moment may come along.
        """
        ranges = [
            Q(root=top, published_at__lte=top.opening_ends_at)
            if top.opening_ends_at
            else Q(root=top)
            for top in threads
        ]
        replies = self.shown().filter(reduce(or_, ranges, Q(pk__in=[])))
        return replies.order_by("root", "published_at", "pk")

    def before(self, comment: "Comment") -> Self:
        """Return those of these comments that came before `comment`."""
        return self.filter(
            Q(published_at__lt=comment.published_at)
            | Q(published_at=comment.published_at, pk__lt=comment.pk)
        )

    def after(self, comment: "Comment") -> Self:
        return self.filter(
            Q(published_at__gt=comment.published_at)
            | Q(published_at=comment.published_at, pk__gt=comment.pk)
        )

    def for_discussion(self) -> Self:
        """Fetch what a discussion shows of a comment, and nothing of the member behind it."""
        return self.select_related("voice", "parent__voice").only(
            *("article_id", "root_id", "html", "reply_count", "voice__name"),
            *("published_at", "edited_at", "withdrawn_at", "removed_at"),
            *("parent__voice__name", "parent__published_at"),
            *("parent__withdrawn_at", "parent__removed_at"),
        )

    # --- how one comes in ---------------------------------------------------------------------

    def post(
        self,
        *,
        author: User,
        article: Article,
        text: str,
        parent: "Comment | None" = None,
        nonce: uuid.UUID | None = None,
    ) -> "tuple[Comment, bool]":
        """Publish `text`, which a form has cleaned; return the comment, and whether it is new.

        The same form sent again, or the same words within minutes, lead to the first comment.
        Raises NonceUsed for a form sent again with other words; Refused, ParentGone.
        """
        with transaction.atomic():
            Discussion.objects.hold(article.pk)
            if first := self._sent_before(author, article, text, nonce):
                return first, False
            if first := self._twin(author, article, text, parent):
                return first, False
            if problem := why_closed(article) or why_not_commenting(author):
                raise Refused(problem)
            if parent and not (parent := self.visible().filter(pk=parent.pk).first()):
                raise ParentGone
            comment = self.model(
                article=article,
                author=author,
                voice=Voice.objects.handle_of(author),
                parent=parent,
                root=parent and (parent.root or parent),
                revision_id=article.live_id,
                text=text,
                nonce=nonce,
            )
            try:
                comment.publish()
            except IntegrityError:
                # The same form came for another article, whose discussion this one does not hold.
                if first := self._sent_before(author, article, text, nonce):
                    return first, False
                raise
            return comment, True

    def _sent_before(
        self, author: User, article: Article, text: str, nonce: uuid.UUID | None
    ) -> "Comment | None":
        """Return what came of this form when it was sent before, whatever it says by now."""
        first = nonce and self.filter(author=author, nonce=nonce).first()
        if not first:
            return None
        if first.article_id == article.pk and first.once_said(text):
            return first
        raise NonceUsed(first)

    def _twin(
        self, author: User, article: Article, text: str, parent: "Comment | None"
    ) -> "Comment | None":
        """Return what the author said in the same words at the same place minutes ago."""
        return self.filter(
            author=author,
            article=article,
            parent=parent,
            text=text,
            withdrawn_at__isnull=True,
            created_at__gte=timezone.now() - TWIN_WINDOW,
        ).first()
