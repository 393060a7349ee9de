"""What waits for clinical reviewers: what they were asked to sign, and what changed since."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import DeskItem
from accounts.models import User
from articles.desk.items import AT_MOST, item, on_day
from articles.models import Article, MinorEdit, Review, ReviewState, SignOffLink


def desk_items(user: User) -> Iterator[DeskItem]:
    if user.has_perm("articles.add_review"):
        yield from _asked_to_sign(user)
        yield from _changed_since(user)
    if user.has_perm("articles.change_minoredit"):
        yield from _spellings(user)


def _asked_to_sign(user: User) -> Iterator[DeskItem]:
    """Name what was sent to them by link: with an account they need none."""
    links = SignOffLink.objects.usable().filter(
        contributor__user=user.pk, revision__article__withdrawn_at=None
    )
    for link in links.select_related("revision").order_by("expires_at")[:AT_MOST]:
        place = [link.revision.article_id, link.revision.number]
        yield DeskItem(
            heading=_("To review"),
            title=link.revision.title,
            url=reverse("admin:articles_article_review_revision", args=place),
            note=on_day(_("asked until %(day)s"), link.expires_at),
        )


def _changed_since(user: User) -> Iterator[DeskItem]:
    """Name what they signed and that is not, today, all as it was signed."""
    signed = Review.objects.standing().filter(contributor__user=user.pk)
    changed = Article.objects.published().filter(
        review_state=ReviewState.CHANGED, pk__in=signed.values("revision__article")
    )
    for article in changed.with_newest().order_by("-newest_at")[:AT_MOST]:
        note = on_day(_("last written on %(day)s"), article.newest_at)
        yield item(_("Changed since you signed"), article, note, act="review")


def _spellings(user: User) -> Iterator[DeskItem]:
    waiting = MinorEdit.objects.filter(to_check=True, checked_at=None).exclude(marked_by=user.pk)
    if count := waiting.count():
        note = ngettext("%(count)d edit", "%(count)d edits", count)
        yield DeskItem(
            heading=_("To review"),
            title=_("Edits marked as spellings"),
            url=reverse("admin:articles_minoredit_changelist"),
            note=note % {"count": count},
        )
