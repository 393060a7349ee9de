"""A member of whom every model knows something; their words all hold one word of their own."""

from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts.models import (
    AuditAct,
    DataExport,
    Departure,
    Erasure,
    Fate,
    FormerHandle,
    LegalHold,
    OutgoingMail,
    User,
)
from articles.models import (
    Article,
    Authorship,
    Contributor,
    Correction,
    CorrectionFollower,
    Image,
    MinorEdit,
    ReaderMessage,
    Review,
    ReviewedSection,
    ReviewRound,
    SectionNote,
    SignOffLink,
    Source,
    SourceTask,
)
from comments.models import (
    Answer,
    AnswerRequest,
    Appeal,
    Badge,
    Case,
    Comment,
    Decision,
    DeskChoices,
    Draft,
    Follow,
    HandOverNote,
    Ignored,
    LedTo,
    Notification,
    NotificationChoice,
    Phrase,
    Report,
    Rule,
    Sanction,
    Voice,
    WrongHold,
)
from tests.conftest import PASSWORD
from tests.discussing import say
from tests.test_cataloguing import picture

WORD = "zwetschge"
EMAIL = f"{WORD}@example.org"


def fill(user: User, other: User, article: Article) -> None:
    """Let every model hold something of `user`, whose e-mail and handle hold the word."""
    account(user, other)
    acts(user, other)
    articles(user, other, article)
    comments(user, other, article)
    moderation(user, other, article)
    decided(user, other, article)
    at_the_desk(user, other, article)


def account(user: User, other: User) -> None:
    Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    UserSession.objects.filter(user=user).update(user_agent=f"Browser {WORD}")
    user.groups.add(Group.objects.get(name="Authors"))
    user.user_permissions.add(Permission.objects.all()[0])
    user.consents.create(kind="public_comments", version="2026-11")
    Authenticator.objects.create(user=user, type="webauthn", data={"name": f"Key {WORD}"})
    EmailConfirmation.objects.create(
        email_address=EmailAddress.objects.get(user=user), key="k", sent=timezone.now()
    )
    FormerHandle.objects.give_up("before", user)
    DataExport.objects.create(user=user, content=WORD.encode(), made_at=timezone.now())
    Departure.objects.create(user=user, fate=Fate.ERASE, due_at=timezone.now())
    mail = EmailMessage(f"Hello {WORD}", WORD, to=[user.email])
    OutgoingMail.holding(mail, "<1@localhost>")
    hold = {"case": f"Court, {WORD}", "until": date(2026, 1, 1)}
    begun = timezone.now() - timedelta(days=400)
    over = {"set_at": begun, "ended_at": begun + timedelta(days=1)}
    LegalHold.objects.create(user=user, set_by=other, **hold, **over)
    LegalHold.objects.create(user=other, set_by=user, case="Court", until=date(2027, 1, 1))


def acts(user: User, other: User) -> None:
    for deed in ("voice.looked_up", "badge.granted"):
        AuditAct.objects.record(deed, by=other, about=user, reason=f"It was {WORD}.")
    AuditAct.objects.record("badge.granted", by=user, about=other)
    Erasure.objects.create(kind="comments of", subject=str(user.public_id), deed="withdraw")
    for by, about in ((user, other), (other, user)):
        LogEntry.objects.create(
            user=by,
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(about.pk),
            object_repr=str(about),
            action_flag=CHANGE,
            change_message=f"About {about}",
        )


def articles(user: User, other: User, article: Article) -> None:
    photo = Image.objects.create(key=f"of-{WORD}", file=picture(), alt=f"{WORD} at a desk")
    contributor = Contributor.objects.create(
        name=f"Dr {WORD}",
        biography=f"{WORD} lives in Zug.",
        photo=photo,
        user=user,
        email=f"{WORD}@clinic.example",
    )
    Authorship.objects.create(article=article, contributor=contributor, position=2)
    article.revise(title="New", summary="", text="Text.", by=user)
    clinical_review(user, article, contributor)
    on_articles(user, other, article)


def clinical_review(user: User, article: Article, contributor: Contributor) -> None:
    """Let them have signed, and been asked to."""
    revision = article.revisions.all()[0]
    names = ("name", "profession", "credentials", "interests", "message")
    review = Review.objects.create(
        revision=revision,
        contributor=contributor,
        outcome=Review.Outcome.APPROVE,
        identity=Review.Identity.CODE,
        **{name: f"{name} {WORD}" for name in names},
        register_url=f"https://{WORD}.example/",
    )
    ReviewedSection.objects.create(review=review, section=revision.sections.all()[0])
    SignOffLink.objects.create(
        revision=revision,
        contributor=contributor,
        email=EMAIL,
        token_hash=WORD,
        created_by=user,
    )


def on_articles(user: User, other: User, article: Article) -> None:
    """Let them have done on articles all that staff do."""
    revision, now = article.revisions.all()[0], timezone.now()
    section = revision.sections.all()[0]
    confirmed = {"withdrawal_confirmed_by": user, "withdrawal_confirmed_at": now}
    Article.objects.filter(pk=article.pk).update(withdrawn_by=user, **confirmed)
    MinorEdit.objects.create(section=section, before=section, marked_by=user, checked_by=user)
    ReviewRound.objects.create(
        article=article,
        revision=revision,
        outcome=ReviewRound.Outcome.UNCHANGED,
        finished_by=user,
        evidence_searched_on=date(2026, 1, 1),
        evidence_searched_in="Cochrane",
    )
    SourceTask.objects.create(
        source=Source.objects.create(title="A study"),
        article=article,
        status=Source.Status.RETRACTED,
        decided_by=user,
    )
    note = {"section": section, "text": f"Ask {WORD}."}
    SectionNote.objects.create(by=user, asked=other, **note)
    SectionNote.objects.create(by=other, asked=user, resolved_by=user, **note)
    Correction.objects.create(
        article=article,
        kind=Correction.Kind.UPDATE,
        before="Was",
        after="Is",
        noticed_by=f"Dr {WORD}",
        by=user,
        confirmed_by=user,
    )
    ReaderMessage.objects.create(
        number="1", article=article, text=f"I am {WORD}.", answered_by=user
    )
    CorrectionFollower.objects.create(article=article, email=EMAIL)


