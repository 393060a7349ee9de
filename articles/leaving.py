"""What an account that is erased leaves of the name under which somebody published."""

from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from articles.models import Contributor, CorrectionFollower, SignOffLink


def untie_contributor(user: User) -> None:
    """Let nothing lead from a published name to the account.

    The name itself stays where readers rely on it: its bearer asks for that apart.
    """
    for contributor in Contributor.objects.filter(user=user):
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Contributor),
            object_id=str(contributor.pk),
        ).update(object_repr="", change_message="")
    SignOffLink.objects.filter(contributor__user=user).forget_addresses()
    Contributor.objects.filter(user=user).update(user=None, email="")


def forget_addresses(addresses: Iterable[str]) -> None:
    """Forget where mail to somebody went who has no account any more."""
    for address in addresses:
        CorrectionFollower.objects.filter(email__iexact=address).delete()
        SignOffLink.objects.filter(email__iexact=address).forget_addresses()
        Contributor.objects.filter(email__iexact=address).update(email="")
