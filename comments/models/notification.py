"""What a member is told: on the site, and by mail as they chose."""

from datetime import datetime
from typing import Any, ClassVar, Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Departure, User
from articles.models import Article, Correction
from comments.models.answer import AnswerRequest
from comments.models.comment import Comment
from comments.models.decision import Decision
from comments.models.follow import Follow
from comments.models.ignored import Ignored
from comments.models.notification_choice import (
    Delivery,
    Kind,
    NotificationChoice,
    delivery_of,
)
from comments.models.report import Report

# Above it the inbox says "99+": nobody waits for more to be counted.
MOST_COUNTED = 99

# What marks the answer to an appeal, among what is told of its decision.
OF_APPEAL = "appeal"

# The words of somebody, who may be ignored.
SPOKEN = {Kind.REPLY, Kind.OFFICIAL, Kind.ANSWERED, Kind.FOLLOWED}
# Nothing of these from a muted discussion. What was decided on somebody's words or report, and
# what they were asked to do, they hear of all the same; and corrections are about the article, not
# about what is said of it: who hears of them says comments/telling/correction_news.py.
MUTABLE = SPOKEN | {Kind.CHANGE}
# What leads to a comment, and so waits while a moderator reads that one again.
OF_COMMENTS = SPOKEN | {Kind.CHANGE, Kind.ASKED}


