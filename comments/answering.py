"""What staff and contributors answer: replies with a role, answers, and what a comment led to.

Every reply comes in through `Comment.objects.post`, so that a form sent twice, the same words twice
and a parent that is gone have one outcome for all. Deeds raise its Refused and ParentGone.
"""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditAct, User
from articles.models import Article, Contributor, Revision, Section
from comments.models import Answer, AnswerRequest, Comment, Discussion, LedTo, Voice
from comments.models.answer import AnswerRequestQuerySet
from comments.models.comment_query import PINNED, ParentGone, Refused, is_moderator, pinned_in
from comments.models.voice import Visitor
from comments.moderation import deciding
from comments.screening import likeness_of
from comments.telling import notifications

# Under one comment. More would push away what others say; a second wording takes the first's place.
MOST_PINNED = 3

# --- replies with a role --------------------------------------------------------------------------


def reply_officially(
    comment: Comment,
    *,
    by: User,
    text: str,
    role: str = Comment.Role.OFFICIAL,
    nonce: uuid.UUID | None = None,
) -> Comment:
    """Reply to `comment` for the site: with OFFICIAL, or as a CORRECTION that is pinned under it.

    A correction settles the reports of what it corrects, which stays; whoever answers questions may
    write one. Both are taken in closed discussions too (comments/models/discussion.py).
    """
    if role not in {Comment.Role.OFFICIAL, Comment.Role.CORRECTION}:
        raise ValueError(role)
    if not is_moderator(by) and not (role in PINNED and may_answer_questions(by)):
        raise Refused(_("You may not reply officially."))
    with transaction.atomic():
        Discussion.objects.hold(comment.article_id)
        reply, is_new = _say(comment, by=by, text=text, role=role, nonce=nonce)
        if is_new and role == Comment.Role.CORRECTION:
            deciding.corrected(comment, by=by, reply=reply)
    return reply


# --- answers --------------------------------------------------------------------------------------


def may_answer_questions(user: Visitor) -> bool:
    """Tell whether `user` is one of the staff who answer questions, and ask others to."""
    return user.is_staff and user.has_perm("comments.answer_question")


def may_answer(question: Comment, user: Visitor) -> bool:
    """Tell whether `user` may answer this one: they are such staff, or were asked to, or did."""
    if may_answer_questions(user):
        return True
    if not user.is_authenticated:
        return False
    is_asked = asked_of(question).filter(contributor__user=user).exists()
    return is_asked or answers_to(question).filter(contributor__user=user).exists()


def answers_to(question: Comment) -> QuerySet[Answer]:
    """Return the answers that nobody took back or down."""
    gone = {"withdrawn_at": None, "hidden_at": None, "removed_at": None}
    standing = Comment.objects.filter(parent=question, role=Comment.Role.ANSWER, **gone)
    return Answer.objects.filter(comment__in=standing).select_related("comment")


def asked_of(question: Comment) -> AnswerRequestQuerySet:
    return AnswerRequest.objects.open().filter(comment=question)


def answerers(question: Comment, user: User) -> list[Contributor]:
    """Return in whose names `user` may answer: their own, and as staff that of who was asked.

    An answer stands under a name and a profession, which are a person's: nobody else's are offered.
    """
    named = Contributor.objects.filter(unnamed_at=None)
    own = named.filter(user=user)
    asked = named.filter(answer_requests__in=asked_of(question))
    return [*(own | asked).distinct()] if may_answer_questions(user) else [*own]


def answer(
    question: Comment,
    *,
    by: User,
    contributor: Contributor,
    text: str,
    section: Section | None = None,
    nonce: uuid.UUID | None = None,
    held_for: Sequence[str] = (),
) -> Answer:
    """Answer `question` in the name of `contributor`; it is pinned under it.

    With `held_for`, the names of checks, a moderator reads it first, and whoever asked is told when
    everyone can read it.

    `section` is what of the article it was given on, in the wording that was read: the answer is
    marked when readers see another. Two who answer at once both do so, each under their own name;
    a second answer under the same one is refused.
    """
    with transaction.atomic():
        Discussion.objects.hold(question.article_id)
        first = answers_to(question).filter(contributor=contributor).first()
        if first and not _is_the_same(first.comment, by, text, nonce):
            raise Refused(_("%(name)s has answered this question.") % {"name": contributor})
        if not first and not _may_answer_as(contributor, question, by):
            raise Refused(_("You may not answer this question."))
        role = Comment.Role.ANSWER
        reply, is_new = _say(question, by=by, text=text, role=role, nonce=nonce, held_for=held_for)
        if not is_new:
            return reply.answer
        answered = Answer.objects.create(
            comment=reply,
            contributor=contributor,
            profession=contributor.profession,
            section_key=section.anchor if section else "",
            section_hash=section.sha256 if section else "",
        )
        asked_of(question).filter(contributor=contributor).update(ended_at=timezone.now())
        AuditAct.objects.record("question.answered", by=by, on=reply)
        if not reply.is_held:
            notifications.tell_of_answer(answered)
    return answered


