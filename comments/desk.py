"""What waits on the desk of those who moderate, and of those who check badges."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import DeskItem
from accounts.models import User
from comments.admin.case_queues import ALL, Tab, tabs
from comments.admin.desk_rights import may_see_cases
from comments.answering import may_answer_questions
from comments.models import Badge, Case, Phrase, Question
from comments.models.badge_query import may_grant_badges


def desk_items(user: User) -> Iterator[DeskItem]:
    if may_see_cases(user):
        yield from case_items(user)
    if may_answer_questions(user):
        yield from question_items()
    if user.has_perm("comments.change_phrase"):
        yield from phrase_items()
    if may_grant_badges(user):
        yield from badge_items(user)


def case_items(user: User) -> Iterator[DeskItem]:
    """Yield the queues in which something waits for `user`, those of the gravest harm first."""
    titles = {
        Case.Queue.WORRIED: _("Worried about"),
        Case.Queue.REPORTED: _("Reported comments"),
        Case.Queue.HELD: _("Held comments"),
        Case.Queue.APPEALS: _("Appeals"),
    }
    waiting = {tab.queue: tab for tab in tabs(user) if tab.count and tab.queue != ALL}
    for queue, title in titles.items():
        if tab := waiting.get(queue):
            yield DeskItem(heading=_("Discussion"), title=title, url=tab.url, note=note(tab))


def note(tab: Tab) -> str:
    """Say how many wait, and how many of them too long."""
    said = ngettext("%(count)d comment", "%(count)d comments", tab.count) % {"count": tab.count}
    if not tab.overdue:
        return said
    return _("%(comments)s, %(overdue)d overdue") % {"comments": said, "overdue": tab.overdue}


def question_items() -> Iterator[DeskItem]:
    if count := Question.objects.unanswered().count():
        yield DeskItem(
            heading=_("Discussion"),
            title=_("Unanswered questions"),
            url=reverse("admin:comments_question_changelist"),
            note=ngettext("%(count)d question", "%(count)d questions", count) % {"count": count},
        )


def phrase_items() -> Iterator[DeskItem]:
    if count := Phrase.objects.to_approve().count():
        yield DeskItem(
            heading=_("Discussion"),
            title=_("Phrases that no clinician has approved"),
            url=reverse("admin:comments_phrase_changelist", query={"approved": "no"}),
            note=ngettext("%(count)d phrase", "%(count)d phrases", count) % {"count": count},
        )


def badge_items(user: User) -> Iterator[DeskItem]:
    """Yield the requests that `user` may go on with."""
    to_check = Badge.objects.to_check().exclude(user=user).count()
    to_confirm = Badge.objects.to_confirm_by(user).count()
    for state, title, count in (
        ("to_check", _("Badges to check"), to_check),
        ("to_confirm", _("Badges to confirm"), to_confirm),
    ):
        if count:
            yield DeskItem(
                heading=_("Discussion"),
                title=title,
                url=reverse("admin:comments_badge_changelist", query={"state": state}),
                note=ngettext("%(count)d request", "%(count)d requests", count) % {"count": count},
            )
