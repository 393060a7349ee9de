"""Which comments may be seen, by whom, and in what order; and how a new one comes in."""

import uuid
from collections.abc import Callable, Sequence
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
    from comments.models.badge import Badge
    from comments.models.comment import Comment

# A browser that sends a form again, or a person who pressed twice, does so within minutes.
TWIN_WINDOW = timedelta(minutes=6)

# The roles of replies that stand directly under what they answer (Comment.Role).
PINNED = ("answer", "correction")

SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("-published_at", "-pk"),
    "oldest": ("published_at", "pk"),
    "answered": ("-reply_count", "-published_at", "-pk"),
}


def is_moderator(user: Visitor) -> bool:
    return user.is_staff and user.has_perm("comments.moderate_comment")


def pinned_in(threads: "list[Any]") -> Q:
    """Return the condition for what stands pinned in these threads: an index finds it."""
    return Q(
        root__in=threads, role__in=PINNED, published_at__isnull=False,
        held_at=None, withdrawn_at=None, hidden_at=None, removed_at=None,
    )  # fmt: skip


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
            published_at__isnull=False,
            held_at__isnull=True,
            withdrawn_at__isnull=True,
            hidden_at__isnull=True,
            removed_at__isnull=True,
        )

    def shown(self) -> Self:
        """Return what a discussion shows: what is visible, and what leaves a quiet line.

        A removed comment always leaves one; one that its writer took back, or that waits for a
        moderator after an edit, does while it has visible replies.
        """
        standing = Q(withdrawn_at__isnull=True, hidden_at__isnull=True, held_at__isnull=True)
        return self.filter(standing | Q(reply_count__gt=0), published_at__isnull=False)

    def held(self) -> Self:
        """Return what waits for a moderator."""
        return self.filter(held_at__isnull=False, removed_at=None, withdrawn_at=None)

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
        by a window function would read all of it.) Replies of the same moment may come along, and
        all that are pinned, whenever they came.
        """
        ranges = [
            Q(root=top, published_at__lte=top.opening_ends_at)
            if top.opening_ends_at
            else Q(root=top)
            for top in threads
        ]
        ranges.append(pinned_in(threads))
        replies = self.shown().filter(reduce(or_, ranges, Q(pk__in=[])))
        return replies.order_by("root", "published_at", "pk")

    def part_of(self, thread: "Comment", start: int, stop: int) -> Self:
        """Return a part of a thread's shown replies, and all that are pinned in the thread."""
        keys = self.replies_of([thread]).values("pk")[start:stop]
        found = self.filter(Q(pk__in=keys) | pinned_in([thread]))
        return found.order_by("root", "published_at", "pk")

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
        return self.select_related(
            *("voice", "badge", "answer__contributor"),
            *("parent__voice", "parent__answer__contributor"),
        ).only(
            *("article_id", "root_id", "html", "reply_count", "voice__name", "voice__kind"),
            *("interests", "badge__profession", "badge__register", "badge__checked_at"),
            *("badge__shows_number", "badge__number", "badge__jurisdiction"),
            *("badge__register_url", "badge__was_false"),
            *("published_at", "edited_at", "withdrawn_at", "hidden_at", "removed_at", "held_at"),
            *("role", "is_question", "collapsed_at", "approved_at", "name_hidden_at"),
            *("answer__profession", "answer__section_key", "answer__section_hash"),
            *("answer__contributor__name", "answer__contributor__slug"),
            *("answer__contributor__unnamed_at", "parent__answer__contributor__name"),
            *("parent__role", "parent__answer__comment"),
            *("parent__voice__name", "parent__published_at", "parent__name_hidden_at"),
            *("parent__withdrawn_at", "parent__hidden_at", "parent__removed_at"),
            *("parent__held_at",),
        )

    def kind_used_last(self, author: User, article: Article) -> str:
        """Return under which kind of name `author` spoke last under `article`."""
        spoken = {Voice.Kind.HANDLE, Voice.Kind.DISCUSSION}
        kinds = self.filter(author=author, article=article, voice__kind__in=spoken, role="")
        last = kinds.order_by("-created_at").values_list("voice__kind", flat=True).first()
        return last or Voice.Kind.HANDLE

    # --- how one comes in ---------------------------------------------------------------------

    def post(
        self,
        *,
        author: User,
        article: Article,
        text: str,
        parent: "Comment | None" = None,
        nonce: uuid.UUID | None = None,
        kind: str = Voice.Kind.HANDLE,
        badge: "Badge | None" = None,
        interests: str = "",
        is_question: bool = False,
        role: str = "",
        likeness: int | None = None,
        held_for: Sequence[str] = (),
        count: Callable[[], None] | None = None,
    ) -> "tuple[Comment, bool]":
        """Take `text`, which a form has cleaned; return the comment, and whether it is new.

        `kind` is that of the name it stands under; `badge` is one that the author may show here.
        With `held_for`, the names of checks, it waits for a moderator; else everyone can read it.
        The same form sent again, or the same words within minutes, lead to the first comment.
        `count` is called when it is a new one, and may raise what keeps it out.
        Raises NonceUsed for a form sent again with other words; Refused, ParentGone.
        """
        from comments.moderation import sanctions  # they know comments

        with transaction.atomic():
            discussion = Discussion.objects.hold(article.pk)
            if first := self._sent_before(author, article, text, nonce):
                return first, False
            if first := self._twin(author, article, text, parent):
                return first, False
            # The account may have been closed since this request began, or its consent taken back:
            # whoever does either holds the row, and then finds this comment.
            User.objects.select_for_update(no_key=True).values("pk").get(pk=author.pk)
            sanctions.look_again(author)
            if problem := why_closed(article, role=role) or why_not_commenting(author):
                raise Refused(problem)
            if parent and not (parent := self.visible().filter(pk=parent.pk).first()):
                raise ParentGone
            if count:
                count()
            comment = self.model(
                article=article,
                author=author,
                voice=Voice.objects.of(author, article, kind),
                parent=parent,
                root=parent and (parent.root or parent),
                revision_id=article.live_id,
                text=text,
                nonce=nonce,
                badge=badge,
                interests=interests if badge else "",
                is_question=is_question and not parent,
                role=role,
                likeness=likeness,
            )
            try:
                if held_for:
                    comment.hold(*held_for, within=discussion)
                else:
                    comment.publish(within=discussion)
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
