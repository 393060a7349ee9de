"""What groups of staff may do: each app says it for its own models."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission


def grant(group: str, permissions: Iterable[str]) -> None:
    """Give a group, made if need be, the permissions named as in `has_perm`: app.codename.

    Called after migrations and not by one: a fresh database has no permissions before that
    (`create_permissions` must have run for the app). Nothing is taken away, so what staff add to a
    group stays; what they take from it comes back. Raises LookupError for an unknown permission.
    """
    wanted = set(permissions)
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type").filter(
            content_type__app_label__in={name.partition(".")[0] for name in wanted}
        )
    }
    if unknown := wanted - found.keys():
        raise LookupError(f"There is no permission {', '.join(sorted(unknown))}.")
    Group.objects.get_or_create(name=group)[0].permissions.add(*(found[name] for name in wanted))