def comments(user: User, other: User, article: Article) -> None:
    badge = Badge.objects.create(
        user=user,
        **{field: f"{field} {WORD}" for field in BADGE},
        register_url=f"https://{WORD}.example/",
        checked_at=timezone.now(),
        checked_by=other,
    )
    said = say(user, article, f"I am {WORD}.")
    said.edit(f"I am {WORD} again.")
    answer = say(other, article, "Answer.", parent=said)
    named: dict[str, Any] = {"badge": badge, "interests": f"{WORD} AG", "removed_reason": WORD}
    named["voice"] = Voice.objects.in_discussion(user, article)
    Comment.objects.filter(pk=said.pk).update(**named, removed_at=timezone.now())
    Erasure.objects.create(kind="comment", subject=str(said.pk), deed="name-off")
    Draft.objects.create(article=article, author=user, text=WORD, choices={"interests": WORD})
    Ignored.objects.create(user=user, voice=answer.voice)
    notice: dict[str, Any] = {"name": WORD, "place": f"“{WORD}”", "good_faith": True}
    Report.objects.create(comment=answer, reporter=user, reason="spam", words=WORD, email=EMAIL)
    other_one = say(other, article)
    Report.objects.create(comment=other_one, reporter=user, reason="legal", email=EMAIL, **notice)
    Report.objects.create(comment=answer, reason="abuse", words=WORD, email=user.email)


BADGE = ("profession", "register", "number", "jurisdiction", "evidence")


def moderation(user: User, other: User, article: Article) -> None:
    """Let `user` have been a moderator, too."""
    theirs = say(other, article)
    Comment.objects.filter(pk=theirs.pk).update(removed_by=user, removed_at=timezone.now())
    Report.objects.create(comment=theirs, reason="spam", handled_by=user, handled_at=timezone.now())
    now = timezone.now()
    Badge.objects.create(
        user=other,
        **dict.fromkeys(BADGE, "Theirs"),
        checked_at=now,
        checked_by=user,
        granted_at=now,
        granted_by=user,
        expires_on=date(2027, 1, 1),
        ended_at=now,
        ended_by=user,
    )


def decided(user: User, other: User, article: Article) -> None:
    """Let something be decided about them, told to them and objected to."""
    said = say(user, article, f"Words of {WORD}.")
    Comment.objects.filter(pk=said.pk).update(likeness=7, held_for=[WORD])
    rule = Rule.objects.filter(ended_at=None).first() or Rule.objects.create(
        key="kind", title="Be kind", text="Be kind.", reason="It was not kind."
    )
    decision = Decision.objects.create(
        kind=Decision.Kind.SUSPEND,
        comment=said,
        subject=user,
        by=other,
        rule=rule,
        facts=f"{WORD} said it.",
        reason=f"It names {WORD}.",
        before={"comment": {"removed_reason": WORD}},
    )
    Appeal.objects.create(
        decision=decision,
        words=f"I am {WORD}.",
        answer=f"No, {WORD}.",
        decided_at=timezone.now(),
        decided_by=other,
        granted=False,
    )
    over = {"ends_at": timezone.now()}  # they speak again
    Sanction.objects.create(user=user, kind=Sanction.Kind.SUSPENSION, decision=decision, **over)
    Notification.objects.tell(user, Notification.Kind.DECISION, comment=said, decision=decision)
    NotificationChoice.objects.create(user=user, kind="reply", delivery="off")
    Follow.objects.create(user=user, article=article)


def at_the_desk(user: User, other: User, article: Article) -> None:
    """Let them have decided on others, and worked at the desk."""
    theirs = say(other, article)
    decision = Decision.objects.create(
        kind=Decision.Kind.REMOVE, comment=theirs, subject=other, by=user
    )
    ended = {"decided_at": timezone.now(), "decided_by": user, "granted": True}
    Appeal.objects.create(decision=decision, words="Why?", **ended)
    now = timezone.now()
    Case.objects.create(
        comment=theirs, queue=Case.Queue.HELD, due_at=now, claimed_by=user, claimed_until=now
    )
    Phrase.objects.create(kind="hold", text="miracle", approved_at=now, approved_by=user)
    HandOverNote.objects.create(by=user, text="A quiet day.")
    DeskChoices.objects.create(user=user, keys={"a": "approve"})
    WrongHold.objects.create(comment=theirs, check_name="links", by=user)
    question = say(other, article)
    contributor = user.contributor
    AnswerRequest.objects.create(comment=question, contributor=contributor, asked_by=user)
    reply = say(user, article, "An answer.", parent=question)
    Answer.objects.create(comment=reply, contributor=contributor, profession=f"Dr {WORD}")
    revision = article.revisions.all()[0]
    LedTo.objects.create(comment=question, revision=revision, noted_by=user)
