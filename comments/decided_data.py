"""What was decided and told about members, and what they did for the desk, to be read by them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.my_data import Section
from comments.models import (
    Answer,
    AnswerRequest,
    Appeal,
    Badge,
    Case,
    Comment,
    Decision,
    DeskChoices,
    Follow,
    HandOverNote,
    LedTo,
    Notification,
    NotificationChoice,
    Phrase,
    Report,
    Sanction,
    WrongHold,
)

CHUNK = 500

Row = dict[str, Any]


def decided_data(user: User) -> Iterator[Section]:
    yield decisions(user)
    yield appeals(user)
    yield sanctions(user)
    yield notifications(user)
    yield notification_choices(user)
    yield follows(user)
    yield answers(user)
    yield asked(user)
    if (choices := desk_choices(user)) is not None:
        yield choices
    if (moderated := moderation_of(user)) is not None:
        yield moderated


def decisions(user: User) -> Section:
    """Return each statement of reasons; of what was removed before there were any, the reason."""
    headings = {
        "comment": _("Comment"),
        "decision": _("Decision"),
        "when": _("When"),
        "automated": _("Automated"),
        "rule": _("Rule"),
        "facts": _("Facts"),
        "reason": _("Reason"),
        "until": _("Until"),
        "undone": _("Undone"),
    }
    return Section("decisions", _("Decisions about you"), headings, decision_rows(user))


def decision_rows(user: User) -> Iterator[Row]:
    found = Decision.objects.filter(subject=user).select_related("rule").order_by("-at", "-pk")
    for decision in found.iterator(CHUNK):
        yield {
            "comment": str(decision.comment_id),
            "decision": decision.get_kind_display(),
            "when": decision.at,
            "automated": decision.automated,
            "rule": f"{decision.rule} ({decision.rule.version})" if decision.rule else "",
            "facts": decision.facts,
            "reason": decision.reason,
            "until": decision.until,
            "undone": decision.undone_at,
        }
    before = Comment.objects.mine(user).filter(removed_at__isnull=False, decisions=None)
    for pk, removed_at, reason in before.order_by("-removed_at").values_list(
        "pk", "removed_at", "removed_reason"
    ):
        empty = dict.fromkeys(("automated", "rule", "facts", "until", "undone"))
        removed = Decision.Kind.REMOVE.label
        yield {
            **empty,
            "comment": str(pk),
            "decision": removed,
            "when": removed_at,
            "reason": reason,
        }


def appeals(user: User) -> Section:
    found = Appeal.objects.filter(decision__subject=user).order_by("-made_at")
    rows = (
        {
            "comment": str(appeal.decision.comment_id),
            "words": appeal.words,
            "made": appeal.made_at,
            "decided": appeal.decided_at,
            "granted": appeal.granted,
            "answer": appeal.answer,
        }
        for appeal in found.select_related("decision").iterator(CHUNK)
    )
    headings = {
        "comment": _("Comment"),
        "words": _("Your words"),
        "made": _("Made"),
        "decided": _("Decided"),
        "granted": _("Granted"),
        "answer": _("Answer"),
    }
    return Section("appeals", _("Your appeals"), headings, rows)


def sanctions(user: User) -> Section:
    found = Sanction.objects.filter(user=user).order_by("-begins_at")
    rows = (
        {
            "kind": sanction.get_kind_display(),
            "begins": sanction.begins_at,
            "ends": sanction.ends_at,
            "read": sanction.read_at,
            "lifted": sanction.lifted_at,
        }
        for sanction in found.iterator(CHUNK)
    )
    headings = {
        "kind": _("Kind"),
        "begins": _("Begins"),
        "ends": _("Ends"),
        "read": _("Read"),
        "lifted": _("Lifted"),
    }
    return Section("sanctions", _("What you may not do for a time"), headings, rows)


def notifications(user: User) -> Section:
    found = Notification.objects.filter(user=user).order_by("-created_at", "-pk")
    rows = (
        {
            "what": told.get_kind_display(),
            "comment": str(told.comment_id or ""),
            "when": told.created_at,
            "read": told.read_at,
            "by_mail": told.get_delivery_display(),
            "mailed": told.mailed_at,
        }
        for told in found.iterator(CHUNK)
    )
    headings = {
        "what": _("What"),
        "comment": _("Comment"),
        "when": _("When"),
        "read": _("Read"),
        "by_mail": _("By mail"),
        "mailed": _("Mailed"),
    }
    return Section("notifications", _("What you were told"), headings, rows)


def notification_choices(user: User) -> Section:
    found = NotificationChoice.objects.filter(user=user).order_by("kind")
    rows = (
        {"what": choice.get_kind_display(), "by_mail": choice.get_delivery_display()}
        for choice in found
    )
    headings = {"what": _("What"), "by_mail": _("By mail")}
    title = _("How you want to be told")
    return Section("notification_choices", title, headings, rows)


def follows(user: User) -> Section:
    found = Follow.objects.filter(user=user).select_related("article__live").order_by("-since")
    rows = (
        {
            "discussion": str(follow.article),
            "muted": follow.is_muted,
            "since": follow.since,
        }
        for follow in found.iterator(CHUNK)
    )
    headings = {"discussion": _("Discussion"), "muted": _("Muted"), "since": _("Since")}
    return Section("follows", _("Discussions you follow or muted"), headings, rows)


def answers(user: User) -> Section:
    """Return what they answered under their own name, as a contributor."""
    found = Answer.objects.filter(contributor__user=user).order_by("pk")
    rows = (
        {"comment": str(answer.comment_id), "profession": answer.profession} for answer in found
    )
    headings = {"comment": _("Comment"), "profession": _("Profession")}
    return Section("answers", _("Questions you answered under your name"), headings, rows)


def asked(user: User) -> Section:
    found = AnswerRequest.objects.filter(contributor__user=user).order_by("pk")
    rows = (
        {"comment": str(asked.comment_id), "when": asked.asked_at, "ended": asked.ended_at}
        for asked in found
    )
    headings = {"comment": _("Comment"), "when": _("When"), "ended": _("Answered or taken back")}
    return Section("asked", _("Questions you were asked to answer"), headings, rows)


def desk_choices(user: User) -> Section | None:
    found = DeskChoices.objects.filter(user=user)
    if not user.is_staff and not found.exists():
        return None
    rows = (
        {
            "shortcuts": choices.shortcuts,
            "keys": [f"{key}: {deed}" for key, deed in choices.keys.items()],
            "blurred": choices.blurred,
        }
        for choices in found
    )
    headings = {
        "shortcuts": _("Keys act"),
        "keys": _("Keys"),
        "blurred": _("Texts are blurred"),
    }
    return Section("desk_choices", _("How you work at the desk"), headings, rows)


def moderation_of(user: User) -> Section | None:
    """Return what the member did as a moderator; None for somebody who never was one."""
    ended = Badge.objects.filter(ended_by=user).exclude(user=F("ended_by"))
    deeds = (
        (_("Removed a comment"), Comment.objects.filter(removed_by=user), "pk", "removed_at"),
        (_("Handled a report"), Report.objects.filter(handled_by=user), "pk", "handled_at"),
        (_("Checked a badge"), Badge.objects.filter(checked_by=user), "pk", "checked_at"),
        (_("Granted a badge"), Badge.objects.filter(granted_by=user), "pk", "granted_at"),
        (_("Ended a badge"), ended, "pk", "ended_at"),
        (_("Decided on a comment"), Decision.objects.filter(by=user), "comment", "at"),
        (_("Decided an appeal"), Appeal.objects.filter(decided_by=user), "pk", "decided_at"),
        (_("Took a comment to look at"), Case.objects.filter(claimed_by=user), "comment", "due_at"),
        (_("Approved a watched phrase"), Phrase.objects.filter(approved_by=user), "pk", None),
        (_("Left a note at the desk"), HandOverNote.objects.filter(by=user), "pk", "at"),
        (_("Said that a check was wrong"), WrongHold.objects.filter(by=user), "comment", "at"),
        (
            _("Asked for an answer"),
            AnswerRequest.objects.filter(asked_by=user),
            "comment",
            "asked_at",
        ),
        (
            _("Noted what led to a change"),
            LedTo.objects.filter(noted_by=user),
            "comment",
            "noted_at",
        ),
    )
    if not user.is_staff and not any(found.exists() for _what, found, _on, _at in deeds):
        return None
    rows = (
        {"what": what, "on": str(row[0]), "when": row[1] if at else None}
        for what, found, on, at in deeds
        for row in found.order_by("pk").values_list(on, *([at] if at else [])).iterator(CHUNK)
    )
    headings = {"what": _("What"), "on": _("On what"), "when": _("When")}
    return Section("moderation", _("What you did as a moderator"), headings, rows)
