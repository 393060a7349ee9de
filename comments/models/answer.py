"""Questions that are answered by somebody with a name and a profession, and what they change."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Contributor, Revision
from comments.models.comment import Comment
from comments.models.comment_query import CommentQuerySet


class QuestionQuerySet(CommentQuerySet):
    def unanswered(self) -> Self:
        """Return those that readers see, and no answer to them."""
        answers = self.model._base_manager.filter(
            *(Q(parent=OuterRef("pk")), Q(role=Comment.Role.ANSWER)),
            removed_at=None, withdrawn_at=None, hidden_at=None,
        )  # fmt: skip
        return self.visible().filter(~Exists(answers), is_question=True, root=None)


class Question(Comment):
    """A comment whose writer asks something, as staff see it who answer."""

    objects: ClassVar[QuestionQuerySet] = QuestionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("question")
        verbose_name_plural = _("questions")


class Answer(models.Model):
    """Who answers, beside the comment that holds the words of the answer."""

    comment = models.OneToOneField(Comment, models.PROTECT, related_name="answer")
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="answers")
    # As they were on that day; the contributor's row may change.
    profession = models.CharField(_("profession"), max_length=200, blank=True)
    # The wording of the article that it was given on: it is marked when this section changes.
    section_key = models.CharField(max_length=200, blank=True)
    section_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return str(_("Answer %(id)s") % {"id": self.pk})


class AnswerRequestQuerySet(models.QuerySet["AnswerRequest"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class AnswerRequest(models.Model):
    """That staff asked a contributor to answer a question."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="answer_requests")
    contributor = models.ForeignKey(Contributor, models.PROTECT, related_name="answer_requests")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("answered or taken back"), null=True)

    objects: ClassVar[AnswerRequestQuerySet] = AnswerRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("request for an answer")
        verbose_name_plural = _("requests for answers")
        constraints = [
            models.UniqueConstraint(
                "comment", "contributor", condition=Q(ended_at=None), name="answer_asked_once"
            )
        ]

    def __str__(self) -> str:
        return str(_("Request %(id)s") % {"id": self.pk})


class LedTo(models.Model):
    """That a comment led to a change in the article."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="led_to")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by")
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("change that a comment led to")
        verbose_name_plural = _("changes that comments led to")
        constraints = [models.UniqueConstraint("comment", "revision", name="led_to_once")]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.revision_id}"
