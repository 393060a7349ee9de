"""What waits on the desk of those who moderate."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import DeskItem
from accounts.models import User
from comments.models import Comment, Report


def desk_items(user: User) -> Iterator[DeskItem]:
    if user.has_perm("comments.view_report") and (count := Report.objects.open().count()):
        yield DeskItem(
            heading=_("Discussion"),
            title=_("Open reports"),
            url=reverse("admin:comments_report_changelist"),
            note=ngettext("%(count)d report", "%(count)d reports", count) % {"count": count},
        )
    if user.has_perm("comments.moderate_comment") and (count := Comment.objects.held().count()):
        yield DeskItem(
            heading=_("Discussion"),
            title=_("Held comments"),
            url=reverse("admin:comments_comment_changelist", query={"state": "held"}),
            note=ngettext("%(count)d comment", "%(count)d comments", count) % {"count": count},
        )
