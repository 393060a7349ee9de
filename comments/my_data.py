"""What members said, and what was done about it, for themselves to read."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.models import Erasure, User
from accounts.my_data import Section
from comments.decided_data import decided_data
from comments.models import Badge, Comment, Draft, EarlierText, Ignored, Report, Voice
from comments.screening import reason_of

CHUNK = 500

Row = dict[str, Any]


def member_data(user: User) -> Iterator[Section]:
    yield names(user)
    yield comments(user)
    yield earlier_texts(user)
    yield drafts(user)
    yield reports_sent(user)
    yield reports_about(user)
    yield badges(user)
    yield ignored(user)
    yield comment_erasures(user)
    yield from decided_data(user)


def names(user: User) -> Section:
    found = Voice.objects.filter(user=user).select_related("article__live").order_by("pk")
    rows = (
        {
            "name": voice.name,
            "kind": voice.get_kind_display(),
            "discussion": voice.article.live.title if voice.article and voice.article.live else "",
        }
        for voice in found.iterator(CHUNK)
    )
    headings = {"name": _("Name"), "kind": _("Kind"), "discussion": _("Discussion")}
    return Section("names", _("Names under which you spoke"), headings, rows)


def comments(user: User) -> Section:
    found = (
        Comment.objects.mine(user)
        .select_related("voice", "badge", "article__live")
        .only(
            *("article__slug", "article__live__title", "voice__name", "voice__kind", "text"),
            *("badge__profession", "badge__register", "badge__checked_at", "interests", "parent"),
            *("created_at", "published_at", "edited_at", "held_at", "withdrawn_at", "hidden_at"),
            *("removed_at", "removed_reason", "reply_count", "is_question", "held_for"),
        )
        .order_by("-created_at", "-pk")
    )
    headings = {
        "number": _("Number"),
        "article": _("Article"),
        "address": _("Address"),
        "text": _("Text"),
        "name": _("Under the name"),
        "badge": _("Badge"),
        "interests": _("Interests declared"),
        "in_reply_to": _("In reply to comment"),
        "written": _("Written"),
        "published": _("Published"),
        "edited": _("Edited"),
        "question": _("A question"),
        "state": _("State"),
        "held_for": _("Why a moderator reads or read it first"),
        "withdrawn": _("Withdrawn"),
        "hidden": _("Hidden"),
        "removed": _("Removed by a moderator"),
        "removed_reason": _("Reason for removing"),
    }
    rows = (comment_row(comment) for comment in found.iterator(CHUNK))
    note = _("Search engines and feed readers may hold copies of what was public.")
    return Section("comments", _("Your comments"), headings, rows, note)


def comment_row(comment: Comment) -> Row:
    live = comment.article.live
    return {
        "number": str(comment.pk),
        "article": live.title if live else comment.article.slug,
        "address": settings.SITE_URL + comment.get_absolute_url(),
        "text": comment.text,
        "name": str(comment.voice),
        "badge": str(comment.badge) if comment.badge else "",
        "interests": comment.interests,
        "in_reply_to": str(comment.parent_id) if comment.parent_id else "",
        "written": comment.created_at,
        "published": comment.published_at,
        "edited": comment.edited_at,
        "question": comment.is_question,
        "state": state_of(comment),
        "held_for": [reason_of(check) for check in comment.held_for],
        "withdrawn": comment.withdrawn_at,
        "hidden": comment.hidden_at,
        "removed": comment.removed_at,
        "removed_reason": comment.removed_reason,
    }


def state_of(comment: Comment) -> str:
    if comment.removed_at:
        return _("Removed by a moderator")
    if comment.withdrawn_at:
        return _("Taken back by you")
    if comment.hidden_at:
        return _("Hidden, because you took back your consent")
    if comment.is_held:
        return _("Waits for a moderator")
    return _("Everyone can read it")


def earlier_texts(user: User) -> Section:
    found = EarlierText.objects.filter(comment__author=user)
    rows = (
        {"comment": str(earlier.comment_id), "replaced": earlier.replaced_at, "text": earlier.text}
        for earlier in found.iterator(CHUNK)
    )
    headings = {"comment": _("Comment"), "replaced": _("Replaced"), "text": _("Text")}
    return Section("earlier_texts", _("What your comments said before"), headings, rows)


def drafts(user: User) -> Section:
    found = Draft.objects.filter(author=user).select_related("article__live")
    rows = (
        {
            "article": draft.article.live.title if draft.article.live else draft.article.slug,
            "in_reply_to": str(draft.parent_id) if draft.parent_id else "",
            "text": draft.text,
            "choices": [f"{name}: {chosen}" for name, chosen in draft.choices.items()],
            "saved": draft.saved_at,
        }
        for draft in found.order_by("-saved_at").iterator(CHUNK)
    )
    headings = {
        "article": _("Article"),
        "in_reply_to": _("In reply to comment"),
        "text": _("Text"),
        "choices": _("What else you chose"),
        "saved": _("Saved"),
    }
    return Section("drafts", _("Unfinished comments"), headings, rows)


def reports_sent(user: User) -> Section:
    """Return what the member reported, also signed out, if they left an address of theirs."""
    addresses = user.emailaddress_set.filter(verified=True).values("email")
    mine = Q(reporter=user) | Q(reporter=None, email__in=addresses)
    found = Report.objects.filter(mine).select_related("comment", "decision")
    rows = (
        {
            "comment": str(report.comment_id),
            "reason": report.get_reason_display(),
            "words": report.words,
            "place": report.place,
            "your_name": report.name,
            "email": report.email,
            "sent": report.created_at,
            "looked_at": report.handled_at,
            "outcome": report.outcome,
        }
        for report in found.order_by("-created_at").iterator(CHUNK)
    )
    headings = {
        "comment": _("Comment"),
        "reason": _("Reason"),
        "words": _("Your words"),
        "place": _("Which words of the comment you meant"),
        "your_name": _("Your name in a formal notice"),
        "email": _("E-mail address for an answer"),
        "sent": _("Sent"),
        "looked_at": _("Looked at"),
        "outcome": _("What became of it"),
    }
    return Section("reports", _("Reports you sent"), headings, rows)


def reports_about(user: User) -> Section:
    """Return what others reported: for what reason and on which day, but neither who nor how."""
    found = Report.objects.filter(comment__author=user).order_by("-created_at")
    rows = (
        {
            "comment": str(report.comment_id),
            "reason": report.get_reason_display(),
            "on": report.created_at.date(),
        }
        for report in found.iterator(CHUNK)
    )
    headings = {"comment": _("Comment"), "reason": _("Reason"), "on": _("On")}
    note = _("Who reported, and in which words, is theirs.")
    return Section("reports_about", _("Reports about your comments"), headings, rows, note)


def badges(user: User) -> Section:
    found = Badge.objects.of(user).prefetch_related("topics")
    headings = {
        "profession": _("Profession"),
        "register": _("Register"),
        "number": _("Registration number"),
        "jurisdiction": _("Country or state"),
        "register_url": _("Entry in the public register"),
        "evidence": _("How we can tell that it is you"),
        "shows_number": _("The number is shown"),
        "topics": _("Topics in which it may be shown"),
        "asked": _("Asked for"),
        "checked": _("Checked"),
        "granted": _("Granted"),
        "expires": _("Expires"),
        "ended": _("Ended"),
        "ended_reason": _("Why it ended"),
        "was_false": _("It never was true"),
    }
    rows = (badge_row(badge) for badge in found.iterator(CHUNK))
    return Section("badges", _("Badges"), headings, rows)


def badge_row(badge: Badge) -> Row:
    return {
        "profession": badge.profession,
        "register": badge.register,
        "number": badge.number,
        "jurisdiction": badge.jurisdiction,
        "register_url": badge.register_url,
        "evidence": badge.evidence,
        "shows_number": badge.shows_number,
        "topics": [str(topic) for topic in badge.topics.all()],
        "asked": badge.asked_at,
        "checked": badge.checked_at,
        "granted": badge.granted_at,
        "expires": badge.expires_on,
        "ended": badge.ended_at,
        "ended_reason": badge.ended_reason,
        "was_false": badge.was_false,
    }


def ignored(user: User) -> Section:
    found = Ignored.objects.by(user).select_related("voice__article__live").order_by("since")
    rows = (
        {
            "name": str(row.voice),
            "discussion": row.voice.article.live.title
            if row.voice.article and row.voice.article.live
            else "",
            "since": row.since,
        }
        for row in found.iterator(CHUNK)
    )
    headings = {"name": _("Name"), "discussion": _("Discussion"), "since": _("Since")}
    return Section("ignored", _("Names you ignore"), headings, rows)


def comment_erasures(user: User) -> Section:
    mine = Comment.objects.mine(user).values(number=Cast("pk", CharField()))
    found = Erasure.objects.filter(kind="comment", subject__in=mine).order_by("at")
    rows = (
        {"when": erasure.at, "comment": erasure.subject, "what": erasure.deed}
        for erasure in found.iterator(CHUNK)
    )
    headings = {"when": _("When"), "comment": _("Comment"), "what": _("What was done")}
    return Section("comment_erasures", _("What you took off or erased"), headings, rows)
