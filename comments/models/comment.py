"""What a member says, and what may become of it."""

import base64
import secrets
from collections.abc import Iterable, Sequence
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

from accounts.models import Erasure, LegalHold, User
from articles.caching import forget_pages
from articles.markdown import stored
from articles.models import Article
from comments import text as comment_text
from comments.models import moderating
from comments.models.badge import Badge
from comments.models.comment_query import PINNED, CommentQuerySet, is_moderator
from comments.models.counting import counted
from comments.models.discussion import Discussion
from comments.models.earlier_text import EarlierText
from comments.models.taking_back import WITHDRAWN_KEPT, forget_traces, nameless, traceless
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

    Times say what became of it. `published_at`: when readers first saw it. `held_at`: it waits for
    a moderator, before that or because of an edit. `withdrawn_at`: its writer took it back.
    `hidden_at`: its writer's consent is withdrawn. `removed_at`: a moderator took it down. Public
    code reads `voice`, never `author`.
    """

    class Role(models.TextChoices):
        """What a reply by staff is, besides a reply; the last two stand pinned under its parent."""

        OFFICIAL = "official", _("official reply")
        ANSWER = "answer", _("answer")
        CORRECTION = "correction", _("correction")

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
    badge = models.ForeignKey(
        Badge, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("badge")
    )
    # What its bearer declared with the badge: money, posts or shares that a reader should know of.
    interests = models.CharField(_("interests"), max_length=200, blank=True, editable=False)
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True, editable=False)
    is_question = models.BooleanField(_("question"), default=False, editable=False)
    # By which copies are found that differ in little (comments/screening/); null for a short text.
    likeness = models.BigIntegerField(null=True, editable=False, db_index=True)
    # Visible ones: of a top-level comment all in its thread, of a reply those that answer it.
    reply_count = models.PositiveIntegerField(default=0, editable=False)

    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    held_at = models.DateTimeField(_("held"), null=True, editable=False)
    # Which checks asked for it, by their names: what they matched is kept nowhere.
    held_for: Any = models.JSONField(_("held for"), default=list, editable=False)
    # Screened or reported again, it stays: a person has read this very text.
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    # A moderator asked for another wording: until it comes the time for editing does not end.
    edit_asked_at = models.DateTimeField(_("edit asked for"), null=True, editable=False)
    # Several members whom the site trusts reported it: it is folded until a moderator has looked.
    collapsed_at = models.DateTimeField(_("folded"), null=True, editable=False)
    name_hidden_at = models.DateTimeField(_("name hidden"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    # Its writer took back the consent to publish, and has not chosen what becomes of it.
    hidden_at = models.DateTimeField(_("hidden"), null=True, editable=False)
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
        decisions: Any  # with the queryset of Decision

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [
            ("moderate_comment", _("Can remove and restore comments")),
            ("look_up_member", _("Can look up who wrote a comment")),
            ("answer_question", _("Can answer questions, and ask contributors to")),
        ]
        constraints = [
            models.UniqueConstraint("author", "nonce", name="comment_one_a_form"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=False) | Q(held_at__isnull=False),
                name="comment_published_or_held",
            ),
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
            # Pinned replies are found in however long a thread (comments/threads.py).
            models.Index(
                "root", "role", condition=Q(root__isnull=False), name="comment_replies_by_role"
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
        return bool(
            self.published_at
            and not self.held_at
            and not self.withdrawn_at
            and not self.hidden_at
            and not self.removed_at
        )

    @property
    def is_held(self) -> bool:
        return bool(self.held_at and not self.withdrawn_at and not self.removed_at)

    @property
    def is_shown(self) -> bool:
        """Tell what the queryset's `shown` tells: it is visible, or leaves a quiet line."""
        taken_back = self.withdrawn_at or self.hidden_at or self.held_at
        return bool(self.published_at and (not taken_back or self.reply_count))

    @property
    def is_pinned(self) -> bool:
        """Tell whether it stands directly under what it answers, before the other replies."""
        return self.role in PINNED and self.is_visible

    @property
    def is_folded(self) -> bool:
        """Tell whether readers open it by a click, because members reported it."""
        return bool(self.collapsed_at and not self.approved_at)

    @property
    def speaker(self) -> str:
        """Return whose name readers see over it: of an answer its contributor's."""
        if self.name_hidden_at:
            return str(_("name hidden"))
        if self.role == Comment.Role.ANSWER and (answer := getattr(self, "answer", None)):
            return str(answer.contributor)
        return str(self.voice)

    @property
    def name_at_desk(self) -> str:
        """Return what moderators call it: not the name beneath an answer, which may speak."""
        return self.speaker if self.role == Comment.Role.ANSWER else str(self.voice)

    @property
    def shown_at(self) -> datetime:
        return self.published_at or self.created_at

    @property
    def member_number(self) -> str:
        """Return what moderators call the writer, within one discussion and nowhere else.

        There, it is another number for each kind of name: the same one beside a handle and beside
        a discussion name would tell whose this is.
        """
        kind = self.role if self.role == Comment.Role.ANSWER else self.voice.kind
        who = f"{self.article_id}:{self.author_id}:{kind}"
        digest = salted_hmac("comments.member_number", who, algorithm="sha256").digest()
        return base64.b32encode(digest[:5]).decode()

    @property
    def body(self) -> SafeString:
        return stored(self.html)

    @property
    def editable_until(self) -> datetime:
        return self.created_at + EDIT_WINDOW

    @property
    def has_name(self) -> bool:
        return self.voice.kind != Voice.Kind.NOBODY

    @property
    def text_kept_until(self) -> datetime | None:
        """Return when the text is deleted that its writer withdrew."""
        return self.withdrawn_at and self.withdrawn_at + WITHDRAWN_KEPT

    def once_said(self, text: str) -> bool:
        return self.text == text or self.earlier_texts.filter(text=text).exists()

    # --- who may do what ----------------------------------------------------------------------

    def readable_by(self, user: Visitor) -> bool:
        return self.is_visible or self.author_id == user.pk or is_moderator(user)

    def editable_by(self, user: Visitor) -> bool:
        from comments.moderation.sanctions import why_silenced  # it knows comments

        in_time = self.edit_asked_at or timezone.now() < self.editable_until
        return bool(in_time) and self.cuttable_by(user) and not why_silenced(user)

    def cuttable_by(self, user: Visitor) -> bool:
        return self.author_id == user.pk and not self.withdrawn_at and not self.removed_at

    def withdrawable_by(self, user: Visitor) -> bool:
        return self.author_id == user.pk and not self.withdrawn_at

    def erasable_by(self, user: Visitor) -> bool:
        return self.author_id == user.pk and bool(self.text)

    def name_removable_by(self, user: Visitor) -> bool:
        is_theirs = self.author_id == user.pk and self.role != Comment.Role.ANSWER
        return is_theirs and self.has_name and not self.withdrawn_at

    def removable_by(self, user: Visitor) -> bool:
        return is_moderator(user) and not self.removed_at

    def restorable_by(self, user: Visitor) -> bool:
        return is_moderator(user) and bool(self.removed_at and self.text)

    # --- what happens to it -------------------------------------------------------------------

    def publish(self, *, tells: bool = True, within: Discussion | None = None) -> None:
        """Let everyone read it, a new comment or one that was held; who waits for it is told."""
        with counted(self, within=within):
            is_first = self.published_at is None
            self.published_at = self.published_at or timezone.now()
            self.held_at = None
            moderating.save(self, "published_at", "held_at")
            if is_first and tells and self.is_visible:
                from comments.telling import notifications  # it knows comments

                notifications.tell_of_comment(self)

    def hold(self, *checks: str, within: Discussion | None = None) -> None:
        """Let a moderator read it first: a new comment, or one that was edited or reported.

        `checks` are the names of those that asked for it (comments/screening/).
        """
        with counted(self, within=within):
            if not self.withdrawn_at and not self.removed_at:
                moderating.hold(self, checks)

    def edit(self, text: str, held_for: Sequence[str] = (), *, likeness: int | None = None) -> bool:
        """Replace the text by `text`, which a form has cleaned; readers see that it was edited.

        With `held_for`, names of checks, a moderator reads it first; so they do when they asked
        for the edit. False when nothing is changed: it was taken down meanwhile, or is the same.
        """
        with counted(self):
            changed = moderating.replace_text(
                self, text, edited_at=timezone.now(), likeness=likeness
            )
            checks = [*(["asked"] if self.edit_asked_at else []), *held_for]
            if changed and (checks or self.held_at):
                self.edit_asked_at = None
                moderating.hold(self, checks, is_reworded=True)
        return changed

    def cut(self, passages: set[int]) -> None:
        """Take out the passages at these places of `comments.text.passages`; a mark stays."""
        with counted(self):
            text = comment_text.cut(self.text, passages)
            moderating.replace_text(self, text, edited_at=self.edited_at, likeness=None)

    def take_name_off(self) -> None:
        """Let the text stand under nobody's name, here and wherever a reply refers to it."""
        with counted(self):
            self._take_back("name-off", nameless())

    def withdraw(self, *, at_once: bool = False, at: datetime | None = None) -> None:
        """Take the comment from its readers; `at_once`, from moderators too, by deleting the text.

        Otherwise a job deletes it later (comments/tasks.py); so it does after a legal hold, during
        which `at_once` does no more than withdraw.
        """
        with counted(self):
            held = LegalHold.objects.in_force().filter(user=self.author_id)
            erases = at_once and not held.exists()
            changes = {"withdrawn_at": self.withdrawn_at or at or timezone.now()}
            changes |= traceless() if erases else {}
            forgotten = forget_traces(Comment.objects.filter(pk=self.pk)) if erases else 0
            self._take_back("erase" if at_once else "withdraw", changes, also=bool(forgotten))

    def erase(self, *, at: datetime | None = None) -> None:
        """Delete every trace of the text; a quiet line stays where others answered."""
        self.withdraw(at_once=True, at=at)

    def remove(self, *, by: User, reason: str) -> None:
        """Take the comment down, which settles its reports; its writer reads the reason."""
        with counted(self):
            self.reports.open().handle(by=by)
            self.removed_at = timezone.now()
            self.removed_by = by
            self.removed_reason = reason
            self.save(update_fields=["removed_at", "removed_by", "removed_reason"])

    def restore(self) -> None:
        """Show it again as it was, unless its text was deleted meanwhile."""
        with counted(self):
            if not self.text:
                return
            self.removed_at = self.removed_by = None
            self.removed_reason = ""
            self.save(update_fields=["removed_at", "removed_by", "removed_reason"])

    def _take_back(self, deed: str, changes: dict[str, Any], *, also: bool = False) -> None:
        """Make what differs of `changes`; note in the ledger that it, or `also` more, was done."""
        changed = [name for name, value in changes.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, changes[name])
        if changed:
            self.save(update_fields=changed)
        if changed or also:
            Erasure.objects.create(kind="comment", subject=str(self.pk), deed=deed)
            transaction.on_commit(forget_pages)