def ask(question: Comment, contributor: Contributor, by: User) -> AnswerRequest:
    """Ask `contributor` to answer, once at a time; whoever has an account is told."""
    if not may_answer_questions(by):
        raise Refused(_("You may not ask for answers."))
    with transaction.atomic():
        Discussion.objects.hold(question.article_id)
        if not Comment.objects.visible().filter(pk=question.pk, is_question=True).exists():
            raise ParentGone
        if contributor.unnamed_at:
            raise Refused(_("This contributor is no longer named here."))
        request, is_new = AnswerRequest.objects.open().get_or_create(
            comment=question, contributor=contributor, defaults={"asked_by": by}
        )
        if is_new:
            AuditAct.objects.record("question.asked_of", by=by, on=contributor)
            if contributor.user:
                notifications.tell_asked(request)
    return request


def take_back(request: AnswerRequest, by: User) -> None:
    """Ask no more; what was answered meanwhile stays."""
    if not may_answer_questions(by):
        raise Refused(_("You may not ask for answers."))
    with transaction.atomic():
        if AnswerRequest.objects.open().filter(pk=request.pk).update(ended_at=timezone.now()):
            AuditAct.objects.record("question.asked_no_more", by=by, on=request.contributor)


def articles_showing(contributor: Contributor) -> QuerySet[Article]:
    """Return the articles under which `contributor` answers, by name."""
    return Article.objects.filter(comments__answer__contributor=contributor)


# --- what a comment led to ------------------------------------------------------------------------


def note_change(comment: Comment, revision: Revision, by: User) -> LedTo:
    """Say on `comment` that it led to `revision` of its article, and tell its writer."""
    if not may_answer_questions(by):
        raise Refused(_("You may not say what a comment led to."))
    is_seen = revision.published_at and revision.published_at <= timezone.now()
    if revision.article_id != comment.article_id or not is_seen:
        raise Refused(_("Readers cannot see this revision of the article."))
    with transaction.atomic():
        Discussion.objects.hold(comment.article_id)
        if not Comment.objects.visible().filter(pk=comment.pk).exists():
            raise ParentGone
        led_to, is_new = LedTo.objects.get_or_create(
            comment=comment, revision=revision, defaults={"noted_by": by}
        )
        if is_new:
            AuditAct.objects.record("comment.led_to_change", by=by, on=revision)
            notifications.tell_of_change(led_to)
            Article.objects.filter(pk=comment.article_id).bump()
    return led_to


# --- what these share -----------------------------------------------------------------------------


def _say(
    comment: Comment,
    *,
    by: User,
    text: str,
    role: str,
    nonce: uuid.UUID | None,
    held_for: Sequence[str] = (),
) -> tuple[Comment, bool]:
    """Post a reply with `role`; the caller holds the discussion.

    An answer stands under its contributor's name, and beneath that under one for here alone: a
    handle, wherever it came to be seen, would tell under which name that person speaks elsewhere.
    """
    pinned = Comment.objects.filter(pinned_in([comment.root or comment]), parent=comment)
    if role in PINNED and pinned.count() >= MOST_PINNED and not _sent(by, nonce):
        raise Refused(
            _("%(count)d replies are pinned under this comment, which is the most there can be.")
            % {"count": MOST_PINNED}
        )
    kind = Voice.Kind.DISCUSSION if role == Comment.Role.ANSWER else Voice.Kind.HANDLE
    reply, is_new = Comment.objects.post(
        author=by,
        article=comment.article,
        text=text,
        parent=comment,
        role=role,
        nonce=nonce,
        kind=kind,
        likeness=likeness_of(text),
        held_for=held_for,
    )
    if reply.role != role:
        raise Refused(_("You said the same here minutes ago, and it stands as another reply."))
    return reply, is_new


def _may_answer_as(contributor: Contributor, question: Comment, by: User) -> bool:
    return may_answer(question, by) and contributor in answerers(question, by)


def _is_the_same(first: Comment, by: User, text: str, nonce: uuid.UUID | None) -> bool:
    """Tell whether the form of `first` was sent again; what was changed in it, `post` finds."""
    return first.author_id == by.pk and (first.text == text or _sent(by, nonce))


def _sent(by: User, nonce: uuid.UUID | None) -> bool:
    return bool(nonce) and Comment.objects.filter(author=by, nonce=nonce).exists()
