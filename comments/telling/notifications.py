"""Whom to tell what happened. No mail names the topic of an article, or quotes a comment.

Each `tell_…` is called in the transaction of what happened, and may be called again: nobody is told
the same twice, and nobody of what they did themselves. How it is mailed stands in mailing.py.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.mail import written
from accounts.models import User
from accounts.tasks import retrying
from comments.models import (
    Answer,
    AnswerRequest,
    Appeal,
    Badge,
    Case,
    Comment,
    Decision,
    Delivery,
    Follow,
    LedTo,
    Notification,
    Report,
)
from comments.models.notification import OF_APPEAL
from comments.models.notification_choice import Kind
from comments.moderation import report_mail
from comments.telling.mailing import mail_at_once

AT_ONCE = 500  # followers told in one transaction

# Decisions that change nothing for the writer, or that a reply of the staff tells.
UNTOLD = (Decision.Kind.KEEP, Decision.Kind.HOLD, Decision.Kind.CORRECT)


def tell_of_report(report: Report) -> None:
    """Tell the contact address, and everyone whose work it is, that a comment was reported."""
    case = Case.objects.open().get(comment=report.comment_id)
    address = settings.SITE_URL + reverse("admin:comments_case_change", args=[case.pk])
    reason = report.get_reason_display()
    body = written("comments/mail/report.txt", address=address, reason=reason)
    for recipient in {settings.CONTACT_EMAIL, *report.owners().values_list("email", flat=True)}:
        send_mail(_("A comment was reported"), body, None, [recipient])


def tell_of_badge(badge: Badge) -> None:
    """Tell a member that staff decided on their badge.

    Which profession it names, and why they decided so, stands on the page of their badges alone.
    """
    address = settings.SITE_URL + reverse("account_badges")
    body = written("comments/mail/badge.txt", address=address, badge=badge)
    send_mail(_("News about your badge"), body, None, [badge.user.email])


def tell_of_comment(comment: Comment) -> None:
    """Tell those who asked to hear of it that `comment` can be read now, for the first time.

    An answer to a question is told by `tell_of_answer`, which says more; here one that was held.
    """
    parent = comment.parent
    if comment.role == Comment.Role.ANSWER:
        for answer in Answer.objects.filter(comment=comment).select_related("comment__parent"):
            tell_of_answer(answer)
    if parent and comment.role != Comment.Role.ANSWER and parent.author_id != comment.author_id:
        kind = Kind.OFFICIAL if comment.role else Kind.REPLY
        tell([parent.author_id], kind, comment=comment)
    followers = Follow.objects.followed().filter(article=comment.article_id)
    if followers.exclude(user=comment.author_id).exists():
        tell_followers.enqueue(comment.pk)


def tell_of_answer(answer: Answer) -> None:
    """Tell a member that their question was answered."""
    question = answer.comment.parent
    if question and question.author_id != answer.comment.author_id:
        tell([question.author_id], Kind.ANSWERED, comment=answer.comment)


def tell_of_decision(decision: Decision, *, instead_to_writer: Appeal | None = None) -> None:
    """Tell the writer what was decided on their comment, and the reporters what became of it.

    `instead_to_writer`: the appeal that it settles, which says the same to them.
    """
    if decision.undone_at:
        return
    if instead_to_writer:
        tell_of_appeal(instead_to_writer)
    is_news = decision.kind not in UNTOLD and decision.subject_id != decision.by_id
    # Who has appealed against it, before a late worker came, has read it; they hear of the appeal.
    is_news = is_news and not instead_to_writer
    if is_news and not Appeal.objects.filter(decision=decision).exists():
        tell([decision.subject_id], Kind.DECISION, comment=decision.comment, decision=decision)
    for report in decision.reports.all():
        tell_of_outcome(report)


def tell_of_appeal(appeal: Appeal) -> None:
    """Tell a member that their appeal was decided."""
    decision = appeal.decision
    about = {"comment": decision.comment, "decision": decision}
    tell([decision.subject_id], Kind.DECISION, **about, mark=OF_APPEAL)


def tell_of_outcome(report: Report) -> None:
    """Tell a reporter what became of their report: on site, or at the address they left."""
    if not report.reporter_id:
        report_mail.mail_outcome(report)
        return
    with transaction.atomic():
        untold = Report.objects.filter(pk=report.pk, told_at=None)
        decider = report.decision and report.decision.by_id
        if untold.update(told_at=timezone.now()) and report.reporter_id != decider:
            tell([report.reporter_id], Kind.OUTCOME, report=report)


def tell_of_change(led_to: LedTo) -> None:
    """Tell a member that their comment led to a change in the article."""
    comment = led_to.comment
    if comment.author_id != led_to.noted_by_id:
        tell([comment.author_id], Kind.CHANGE, comment=comment, mark=str(led_to.revision_id))


def tell_asked(request: AnswerRequest) -> None:
    """Tell a contributor who has an account that they are asked to answer a question."""
    asked = request.contributor.user_id
    if asked and asked != request.asked_by_id:
        tell([asked], Kind.ASKED, comment=request.comment, mark=str(request.pk))


@task
@retrying(times=5, first_pause=timedelta(minutes=1))
def tell_followers(comment_id: int) -> None:
    """Tell those who follow the discussion, and were not told of this comment as its addressees."""
    comment = Comment.objects.select_related("article__live").get(pk=comment_id)
    told = Notification.objects.filter(comment=comment).values("user")
    unless = Q(pk__in=told) | Q(pk=comment.author_id)
    for followers in batches_of_followers(comment.article_id, since=comment.shown_at):
        comment.refresh_from_db()
        if not (comment.is_visible and comment.article.is_published):
            tell_followers_after_undo(comment)
            return
        with transaction.atomic():
            tell(followers.exclude(unless), Kind.FOLLOWED, comment=comment)


def tell_followers_after_undo(comment: Comment) -> None:
    """Come back to a comment that was taken down a moment ago: that can still be undone."""
    if last := Decision.objects.undoable().filter(comment=comment).order_by("at").last():
        tell_followers.using(run_after=last.undoable_until).enqueue(comment.pk)


def batches_of_followers(article_id: int, *, since: datetime) -> Iterator[QuerySet[User]]:
    """Yield those who follow a discussion since then, some at a time, for short transactions."""
    followers = Follow.objects.followed().filter(article=article_id, since__lte=since)
    followers = followers.order_by("user")
    for pks in batched(followers.values_list("user", flat=True), AT_ONCE):
        yield User.objects.filter(pk__in=pks)


def tell(who: QuerySet[User] | list[int], kind: Kind, **about: Any) -> None:
    """Write down what is told in the transaction of what happened; a worker mails it."""
    users = User.objects.filter(pk__in=who) if isinstance(who, list) else who
    with transaction.atomic():
        for told in Notification.objects.tell_all(users, kind, **about):
            if told.delivery == Delivery.INSTANT:
                mail_at_once.enqueue(told.user_id)
