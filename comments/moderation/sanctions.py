"""What a member under a sanction may not do, and is told of; they can always read and leave.

Nothing happens in secret: whoever is silenced, or has all they post held, reads so.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Exists
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from comments.models.decision import Decision
from comments.models.sanction import Sanction
from comments.models.voice import Visitor

DURATIONS = {
    "1-day": (timedelta(days=1), gettext_lazy("1 day")),
    "3-days": (timedelta(days=3), gettext_lazy("3 days")),
    "1-week": (timedelta(weeks=1), gettext_lazy("1 week")),
    "1-month": (timedelta(days=30), gettext_lazy("1 month")),
    "3-months": (timedelta(days=91), gettext_lazy("3 months")),
    "6-months": (timedelta(days=182), gettext_lazy("6 months")),
}
# What a suspension may last, for forms: key and label.
LENGTHS = [(key, label) for key, (_duration, label) in DURATIONS.items()]
# A moderator may need a while between choosing the end and pressing the button.
SHORTEST = timedelta(days=1) - timedelta(hours=1)
LONGEST = timedelta(days=184)


def ends_after(length: str) -> datetime:
    """Return when a suspension of this length (a key of LENGTHS) that begins now ends."""
    return timezone.now() + DURATIONS[length][0]


def why_silenced(user: Visitor) -> str:
    """Say in one sentence why `user` may not comment, edit or report; "" when they may."""
    silencing = {Sanction.Kind.SUSPENSION, Sanction.Kind.BAN}
    found = [sanction for sanction in _in_force(user) if sanction.kind in silencing]
    if any(sanction.ends_at is None for sanction in found):
        return _(
            "A moderator has banned you: you can no longer comment, edit or report here. Under"
            " “Decisions about you” in your account you can read why, and appeal."
        )
    if not found:
        return ""
    ends = max(cast("datetime", sanction.ends_at) for sanction in found)
    return _(
        "A moderator has suspended you: until %(time)s you cannot comment, edit or report here."
        " Under “Decisions about you” in your account you can read why, and appeal."
    ) % {"time": date_format(localtime(ends), "DATETIME_FORMAT")}


def why_not_renaming(user: Visitor) -> str:
    """Say in one sentence why `user` may not take another handle; "" when they may."""
    if not why_silenced(user):
        return ""
    return _("You cannot change your name while you are suspended or banned.")


def holds_all(user: Visitor) -> bool:
    """Tell whether a moderator reads first whatever `user` posts (as the check "record")."""
    return any(sanction.kind == Sanction.Kind.HOLD_ALL for sanction in _in_force(user))


def unread_notice(user: Visitor) -> Decision | None:
    """Return the decision of a notice that is to be read before the next comment, if any."""
    notices = (each for each in _in_force(user) if each.kind == Sanction.Kind.NOTICE)
    return next((notice.decision for notice in notices), None)


def question(user: User) -> dict[str, Exists]:
    """Return what to ask User.look_again besides, so that it costs no query of its own."""
    return {"sanctioned": Exists(Sanction.objects.filter(user=user).in_force())}


def learn(user: User, known: dict[str, bool]) -> None:
    """Keep the answer: of members without sanctions nothing more is asked."""
    cast("Any", user).is_sanctioned = known["sanctioned"]
    cast("Any", user).sanctions_in_force = None  # to be asked anew


def look_again(user: User) -> None:
    """Learn what decides whether `user` may comment, as it is now: one query."""
    learn(user, user.look_again(**question(user)))


def _may_have_some(user: Visitor) -> bool:
    return user.is_authenticated and bool(getattr(user, "is_sanctioned", True))


def _in_force(user: Any) -> list[Sanction]:
    """Return what `user` is under, asked for once: a page asks it of each comment of theirs."""
    if not _may_have_some(user):
        return []
    if getattr(user, "sanctions_in_force", None) is None:
        found = Sanction.objects.filter(user=user.pk).in_force().order_by("begins_at")
        user.sanctions_in_force = list(found.select_related("decision"))
    return cast("list[Sanction]", user.sanctions_in_force)
