"""The comments of one article: what is counted of them, and who may add to them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article
from comments.models.voice import Visitor


class DiscussionQuerySet(models.QuerySet["Discussion"]):
    def hold(self, article_id: int) -> "Discussion":
        """Return an article's discussion, locked until the transaction ends.

        Whoever changes what its comments count for holds this row: such changes happen one after
        the other, and each sees what the last one left. (SQLite has one writer at a time anyway.)
        """
        if held := self.select_for_update().filter(pk=article_id).first():
            return held
        self.get_or_create(article_id=article_id)
        return self.select_for_update().get(pk=article_id)


class Discussion(models.Model):
    """What is counted of an article's comments."""

    article = models.OneToOneField(
        Article, models.PROTECT, primary_key=True, related_name="discussion"
    )
    comment_count = models.PositiveIntegerField(default=0)  # visible ones: "Comments (N)"
    thread_count = models.PositiveIntegerField(default=0)  # shown ones, quiet lines included

    objects: ClassVar[DiscussionQuerySet] = DiscussionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = gettext_lazy("discussion")
        verbose_name_plural = gettext_lazy("discussions")

    def __str__(self) -> str:
        return str(self.article_id)

    def count(self, *, comments: int, threads: int) -> None:
        """Add to both counts, or take from them.

        A count that was wrong before must not keep anybody from taking back what they said.
        """
        if not comments and not threads:
            return
        Discussion.objects.filter(pk=self.pk).update(
            comment_count=Greatest(F("comment_count") + comments, 0),
            thread_count=Greatest(F("thread_count") + threads, 0),
        )


def discussion_of(article: Article) -> Discussion:
    """Return the counts of `article`; it has none of its own before the first comment.

    Asked again for the same object it costs no query.
    """
    try:
        return article.discussion
    except Discussion.DoesNotExist:
        return Discussion(article=article)


def why_closed(article: Article, *, role: str = "") -> str:
    """Say in one sentence why nobody may add to the discussion of `article`; "" when it is open.

    To a reply with a `role` (Comment.Role) it stays open while it can be read: what readers still
    see must not stand uncorrected, and a question not unanswered, because it grew old.
    """
    if not article.is_published:
        return _("This article was withdrawn, so its discussion is closed.")
    if role:
        return ""
    if not article.comments_open:
        return _("The editors have closed this discussion.")
    if not article.category.discussions_open():
        return _("The editors have closed the discussions of this topic.")
    if article.comments_closed_by_age():
        return _("This discussion closed %(days)d days after the article was published.") % {
            "days": settings.COMMENTS_CLOSE_AFTER_DAYS
        }
    return ""


def why_not_commenting(user: Visitor) -> str:
    """Say in one sentence why `user` may not comment anywhere; "" when they may."""
    if not user.is_authenticated:
        return _("Login is required before commenting.")
    if not user.is_active:
        return _("This account may read, and not comment.")
    if not user.has_confirmed_email:
        return _("Please confirm your e-mail address before commenting.")
    if user.has_withdrawn_consent:
        return _("You have taken back your consent to publish what you write here.")
    from comments.moderation.sanctions import why_silenced  # it knows comments

    return why_silenced(user)