class CountOfRows(Subquery):
    """How many rows a query finds, which may be limited: the database counts no further."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, user: User) -> Self:
        """Return what stands in the inbox of `user`."""
        return self.filter(user=user, dropped_at=None)

    def unread(self) -> Self:
        return self.filter(read_at=None, dropped_at=None)

    def count_of_unread(self, user: User) -> CountOfRows:
        """Return what counts the unread of `user` in another query, to one above MOST_COUNTED."""
        unread = self.filter(user=user).unread().order_by()
        return CountOfRows(unread.values("pk")[: MOST_COUNTED + 1])

    def to_mail(self) -> Self:
        """Return what no mail has told yet, and one shall."""
        return self.unread().filter(mailed_at=None).exclude(delivery=Delivery.OFF)

    def held(self) -> Self:
        """Return what may be told later: it leads to what waits for a moderator, or to what one
        decided a moment ago and can still undo.
        """
        return self.filter(leads_to_what_is_held() | leads_to_what_can_be_undone())

    def to_mail_now(self) -> Self:
        """Return what is `to_mail`, but for what is `held`."""
        waits = leads_to_what_is_held() | leads_to_what_can_be_undone()
        return self.to_mail().exclude(waits)

    def with_what_it_tells(self) -> Self:
        """Fetch what `is_true` and the inbox look at, and no text of an article."""
        rows = self.select_related(
            *("article__live", "comment__voice", "comment__article__live", "decision__comment"),
            "comment__answer__contributor",
            *("report__decision__comment", "report__comment__article__live"),
        )
        unread = ("text", "plain_text", "section_html", "contents")
        lives = ("article__live", "comment__article__live", "report__comment__article__live")
        return rows.defer(*(f"{live}__{field}" for live in lives for field in unread))

    def tell(self, user: User, kind: str, **about: Any) -> "list[Notification]":
        """Tell `user` in the transaction of what happened; see `tell_all`."""
        return self.tell_all(User.objects.filter(pk=user.pk), kind, **about)

    def tell_all(
        self,
        users: models.QuerySet[User],
        kind: str,
        *,
        comment: Comment | None = None,
        decision: Decision | None = None,
        report: Report | None = None,
        article: Article | None = None,
        mark: str = "",
    ) -> "list[Notification]":
        """Tell those of `users` who want to hear of it; return a row for each, stored or not.

        The same thing is told once, however often this is called; `mark` tells apart what the rows
        do not.
        """
        about = {"comment": comment, "decision": decision, "report": report, "article": article}
        key = ":".join([kind, *(str(row.pk) if row else "" for row in about.values()), mark])
        told = [
            Notification(user=user, kind=kind, key=key, delivery=delivery, **about)
            for user, delivery in deliveries(hearers(users, kind, comment, article), kind)
        ]
        return self.bulk_create(told, ignore_conflicts=True)

    def mark_read(self, user: User, *, until: datetime | None = None, pk: int = 0) -> int:
        """Note that `user` read one, or all that came until then."""
        which = Q(pk=pk) if until is None else Q(created_at__lte=until)
        with transaction.atomic():
            # The worker that mails them holds it too: their rows are changed one after the other.
            User.objects.select_for_update(no_key=True).values("pk").get(pk=user.pk)
            return self.of(user).unread().filter(which).update(read_at=timezone.now())


class Notification(models.Model):
    """One thing that one member is told."""

    Kind = Kind

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="notifications"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    # What it is about, in short: nobody is told the same twice.
    key = models.CharField(max_length=120, editable=False)
    comment = models.ForeignKey(Comment, models.PROTECT, null=True, related_name="+")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    article = models.ForeignKey(Article, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("read"), null=True)
    delivery = models.CharField(_("by mail"), max_length=10, choices=Delivery)
    mailed_at = models.DateTimeField(_("mailed"), null=True)
    # Before anybody was told, there was nothing to tell any more.
    dropped_at = models.DateTimeField(_("dropped"), null=True)

    objects: ClassVar[NotificationQuerySet] = NotificationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint("user", "key", name="notification_once")]
        indexes = [
            models.Index("user", F("created_at").desc(), F("id").desc(), name="notification_inbox"),
            models.Index(
                "user",
                condition=Q(read_at=None, dropped_at=None),
                name="notification_unread",
            ),
            models.Index(
                "delivery",
                "user",
                condition=Q(mailed_at=None, dropped_at=None),
                name="notification_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_true(self) -> bool:
        """Tell whether what it says can still be seen, or still holds."""
        match self.kind:
            case Kind.DECISION:
                return decision_stands(self.decision)
            case Kind.OUTCOME:
                return decision_stands(self.report.decision if self.report else None)
            case Kind.CORRECTION:
                return Correction.objects.public().filter(pk=self.correction_id).exists()
            case Kind.ASKED:
                return self._comment_is_seen and self._is_asked
        return self._comment_is_seen

    @property
    def correction_id(self) -> int:
        """Return the correction that it tells of, which stands in its key."""
        return int(self.key.rpartition(":")[2] or 0) if self.kind == Kind.CORRECTION else 0

    @property
    def is_about_appeal(self) -> bool:
        return self.key.endswith(f":{OF_APPEAL}")

    @property
    def is_wanted(self) -> bool:
        """Tell whether its reader still wants to hear of it, and by mail."""
        off = NotificationChoice.objects.filter(
            user=self.user_id, kind=self.kind, delivery=Delivery.OFF
        )
        me = User.objects.filter(pk=self.user_id)
        return hearers(me, self.kind, self.comment, self.article).exists() and not off.exists()

    @property
    def _comment_is_seen(self) -> bool:
        comment = self.comment
        return comment is not None and comment.is_visible and comment.article.is_published

    @property
    def _is_asked(self) -> bool:
        asked = AnswerRequest.objects.open().filter(comment=self.comment_id)
        return asked.filter(contributor__user=self.user_id).exists()


def leads_to_what_is_held() -> Q:
    held = Comment.objects.held().filter(pk=OuterRef("comment"))
    return Q(Exists(held), kind__in=OF_COMMENTS)


def leads_to_what_can_be_undone() -> Q:
    """Return the condition for what tells of comments that a moderator took down just now."""
    undoable = Decision.objects.undoable().filter(comment__removed_at__isnull=False)
    told_of = Q(comment=OuterRef("comment")) | Q(comment=OuterRef("report__comment"))
    return Q(Exists(undoable.filter(told_of)))


def decision_stands(decision: Decision | None) -> bool:
    """Tell whether it was not undone; an approved comment shall be there to be seen as well."""
    if decision is None:
        return True
    seen = decision.kind != Decision.Kind.APPROVE or decision.comment.is_visible
    return seen and not decision.undone_at


def hearers(
    users: models.QuerySet[User], kind: str, comment: Comment | None, article: Article | None
) -> models.QuerySet[User]:
    """Return those of `users` who are here, and want to hear of such a thing."""
    users = users.filter(is_active=True, erased_at=None)
    if kind != Kind.DECISION:
        users = users.exclude(Exists(Departure.objects.filter(user=OuterRef("pk"))))
    place = article.pk if article else comment.article_id if comment else None
    if kind in MUTABLE and place:
        muted = Follow.objects.filter(user=OuterRef("pk"), article=place, is_muted=True)
        users = users.exclude(Exists(muted))
    if kind in SPOKEN and comment:
        ignored = Ignored.objects.filter(user=OuterRef("pk"), voice=comment.voice_id)
        users = users.exclude(Exists(ignored))
    return users


def deliveries(users: models.QuerySet[User], kind: str) -> list[tuple[User, str]]:
    """Return each of `users` with how they hear of it; without a confirmed address, on site."""
    chosen = NotificationChoice.objects.filter(user=OuterRef("pk"), kind=kind)
    confirmed = EmailAddress.objects.filter(
        user=OuterRef("pk"), verified=True, email__iexact=OuterRef("email")
    )
    found = users.annotate(
        confirmed=Exists(confirmed), chosen=Subquery(chosen.values("delivery")[:1])
    )
    return [
        (user, delivery_of(kind, user.chosen) if user.confirmed else Delivery.OFF)
        for user in found.order_by("pk")
    ]
