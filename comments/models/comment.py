"""What a member says, and what may become of it."""

import base64
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from articles.markdown import stored
from articles.models import Article
from comments import text as comment_text
from comments.models.comment_query import CommentQuerySet, is_moderator
from comments.models.discussion import Discussion
from comments.models.earlier_text import EarlierText
from comments.models.voice import Visitor, Voice

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

MAX_LENGTH = 5_000
# Time to mend what one sees only when it is out; too short to change what others have answered.
EDIT_WINDOW = timedelta(minutes=15)


def random_id() -> int:
    """Return an id that tells neither how many comments there are nor which came first."""
    return secrets.randbits(62)


class Comment(models.Model):
    """What a member says under an article, or in reply to a comment there.

    Three times say what became of it. `published_at`: null while it is held. `withdrawn_at`: its
    writer took it back. `removed_at`: a moderator took it down. Public code reads `voice`, never
    `author`.
    """

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    article = models.ForeignKey(
        Article, models.PROTECT, db_index=False, related_name="comments", verbose_name=_("article")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="comments"
    )
    voice = models.ForeignKey(Voice, models.PROTECT, related_name="+", verbose_name=_("name"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="answers")
    # The top of its thread; null when it is the top.
    root = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="replies"
    )
    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    text = models.TextField(_("text"))
    html = models.TextField(editable=False)  # made of the text, whenever it is saved
    nonce = models.UUIDField(null=True, editable=False)
    # Visible ones: of a top-level comment all in its thread, of a reply those that answer it.
    reply_count = models.PositiveIntegerField(default=0, editable=False)

    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("removed by"),
    )
    removed_reason = models.CharField(
        _("reason for removing"), max_length=500, blank=True, editable=False
    )

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        earlier_texts: RelatedManager[EarlierText]
        reports: Any  # with the queryset of Report

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", _("Can remove and restore comments"))]
        constraints = [
            models.UniqueConstraint("author", "nonce", name="comment_one_a_form"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, root__isnull=True)
                | Q(parent__isnull=False, root__isnull=False),
                name="comment_reply_has_a_thread",
            ),
        ]
        indexes = [
            models.Index(
                "article",
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(root__isnull=True),
                name="comment_threads",
            ),
            models.Index(
                "article",
                F("reply_count").desc(),
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(root__isnull=True),
                name="comment_threads_answered",
            ),
            models.Index(
                "root",
                "published_at",
                "id",
                condition=Q(root__isnull=False),
                name="comment_replies",
            ),
            models.Index("author", "article", F("created_at").desc(), name="comment_own"),
        ]

    def __str__(self) -> str:
        return str(_("Comment %(id)s") % {"id": self.pk})

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Save, with the HTML of the text as it is now."""
        if update_fields is None or "text" in update_fields:
            self.html = comment_text.to_html(self.text)
            update_fields = update_fields and {*update_fields, "html"}
        super().save(update_fields=update_fields, **options)

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.pk])

    # --- what it is ---------------------------------------------------------------------------

    @property
    def is_visible(self) -> bool:
        return bool(self.published_at and not self.withdrawn_at and not self.removed_at)

    @property
    def is_held(self) -> bool:
        return not (self.published_at or self.withdrawn_at or self.removed_at)

    @property
    def is_shown(self) -> bool:
        """Tell what the queryset's `shown` tells: it is visible, or leaves a quiet line."""
        return bool(self.published_at and (not self.withdrawn_at or self.reply_count))

    @property
    def shown_at(self) -> datetime:
        return self.published_at or self.created_at

    @property
    def member_number(self) -> str:
        """Return what moderators call the writer, within one discussion and nowhere else."""
        who = f"{self.article_id}:{self.author_id}"
        digest = salted_hmac("comments.member_number", who, algorithm="sha256").digest()
        return base64.b32encode(digest[:5]).decode()

    @property
    def body(self) -> SafeString:
        return stored(self.html)

    @property
    def editable_until(self) -> datetime:
        return self.created_at + EDIT_WINDOW

    def once_said(self, text: str) -> bool:
        return self.text == text or self.earlier_texts.filter(text=text).exists()

    # --- who may do what ----------------------------------------------------------------------

    def readable_by(self, user: Visitor) -> bool:
        return self.is_visible or self.author_id == user.pk or is_moderator(user)

    def editable_by(self, user: Visitor) -> bool:
        return self.cuttable_by(user) and timezone.now() < self.editable_until

    def cuttable_by(self, user: Visitor) -> bool:
        return self.author_id == user.pk and not self.withdrawn_at and not self.removed_at

    def withdrawable_by(self, user: Visitor) -> bool:
        return self.author_id == user.pk and not self.withdrawn_at

    def removable_by(self, user: Visitor) -> bool:
        return is_moderator(user) and not self.removed_at

    def restorable_by(self, user: Visitor) -> bool:
        return is_moderator(user) and bool(self.removed_at)

    # --- what happens to it -------------------------------------------------------------------

    def publish(self) -> None:
        """Let everyone read it: a new comment, or one that was held."""
        with self._counted():
            self.published_at = self.published_at or timezone.now()
            self.save(update_fields=None if self._state.adding else ["published_at"])

    def edit(self, text: str) -> None:
        """Replace the text by `text`, which a form has cleaned; readers see that it was edited."""
        self._replace_text(text, edited_at=timezone.now())

    def cut(self, passages: set[int]) -> None:
        """Take out the passages at these places of `comments.text.passages`; a mark stays."""
        self._replace_text(comment_text.cut(self.text, passages), edited_at=self.edited_at)

    def withdraw(self) -> None:
        with self._counted():
            self.withdrawn_at = self.withdrawn_at or timezone.now()
            self.save(update_fields=["withdrawn_at"])

    def remove(self, *, by: User, reason: str) -> None:
        """Take the comment down, which settles its reports; its writer reads the reason."""
        with self._counted():
            self.reports.open().handle(by=by)
            self.removed_at = timezone.now()
            self.removed_by = by
            self.removed_reason = reason
            self.save(update_fields=["removed_at", "removed_by", "removed_reason"])

    def restore(self) -> None:
        with self._counted():
            self.removed_at = self.removed_by = None
            self.removed_reason = ""
            self.save(update_fields=["removed_at", "removed_by", "removed_reason"])

    def _replace_text(self, text: str, *, edited_at: datetime | None) -> None:
        with self._counted():
            if text == self.text:
                return
            EarlierText.objects.create(comment=self, text=self.text)
            self.text, self.edited_at = text, edited_at
            self.save(update_fields=["text", "edited_at"])

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Let this comment change while nobody else changes the discussion, and count anew.

        Cached copies of the page get old last, so that the article's row is locked shortly.
        """
        with transaction.atomic():
            discussion = Discussion.objects.hold(self.article_id)
            if not self._state.adding:
                self.refresh_from_db(fields=CHANGING)
            thread = Comment.objects.get(pk=self.root_id) if self.root_id else self
            was_visible, was_shown = self.is_visible, thread.is_shown
            yield
            gained = self.is_visible - was_visible
            if gained and self.root_id:
                answered = Comment.objects.filter(pk__in={self.root_id, self.parent_id})
                answered.update(reply_count=F("reply_count") + gained)
                thread.reply_count += gained
            discussion.count(comments=gained, threads=thread.is_shown - was_shown)
            Article.objects.filter(pk=self.article_id).bump()


CHANGING = [
    *("text", "reply_count", "published_at", "edited_at"),
    *("withdrawn_at", "removed_at", "removed_by", "removed_reason"),
]
