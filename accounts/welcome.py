"""The one-use link on which somebody of the staff sets a password."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts import handles
from accounts.models import AuditAct, User

SALT = "accounts.welcome"
LASTS = 60 * 60  # seconds


def link_for(user: User) -> str:
    token = signing.dumps([user.pk, state_of(user)], salt=SALT)
    return settings.SITE_URL + reverse("account_welcome", args=[token])


def read(token: str) -> User | None:
    """Return whose link `token` is, or None once it was used, is over, or was never ours."""
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True, is_staff=True).first()
    return user if user and state == state_of(user) else None


def state_of(user: User) -> str:
    """Return what changes with the first use, as in Django's PasswordResetTokenGenerator."""
    state = f"{user.password}{user.last_login}"
    return salted_hmac(SALT, state, algorithm="sha256").hexdigest()


@transaction.atomic
def make_first_editor(email: str) -> User:
    """Make a superuser with a confirmed address; the name is one that nobody could sign up with."""
    names = ["Editor", *(f"Editor {number}" for number in range(2, 100))]
    user = User.objects.create_superuser(email, handle=next(handles.free(names)))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    rights = ["is_staff", "is_superuser"]
    AuditAct.objects.record("member.rights_changed", by=None, on=user, about=user, fields=rights)
    return user
