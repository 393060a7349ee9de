"""Clinical review: who signed which words, when, and how we knew that it was them."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAct
from articles.models.contributor import Contributor
from articles.models.immutable import Immutable, ImmutableQuerySet
from articles.models.revision import Revision, Section

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ReviewQuerySet(ImmutableQuerySet["Review"]):
    def standing(self) -> Self:
        """Return the approvals that nobody took back or disputed: the only ones that count."""
        return self.filter(outcome=Review.Outcome.APPROVE, taken_back_at=None, disputed_at=None)

    def counting(self, article: Any) -> Self:
        """Return those that count for `article`: nobody's approval does for what they wrote."""
        theirs = self.standing().filter(revision__article=article)
        return theirs.exclude(contributor__in=article.authors.values("pk"))

    def public(self) -> Self:
        """Return the approvals that readers may know of, those that count no more included.

        Of words that are or were out, or that came before what is: a draft is nobody's yet.
        """
        known = Q(revision__published_at__lte=timezone.now())
        older = Q(revision__number__lte=F("revision__article__live__number"))
        return self.filter(known | older, outcome=Review.Outcome.APPROVE)

    def forget_name(self, role: str) -> None:
        """Call whoever signed these by a role, and empty what else tells who they are.

        What was signed, when and how stays. The message goes, too: people sign their letters.
        """
        told = ("credentials", "register_url", "interests", "message", "taken_back_reason")
        self.filter(name_held=True).update(profession=role)
        self.filter(name_held=False).update(profession="")
        self.update(name=role, **dict.fromkeys(told, ""))


class Review(Immutable):
    """One contributor's verdict on sections of one exact revision.

    Who they were stands here as it was that day. What the page says of clinical review comes from
    these rows and nowhere else (articles/signing.py).
    """

    AUTHORED = (
        "revision", "contributor", "outcome", "scope", "covers_whole", "identity", "signed_at",
    )  # fmt: skip

    class Outcome(models.TextChoices):
        APPROVE = "approve", _("approved")
        CHANGES = "changes", _("changes needed")
        REJECT = "reject", _("rejected")

    class Identity(models.TextChoices):
        ACCOUNT = "account", _("signed in with a staff account")
        CODE = "code", _("opened a personal link and entered a code sent to the same address")

    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="reviews", verbose_name=_("revision")
    )
    contributor = models.ForeignKey(
        Contributor, models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    # What they answer for, in one sentence that readers see: "checked dose and contraindications".
    scope = models.CharField(_("what was checked"), max_length=300, blank=True)
    # That nothing is missing, and that the sections stand in their places. Without it a section
    # that was removed stays named as removed.
    covers_whole = models.BooleanField(_("the article as a whole"), default=False)
    identity = models.CharField(_("identity checked by"), max_length=10, choices=Identity)
    signed_at = models.DateTimeField(_("signed"), default=timezone.now, editable=False)

    # As they were that day; a role when they asked for their name to be replaced by one.
    name = models.CharField(_("name"), max_length=120)
    profession = models.CharField(_("profession"), max_length=120, blank=True)
    credentials = models.CharField(_("credentials"), max_length=200, blank=True)
    register_url = models.URLField(_("public register"), max_length=500, blank=True)
    interests = models.TextField(_("declared interests"), blank=True)
    # "A neurologist, name held by the publisher": readers see the profession alone.
    name_held = models.BooleanField(_("name held by the publisher"), default=False)

    # Words for the author, not for readers.
    message = models.TextField(_("message to the author"), blank=True)

    taken_back_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    taken_back_reason = models.CharField(
        _("why it was taken back"), max_length=500, blank=True, editable=False
    )
    # "This was not me": the sign-off counts for nothing while staff look into it, and after.
    disputed_at = models.DateTimeField(_("disputed"), null=True, editable=False)

    objects: ClassVar[ReviewQuerySet] = ReviewQuerySet.as_manager()  # type: ignore[assignment]

    if TYPE_CHECKING:
        reviewed_sections: RelatedManager["ReviewedSection"]

    class Meta:
        verbose_name = _("clinical review")
        verbose_name_plural = _("clinical reviews")
        ordering = ["-signed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.shown_name}, {self.signed_at:%Y-%m-%d}"

    @property
    def shown_name(self) -> str:
        """Return what readers may call them: a name, or what they are."""
        return self.profession if self.name_held else self.name

    @property
    def stands(self) -> bool:
        return (
            self.outcome == self.Outcome.APPROVE and not self.taken_back_at and not self.disputed_at
        )

    @transaction.atomic
    def take_back(self, reason: str = "", *, by: Any = None) -> None:
        """Let it count no more; the page says so at once. A second time changes nothing.

        `by` is the account that was used; None for a personal link.
        """
        how = {"taken_back_at": timezone.now(), "taken_back_reason": reason}
        self._end("review.taken_back", how, by=by)

    @transaction.atomic
    def dispute(self, *, by: Any = None) -> None:
        """Let it count no more: the person named says that it was not them."""
        self._end("review.disputed", {"disputed_at": timezone.now()}, by=by)

    def _end(self, deed: str, how: dict[str, Any], *, by: Any) -> None:
        article = self.revision.article
        article.lock()
        when = next(iter(how))
        if Review.objects.filter(pk=self.pk, **{when: None}).update(**how):
            covered = self.reviewed_sections.select_related("section")
            hashes = {str(row.section.position): row.section.sha256 for row in covered}
            AuditAct.objects.record(deed, by=by, on=self, hashes=hashes)
            article.remake_claims()
        self.refresh_from_db(fields=[*how])


class ReviewedSection(Immutable):
    """One section that a review covers. The words are the section's, by its hash."""

    AUTHORED = ("review", "section")

    review = models.ForeignKey(Review, models.PROTECT, related_name="reviewed_sections")
    section = models.ForeignKey(Section, models.PROTECT, related_name="reviewed")

    objects: ClassVar[ImmutableQuerySet["ReviewedSection"]] = ImmutableQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("reviewed section")
        verbose_name_plural = _("reviewed sections")
        constraints = [models.UniqueConstraint("review", "section", name="section_reviewed_once")]

    def __str__(self) -> str:
        return str(self.section)


class MinorEdit(models.Model):
    """An editor's word that `section` says what `before` said: a spelling, a comma.

    The section is then "spelling corrected since review"; the signed wording stays one click away.
    One in five goes to a reviewer, who may find that it was more than that.
    """

    CHECK_ONE_IN = 5

    section = models.OneToOneField(Section, models.PROTECT, related_name="minor_edit")
    before = models.ForeignKey(Section, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(_("marked"), default=timezone.now, editable=False)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("marked by")
    )
    to_check = models.BooleanField(_("to be looked at"), default=False)
    checked_at = models.DateTimeField(_("looked at"), null=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("looked at by"),
    )  # fmt: skip
    # It was more than a spelling: the mark counts no more.
    refused_at = models.DateTimeField(_("found to be more"), null=True, editable=False)

    class Meta:
        verbose_name = _("edit without clinical effect")
        verbose_name_plural = _("edits without clinical effect")
        ordering = ["-marked_at", "-pk"]

    def __str__(self) -> str:
        return str(self.section)
