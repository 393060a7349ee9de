"""What is forgotten of those who were asked to sign, and of readers who wrote to the editors."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import LegalHold
from accounts.retention import forgets
from articles.models import ReaderMessage, SignOffLink

# So that staff can still see to which of two addresses a link went that somebody asks about.
SIGN_OFF_ADDRESSES_KEPT = timedelta(days=30)
# As long as reports of comments.
MESSAGES_KEPT = timedelta(days=2 * 365)


@forgets(
    _("The address to which a link to sign was mailed, and its code"),
    since=_("since the link was used, taken back or over"),
    after=SIGN_OFF_ADDRESSES_KEPT,
    every=timedelta(days=1),
)
def forget_sign_off_addresses() -> None:
    """Leave that somebody was asked, and what they signed."""
    before = timezone.now() - SIGN_OFF_ADDRESSES_KEPT
    ended = Q(used_at__lte=before) | Q(revoked_at__lte=before) | Q(expires_at__lte=before)
    old = SignOffLink.objects.filter(ended).exclude(email="", code_hash="")
    held = LegalHold.objects.in_force().values("user")
    old.exclude(contributor__user__in=held).update(email="", code_hash="")


@forgets(
    _("What readers told the editors about an article, and the answers"),
    since=_("since it was answered, or else since it came"),
    after=MESSAGES_KEPT,
    every=timedelta(days=1),
)
def forget_old_messages() -> None:
    """Leave the correction that one led to, and the acts of who answered."""
    before = timezone.now() - MESSAGES_KEPT
    old = Q(answered_at__lte=before) | Q(answered_at=None, at__lte=before)
    ReaderMessage.objects.filter(old).delete()
