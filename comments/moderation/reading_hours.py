"""When moderators read, in words: what somebody may expect who waits for one."""

from django.conf import settings
from django.utils.translation import gettext as _


def when_read() -> str:
    """Say between which hours moderators usually read; that nobody should wait, if none are set."""
    if not settings.READING_HOURS:
        return _("No reading hours are set; please do not wait for us.")
    begins, ends = settings.READING_HOURS
    return _("Moderators here usually read between %(begins)s and %(ends)s.") % {
        "begins": f"{begins}:00",
        "ends": f"{ends}:00",
    }
