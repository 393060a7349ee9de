"""When moderators read, in words: what somebody may expect who waits for one.

Where nobody moderates, no time is promised.
"""

from django.conf import settings
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from comments.groups import MODERATORS
from comments.models.report import Handling


def when_read() -> str:
    """Say between which hours moderators usually read; that nobody should wait, if none are set."""
    if not settings.READING_HOURS:
        return _("No reading hours are set; please do not wait for us.")
    if not is_moderated():
        return _("Nobody moderates here at present; please do not wait for us.")
    begins, ends = settings.READING_HOURS
    return _("Moderators here usually read between %(begins)s and %(ends)s.") % {
        "begins": f"{begins}:00",
        "ends": f"{ends}:00",
    }


def is_moderated() -> bool:
    return moderators().exists()


def question() -> dict[str, Exists]:
    """Return what to annotate comments with, so that `is_moderated` costs them no query."""
    return {"is_moderated": Exists(moderators())}


def moderators() -> QuerySet[User]:
    return User.objects.filter(groups__name=MODERATORS, is_active=True, is_staff=True)


def groups_with_somebody() -> set[str]:
    """Return the names of the groups of staff in which anybody is."""
    active = User.objects.filter(is_active=True, is_staff=True)
    names = active.exclude(groups=None).order_by().values_list("groups__name", flat=True)
    return {name for name in names.distinct() if name}


def promised(handling: Handling, groups: set[str]) -> str:
    """Say how soon a report is looked at, if there is anybody in `groups` who looks."""
    return handling.target if groups.intersection({MODERATORS, *handling.groups}) else ""
