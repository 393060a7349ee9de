"""One thing of each kind that is forgotten after a time, and how to see whether it is there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import models
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.mail import deliver
from accounts.models import (
    AuditAct,
    Consent,
    DataExport,
    FormerHandle,
    LegalHold,
    OutgoingMail,
    RateCount,
    User,
)
from accounts.sessions import NO_ADDRESS, SessionStore
from articles.models import (
    Article,
    Contributor,
    CorrectionFollower,
    DailyReaders,
    Page,
    ReaderMessage,
    SignOffLink,
)
from comments.models import (
    Appeal,
    Case,
    Comment,
    Decision,
    Draft,
    HandOverNote,
    Notification,
    Report,
    Voice,
)
from tests.discussing import say

Cast = pytest.FixtureRequest
IsThere = Callable[[], bool]


# --- one case for each rule: make such a thing now, and say how to see whether it is there --------


def draft(cast: Cast) -> IsThere:
    article: Article = cast.getfixturevalue("article")
    return row(Draft.objects.create(article=article, author=member(cast), text="Not done yet"))


def withdrawn_text(cast: Cast) -> IsThere:
    comment = said(cast)
    comment.withdraw()
    return has_text(comment)


def removed_text(cast: Cast) -> IsThere:
    comment = said(cast)
    comment.remove(by=member(cast), reason="Spam")
    return has_text(comment)


def report(cast: Cast) -> IsThere:
    return row(Report.objects.create(comment=old_comment(cast), reason="spam"))


def old_comment(cast: Cast) -> Comment:
    """Return one of a time when the article was not published yet."""
    article: Article = cast.getfixturevalue("article")
    voice = Voice.objects.handle_of(member(cast))
    now = timezone.now()
    return Comment.objects.create(
        article=article, author=member(cast), voice=voice, text="Hm", published_at=now
    )


def reasons(cast: Cast) -> IsThere:
    decision = Decision.objects.create(
        kind="remove",
        comment=old_comment(cast),
        subject=member(cast),
        by=member(cast),
        reason="Spam",
    )
    ended = {"decided_at": timezone.now(), "decided_by": member(cast), "granted": False}
    appeal = Appeal.objects.create(decision=decision, words="It is none.", **ended)
    words = Decision.objects.filter(pk=decision.pk, reason="Spam")
    of_appeal = Appeal.objects.filter(pk=appeal.pk, words="It is none.")
    return both(words.exists, of_appeal.exists)


def why_held(cast: Cast) -> IsThere:
    comments = [said(cast), say(member(cast), cast.getfixturevalue("article"))]
    first, second = (comment.pk for comment in comments)
    Comment.objects.filter(pk=first).update(held_for=["crisis"], approved_at=timezone.now())
    Comment.objects.filter(pk=second).update(held_for=["links"], removed_at=timezone.now())
    held = Comment.objects.exclude(held_for=[])
    return both(held.filter(pk=first).exists, held.filter(pk=second).exists)


def notification(cast: Cast) -> IsThere:
    Notification.objects.tell(member(cast), Notification.Kind.REPLY, comment=said(cast))
    return row(Notification.objects.get())


def closed_case(cast: Cast) -> IsThere:
    case = Case.objects.create(
        comment=said(cast), queue="held", due_at=timezone.now(), closed_at=timezone.now()
    )
    return row(case)


def hand_over_note(cast: Cast) -> IsThere:
    return row(HandOverNote.objects.create(by=member(cast), text="Quiet."))


def session(cast: Cast) -> IsThere:
    store = SessionStore()
    store[SESSION_KEY] = str(member(cast).pk)
    store.save()
    noted = noted_session(cast, "203.0.113.7", store.session_key or "")
    is_there = row(Session.objects.get(pk=store.session_key))
    return both(is_there, row(noted))


def last_part_of_an_address(cast: Cast) -> IsThere:
    old = noted_session(cast, "203.0.113.7", "v4")
    older = noted_session(cast, "2001:db8:1:2::", "v6")

    def is_there() -> bool:
        addresses = set(
            UserSession.objects.filter(pk__in=[old.pk, older.pk]).values_list("ip", flat=True)
        )
        if shortened := addresses == {"203.0.113.0", "2001:db8:1::"}:
            return not shortened
        assert addresses == {"203.0.113.7", "2001:db8:1:2::"}
        return True

    return is_there


def rest_of_an_address(cast: Cast) -> IsThere:
    noted = noted_session(cast, "203.0.113.0", "v4")
    return lambda: UserSession.objects.filter(pk=noted.pk).exclude(ip=NO_ADDRESS).exists()


def rate_count(cast: Cast) -> IsThere:
    # The window that began just now: another one began up to an hour earlier.
    window = timedelta(hours=1)
    return row(RateCount.objects.create(bucket="b", count=1, expires_at=timezone.now() + window))


def parked_and_sent_mail(cast: Cast) -> IsThere:
    mail = EmailMessage("S", "T", None, ["ana@example.org"])
    sent, parked = (OutgoingMail.holding(mail, f"<{number}@x>") for number in (1, 2))
    sent.mark_sent()
    parked.park(ValueError())
    return both(row(sent), row(parked))


def done_task(cast: Cast) -> IsThere:
    return ended_task(TaskResultStatus.SUCCESSFUL)


def failed_task(cast: Cast) -> IsThere:
    return ended_task(TaskResultStatus.FAILED)


def copy_of_data(cast: Cast) -> IsThere:
    copy = DataExport.objects.create(user=member(cast), made_at=timezone.now(), content=b"PK")
    return row(copy)


def former_handle(cast: Cast) -> IsThere:
    FormerHandle.objects.give_up("grey heron", member(cast))
    return row(FormerHandle.objects.get())


def ended_consent(cast: Cast) -> IsThere:
    Consent.objects.create(user=member(cast), kind="public_comments", version="2020-01")
    taken_back = Consent.objects.get()
    Consent.objects.update(withdrawn_at=timezone.now())
    left = User.objects.create_user("left@example.org", handle="Has Left", erased_at=timezone.now())
    of_left = Consent.objects.create(user=left, kind="public_comments", version="2020-01")
    return both(row(taken_back), row(of_left))


def acts(cast: Cast) -> IsThere:
    act = AuditAct.objects.record("member.looked_up", by=None)
    entry = LogEntry.objects.create(
        user=member(cast),
        content_type=ContentType.objects.get_for_model(Page),
        object_id="1",
        object_repr="Privacy",
        action_flag=CHANGE,
    )
    return both(row(act), row(entry))


def address_of_a_link(cast: Cast) -> IsThere:
    """Make three links that end now, each in another way."""
    revision = cast.getfixturevalue("article").live
    nora = Contributor.objects.create(name="Nora Nerve", user=member(cast))
    later, now = timezone.now() + timedelta(days=14), timezone.now()
    ends = ({"used_at": now}, {"revoked_at": now}, {"expires_at": now})
    links = [
        SignOffLink.objects.create(
            revision=revision,
            contributor=nora,
            email="nora@example.org",
            code_hash="c",
            token_hash=str(number),
            **{"expires_at": later, **end},
        )
        for number, end in enumerate(ends)
    ]
    told = SignOffLink.objects.filter(email="nora@example.org", code_hash="c")
    return both(*(told.filter(pk=link.pk).exists for link in links))


def reader_messages(cast: Cast) -> IsThere:
    article, now = cast.getfixturevalue("article"), timezone.now()
    words = {"article": article, "text": "It hurts me more."}
    answered = {"answered_at": now, "at": now - timedelta(days=100)}
    first = ReaderMessage.objects.create(number="1", **answered, **words)
    return both(row(first), row(ReaderMessage.objects.create(number="2", **words)))


def unconfirmed_follower(cast: Cast) -> IsThere:
    article = cast.getfixturevalue("article")
    return row(CorrectionFollower.objects.create(article=article, email="ana@example.org"))


def ended_hold(cast: Cast) -> IsThere:
    somebody = member(cast)
    hold = LegalHold.objects.create(
        user=somebody, set_by=somebody, case="1 O 2/20", until="2090-01-01"
    )
    LegalHold.objects.update(ended_at=timezone.now())
    return row(hold)


def unconfirmed_account(cast: Cast) -> IsThere:
    user = User.objects.create_user("never@example.org", handle="Never Confirmed")
    return lambda: User.objects.filter(pk=user.pk, email="never@example.org").exists()


def readers(cast: Cast) -> IsThere:
    article: Article = cast.getfixturevalue("article")
    return row(DailyReaders.objects.create(article=article, day=timezone.localdate(), readers=7))


CASES: dict[str, Callable[[Cast], IsThere]] = {
    "articles.tasks.forget_unconfirmed_followers": unconfirmed_follower,
    "comments.tasks.forget_expired_drafts": draft,
    "comments.tasks.forget_withdrawn_texts": withdrawn_text,
    "comments.tasks.forget_removed_texts": removed_text,
    "comments.tasks.forget_old_reports": report,
    "comments.tasks.forget_old_reasons": reasons,
    "comments.tasks.forget_why_held": why_held,
    "comments.tasks.forget_old_notifications": notification,
    "comments.tasks.forget_closed_cases": closed_case,
    "comments.tasks.forget_old_notes": hand_over_note,
    "articles.tasks.forget_reader_counts": readers,
    "articles.forgetting.forget_sign_off_addresses": address_of_a_link,
    "articles.forgetting.forget_old_messages": reader_messages,
    "accounts.leaving.forget_unconfirmed_accounts": unconfirmed_account,
    "accounts.tasks.forget_expired_sessions": session,
    "accounts.tasks.shorten_addresses": last_part_of_an_address,
    "accounts.tasks.forget_addresses": rest_of_an_address,
    "accounts.tasks.forget_expired_rate_counts": rate_count,
    "accounts.tasks.forget_old_mail": parked_and_sent_mail,
    "accounts.tasks.forget_old_task_results": done_task,
    "accounts.tasks.forget_failed_task_results": failed_task,
    "accounts.tasks.forget_expired_copies": copy_of_data,
    "accounts.tasks.forget_former_handles": former_handle,
    "accounts.tasks.forget_old_proof_of_consent": ended_consent,
    "accounts.tasks.forget_old_acts": acts,
    "accounts.tasks.forget_old_legal_holds": ended_hold,
}

# What a legal hold on its member keeps.
KEPT_BY_A_HOLD = {
    "comments.tasks.forget_withdrawn_texts",
    "comments.tasks.forget_removed_texts",
    "comments.tasks.forget_old_reports",
    "comments.tasks.forget_old_reasons",
    "comments.tasks.forget_why_held",
    "comments.tasks.forget_old_notifications",
    "comments.tasks.forget_closed_cases",
    "articles.forgetting.forget_sign_off_addresses",
}


def member(cast: Cast) -> User:
    user: User = cast.getfixturevalue("member")
    return user


def both(*things: IsThere) -> IsThere:
    """Tell whether all are there; some of them alone would be a mistake."""

    def are_there() -> bool:
        found = {is_there() for is_there in things}
        assert len(found) == 1
        return found.pop()

    return are_there


def row(made: models.Model) -> IsThere:
    return lambda: type(made)._default_manager.filter(pk=made.pk).exists()


def said(cast: Cast) -> Comment:
    return say(member(cast), cast.getfixturevalue("article"), "Said here")


def has_text(comment: Comment) -> IsThere:
    return lambda: Comment.objects.filter(pk=comment.pk, text="Said here").exists()


def noted_session(cast: Cast, address: str, key: str) -> UserSession:
    return UserSession.objects.create(
        user=member(cast), session_key=key, ip=address, user_agent="Firefox"
    )


def ended_task(status: str) -> IsThere:
    deliver.enqueue(1)
    task = DBTaskResult.objects.get()
    task.status, task.finished_at = status, timezone.now()
    task.save()
    return row(task)
