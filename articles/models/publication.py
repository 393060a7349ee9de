"""How an article goes out to readers, and is taken down: the facts of that, and the deeds.

Whether a revision may go out is said in articles/publishing.py, and asked here: the admin, the
importer and the shell all come this way.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAct
from articles.models.due import ReviewedAgain, due_of
from articles.models.revision import Revision

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from articles.models.article import Article
    from articles.publishing import Exempt

LOCKED = (
    "live_id", "published_at", "withdrawn_at", "withdrawn_reason", "withdrawn_by_id",
    "withdrawal_confirmed_at", "next_due", "imported_on", "risk_class", "review_state",
    "version",
)  # fmt: skip


class Publication(ReviewedAgain):
    """The half of an article that says what readers see of it, and since when."""

    live = models.ForeignKey(
        Revision,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("live"),
    )
    published_at = models.DateTimeField(
        _("published"),
        null=True,
        editable=False,
        help_text=_("Empty: not published. In the future: scheduled."),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_reason = models.CharField(
        _("reason for withdrawing"), max_length=500, blank=True, editable=False
    )
    replaced_by = models.ForeignKey(
        "articles.Article", models.SET_NULL, null=True, blank=True, related_name="+",
        editable=False, verbose_name=_("better article"),
    )  # fmt: skip
    # A withdrawal is for safety: it does not wait, and a second person confirms it afterwards.
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("withdrawn by"),
    )  # fmt: skip
    withdrawal_confirmed_at = models.DateTimeField(
        _("withdrawal confirmed"), null=True, editable=False
    )
    withdrawal_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("withdrawal confirmed by"),
    )  # fmt: skip

    if TYPE_CHECKING:
        live_id: int | None
        version: Any
        review_state: str
        revisions: RelatedManager[Revision]

        def remake_claims(self) -> None: ...

    class Meta:
        abstract = True

    # --- what is so -----------------------------------------------------------------------------

    @property
    def is_published(self) -> bool:
        """Tell whether anyone may read it now; the queryset's `published` says the same."""
        return bool(
            self.live_id
            and self.published_at
            and self.published_at <= timezone.now()
            and not self.withdrawn_at
        )

    @property
    def is_scheduled(self) -> bool:
        return bool(
            self.published_at and self.published_at > timezone.now() and not self.withdrawn_at
        )

    @property
    def updated_at(self) -> datetime | None:
        """Return when the words that readers see last changed, or None if they never did."""
        if not self.live or not self.published_at or not self.live.published_at:
            return None
        return self.live.published_at if self.live.published_at > self.published_at else None

    @property
    def is_withdrawal_pending(self) -> bool:
        """Tell whether a second person has yet to confirm that it is withdrawn.

        What no person withdrew, an import say, waits for nobody.
        """
        return bool(self.withdrawn_at and self.withdrawn_by_id and not self.withdrawal_confirmed_at)

    def published_revisions(self) -> models.QuerySet[Revision]:
        """Return the revisions that readers have seen, newest first."""
        return self.revisions.filter(published_at__lte=timezone.now()).order_by("-number")

    def why_not_confirmed_by(self, user: Any) -> str:
        """Say why `user` cannot confirm that it is withdrawn; "" when they can."""
        from articles.publishing import PUBLISH

        if not self.is_withdrawal_pending:
            return str(_("Nothing waits to be confirmed here."))
        if not user.has_perm(PUBLISH):
            return str(_("Whoever may publish confirms that an article is withdrawn."))
        if self.withdrawn_by_id == user.pk:
            return str(_("You withdrew this article: somebody else has to confirm it."))
        return ""

    # --- what happens to it -----------------------------------------------------------------------

    @transaction.atomic
    def publish(
        self,
        revision: Revision,
        *,
        at: datetime | None = None,
        by: Any = None,
        exempt: "Exempt | None" = None,
    ) -> None:
        """Show `revision` to readers, from `at` on when the article is not yet out.

        Raises ValidationError for a revision of another article, for an article withdrawn, and for
        what needs clinical review first, unless `exempt` names why it does not (publishing.py).
        """
        from articles.publishing import Exempt, deed_of, why_not_published

        self.lock()
        if revision.article_id != self.pk:
            raise ValidationError(_("This revision belongs to another article."))
        if self.withdrawn_at:
            raise ValidationError(_("A withdrawn article is not published again."))
        if problem := why_not_published(revision, by=by, exempt=exempt):
            raise ValidationError(problem)
        deed = deed_of(revision, exempt=exempt, is_later=bool(at and at > timezone.now()))
        out_from = timezone.now()
        if not self.is_published:
            self.published_at = out_from = at or out_from
        if not revision.published_at or revision.published_at > out_from:
            revision.published_at = out_from
            revision.save(update_fields=["published_at"])
        self.live = revision
        self.review_state = "unchecked"  # until `remake_claims` looks at the new words
        if exempt == Exempt.IMPORT and not self.next_due:
            self.imported_on = timezone.localdate()
        self._save_publication()
        self.record(deed, by=by, revision=revision)

    def reschedule(self, at: datetime) -> None:
        """Change from when the article counts as published."""
        type(self)._default_manager.filter(pk=self.pk).update(published_at=at)
        self.published_at = at

    @transaction.atomic
    def unpublish(self, *, by: Any = None) -> None:
        """Take the article back to a draft; its address answers 404 until it is published again."""
        self.lock()
        self._take_down()
        self._save_publication()
        self.record("article.unpublished", by=by, revision=self.live)

    @transaction.atomic
    def withdraw(
        self, *, reason: str, replaced_by: "Article | None" = None, by: Any = None
    ) -> None:
        """Take a published article down for good; its address says why (410)."""
        if not reason.strip():
            raise ValidationError(_("Say why the article is withdrawn: readers will see it."))
        self.lock()
        if self.withdrawn_at:
            raise ValidationError(_("This article is withdrawn already."))
        self.withdrawn_at = timezone.now()
        self.withdrawn_reason = reason.strip()
        self.replaced_by = replaced_by
        self.withdrawn_by = by
        self._save_publication()
        self.record("article.withdrawn", by=by, revision=self.live)

    @transaction.atomic
    def confirm_withdrawal(self, *, by: Any) -> None:
        """Note that a second person agrees; ValidationError where they are not one."""
        self.lock()
        if problem := self.why_not_confirmed_by(by):
            raise ValidationError(problem)
        self.withdrawal_confirmed_at = timezone.now()
        self.withdrawal_confirmed_by = by
        self.save(update_fields=["withdrawal_confirmed_at", "withdrawal_confirmed_by"])
        self.record("article.withdrawal_confirmed", by=by)

    @transaction.atomic
    def unschedule(self) -> None:
        """Keep from going out by itself what was to, and is no longer signed.

        Readers would get unchecked what somebody scheduled as checked; an editor decides anew.
        The caller has the article locked.
        """
        revision = self.live
        self._take_down()
        self.save(update_fields=["published_at"])
        self.record("article.unscheduled", by=None, revision=revision)

    def record(self, deed: str, *, by: Any, revision: Revision | None = None, **how: Any) -> None:
        """Write an act on this article for the audit trail, with the text that was meant."""
        hashes = {f"revision {revision.number}": revision.sha256} if revision else None
        AuditAct.objects.record(deed, by=by, on=self, hashes=hashes, **how)

    def lock(self) -> None:
        """Wait for whoever changes this article, and see what they left."""
        locked = type(self)._default_manager.select_for_update(of=("self",)).get(pk=self.pk)
        for name in LOCKED:
            setattr(self, name, getattr(locked, name))

    def _take_down(self) -> None:
        """Let it be a draft; what was to go out later was never seen."""
        self.published_at = None
        later = self.revisions.filter(published_at__gt=timezone.now())
        later.update(published_at=None)
        if self.live:
            self.live.refresh_from_db(fields=["published_at"])

    def _save_publication(self) -> None:
        article: Any = self
        self.next_due = due_of(article)
        article.save(
            update_fields=[
                "live",
                "published_at",
                "withdrawn_at",
                "withdrawn_reason",
                "replaced_by",
                "withdrawn_by",
                "review_state",
                "next_due",
                "imported_on",
            ]
        )
        self.remake_claims()
