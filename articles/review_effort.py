"""How long reviewing an article takes: an estimate, so that a week can be planned.

It is a rule of thumb, and the desk says so: a quarter of an hour to search for newer evidence, two
readings at the pace of somebody who checks (100 words a minute), and three minutes a section to
hold it against its sources.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SEARCHING = 15
WORDS_A_MINUTE = 100
READINGS = 2
A_SECTION = 3


def minutes_of(words: int, sections: int) -> int:
    """Return how many minutes the review of so long an article takes, about."""
    return SEARCHING + round(READINGS * words / WORDS_A_MINUTE) + A_SECTION * sections


def minutes_in_words(minutes: int) -> str:
    """Return "about 40 minutes", or hours by halves: more exactly nobody knows it."""
    if minutes < 60:
        rounded = max(5, round(minutes / 5) * 5)
        words = ngettext("about %(count)d minute", "about %(count)d minutes", rounded)
        return words % {"count": rounded}
    halves = round(minutes / 30)
    if halves % 2:
        return _("about %(count)d½ hours") % {"count": halves // 2}
    words = ngettext("about %(count)d hour", "about %(count)d hours", halves // 2)
    return words % {"count": halves // 2}
