"""Who somebody is: the one row behind a log-in."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import handles, hooks, passwords


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
        super().save(update_fields=update_fields, **options)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(passwords.normalise(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(passwords.normalise(raw_password))

    @cached_property
    def has_confirmed_email(self) -> bool:
        return self.emailaddress_set.filter(verified=True).exists()

    def change_handle(self, handle: str) -> None:
        """Take another public name; IntegrityError when someone else has taken it meanwhile."""
        with transaction.atomic():
            self.handle = handle
            self.save(update_fields=["handle"])
            hooks.run("handle_changed", self)


def display_name(user: User) -> str:
    """Return how the site addresses `user`; allauth asks here too."""
    return str(user)
