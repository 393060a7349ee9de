"""The words of a mail about what a member is told: how much of which kind, and a link.

It names no article and quotes nothing: who looks at somebody's mail learns only that they are here.
"""

from collections import Counter

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from accounts.mail import send_about, written
from accounts.models import User
from articles.models import Correction
from comments.models import Notification
from comments.models.notification_choice import Kind
from comments.telling import unsubscribing

SENTENCES = {
    Kind.REPLY: ngettext_lazy(
        "Somebody answered a comment of yours.",
        "Your comments were answered %(count)d times.",
        "count",
    ),
    Kind.OFFICIAL: ngettext_lazy(
        "The staff answered a comment of yours.",
        "The staff answered your comments %(count)d times.",
        "count",
    ),
    Kind.ANSWERED: ngettext_lazy(
        "A question of yours was answered.",
        "%(count)d answers to your questions have come.",
        "count",
    ),
    Kind.DECISION: ngettext_lazy(
        "A moderator decided on a comment of yours.",
        "Moderators took %(count)d decisions on comments of yours.",
        "count",
    ),
    Kind.OUTCOME: ngettext_lazy(
        "A report of yours was looked at.",
        "%(count)d reports of yours were looked at.",
        "count",
    ),
    Kind.FOLLOWED: ngettext_lazy(
        "There is a new comment in a discussion that you follow.",
        "There are %(count)d new comments in discussions that you follow.",
        "count",
    ),
    Kind.CORRECTION: ngettext_lazy(
        "An article on which you commented, or whose discussion you follow, was corrected.",
        "%(count)d corrections were made to articles on which you commented, or follow what is "
        "said.",
        "count",
    ),
    Kind.CHANGE: ngettext_lazy(
        "A comment of yours led to a change.",
        "Comments of yours led to %(count)d changes.",
        "count",
    ),
    Kind.ASKED: ngettext_lazy(
        "You are asked to answer a question.",
        "You are asked to answer %(count)d questions.",
        "count",
    ),
}


def send(user: User, address: str, told: list[Notification]) -> None:
    """Queue one mail about all that is `told`."""
    counts = Counter(Kind(row.kind) for row in told)
    way_out = unsubscribing.address(user, counts)
    sentences = [SENTENCES[kind] % {"count": counts[kind]} for kind in Kind if counts[kind]]
    if tells_of_danger(told):
        sentences.insert(0, _("A page was wrong in a way that can do harm: read what to do now."))
    context = {
        "sentences": sentences,
        "address": settings.SITE_URL + place_of(told),
        "choices": settings.SITE_URL + reverse("account_notifications"),
        "way_out": way_out,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
    }
    headers = {
        "List-Unsubscribe": f"<{way_out}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    text = written("comments/mail/notification.txt", **context)
    mail = EmailMultiAlternatives(_("News for you"), text, None, [address], headers=headers)
    html = render_to_string("comments/mail/notification.html", context)
    mail.attach_alternative(html, "text/html")
    send_about(mail, {"notifications": [row.pk for row in told]})


def place_of(told: list[Notification]) -> str:
    """Return where to read it: a comment's own address, which names no article, or the inbox."""
    [first, *more] = told
    spoken = first.kind in {Kind.REPLY, Kind.OFFICIAL, Kind.ANSWERED, Kind.FOLLOWED}
    if first.comment and spoken and not more:
        return first.comment.get_absolute_url()
    if first.kind == Kind.CORRECTION and not more:
        return reverse("correction", args=[first.correction_id])  # it needs no log-in
    return reverse("account_inbox")


def tells_of_danger(told: list[Notification]) -> bool:
    entries = {row.correction_id for row in told} - {0}
    safety = Correction.objects.filter(kind=Correction.Kind.SAFETY)
    return bool(entries) and safety.filter(pk__in=entries).exists()
