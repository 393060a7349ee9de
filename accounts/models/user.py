"""Who somebody is: the one row behind a log-in."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import handles, hooks, passwords
from accounts.models.former_handle import FormerHandle

# Who is answered under a name shall still be found under it; and a year's reservation of each
# old name would otherwise let one member use up many.
HANDLE_PAUSE = timedelta(days=30)

# What may be written without a look at the row: every log-in does.
SAYS_NOTHING = frozenset({"last_login"})


class HandleChangedLately(Exception):
    """A handle was changed less than HANDLE_PAUSE ago."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone with an account. The row is never deleted: erasing empties it."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    handle = models.CharField(
        _("public name"), max_length=handles.LONGEST, blank=True, validators=[handles.validate]
    )
    # The handle as folded for comparison (accounts/handles.py); null once erased, as many are.
    handle_key = models.CharField(  # noqa: DJ001
        max_length=60, unique=True, null=True, editable=False
    )
    handle_changed_at = models.DateTimeField(null=True, editable=False)
    # What audit rows and exports call this person: it says nothing about them.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May enter these pages."))
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("May log in. Untick instead of deleting.")
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["handle"]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case"),
            models.CheckConstraint(
                condition=models.Q(handle="", handle_key=None)
                | (~models.Q(handle="") & models.Q(handle_key__isnull=False)),
                name="user_handle_and_key_together",
            ),
        ]

    def __str__(self) -> str:
        return self.handle or str(_("former member"))

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        self.email = self.email.lower()
        self.handle = handles.clean(self.handle)
        self.handle_key = handles.fold(self.handle) or None
        if update_fields is not None and "handle" in update_fields:
            update_fields = {*update_fields, "handle_key"}
        with transaction.atomic():
            if update_fields is None or not SAYS_NOTHING.issuperset(update_fields):
                self._stay_erased()
            super().save(update_fields=update_fields, **options)

    def _stay_erased(self) -> None:
        """Refuse to write over a row that was erased since this copy of it was read."""
        if self._state.adding or self.erased_at:
            return
        row = User.objects.select_for_update(no_key=True).filter(pk=self.pk)
        if row.values_list("erased_at", flat=True).first():
            raise PermissionDenied

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(passwords.normalise(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(passwords.normalise(raw_password))

    @cached_property
    def has_confirmed_email(self) -> bool:
        return self.emailaddress_set.filter(verified=True).exists()

    @cached_property
    def has_withdrawn_consent(self) -> bool:
        """Tell whether they took back the consent to publish what they write (GDPR 7 (3)).

        Staff who came by a link never gave one in words; they have taken none back either.
        """
        return bool(self.consents.exists() and not self.consents.in_force().exists())

    def look_again(self, **also: BaseExpression) -> dict[str, Any]:
        """Learn what decides whether this member may comment, as it is now: one query.

        It answers `also` in passing, other questions about the member's rows.
        """
        known: Any = User.objects.values(
            "is_active",
            confirmed=Exists(self.emailaddress_set.filter(verified=True)),
            agreed_once=Exists(self.consents.all()),
            agrees=Exists(self.consents.in_force()),
            **also,
        ).get(pk=self.pk)
        self.is_active = known["is_active"]
        self.has_confirmed_email = known["confirmed"]
        self.has_withdrawn_consent = known["agreed_once"] and not known["agrees"]
        return {name: known[name] for name in also}

    @property
    def handle_changeable_from(self) -> date | None:
        """Return the day from which the handle may be changed again; None when it may be today.

        The first change is free: at sign-up the name is chosen before one knows the place.
        """
        if self.handle_changed_at is None:
            return None
        day = timezone.localdate(self.handle_changed_at) + HANDLE_PAUSE
        return day if day > timezone.localdate() else None

    def change_handle(self, handle: str) -> None:
        """Take another public name; nobody else may take the old one for a year.

        Raises HandleChangedLately, and IntegrityError when someone else has the name meanwhile.
        """
        with transaction.atomic():
            handles.take(handle, by=self)
            # `no_key`: a comment that this member posts at the same moment need not wait.
            before = User.objects.select_for_update(no_key=True).get(pk=self.pk)
            if before.handle_changeable_from:
                raise HandleChangedLately
            self.handle, self.handle_changed_at = handles.clean(handle), timezone.now()
            if self.handle == before.handle:
                return
            hooks.run("handle_changed", self)
            # After the hooks, which wait for pages that a comment may hold; it would wait for this.
            self.save(update_fields=["handle", "handle_changed_at"])
            if before.handle_key and before.handle_key != self.handle_key:
                FormerHandle.objects.give_up(before.handle_key, self)


def display_name(user: User) -> str:
    """Return how the site addresses `user`; allauth asks here too."""
    return str(user)
