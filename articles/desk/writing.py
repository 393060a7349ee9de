"""What waits for those who write: their drafts, and what they were asked to change or to say."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.desk import DeskItem
from accounts.models import User
from articles.desk.items import AT_MOST, item, newest_of, on_day, when
from articles.models import Article, Review, SectionNote
from articles.publishing import name_of


def asked_items(user: User) -> Iterator[DeskItem]:
    if user.has_perm("articles.change_article"):
        yield from _changes_wanted(user)
    if user.has_perm("articles.view_sectionnote"):
        yield from _notes(user)


def draft_items(user: User) -> Iterator[DeskItem]:
    """Name the articles that this person last worked on and that readers do not see."""
    if not user.has_perm("articles.change_article"):
        return
    mine = Article.objects.with_newest().filter(
        newest_by=user.pk, published_at__isnull=True, withdrawn_at__isnull=True
    )
    for article in mine.order_by("-newest_at")[:AT_MOST]:
        yield item(_("Your drafts"), article, when(_("last written %(when)s"), article.newest_at))


def _changes_wanted(user: User) -> Iterator[DeskItem]:
    """Name what reviewers want to be changed in the newest words of theirs."""
    theirs = Q(revision__created_by=user.pk) | Q(
        revision__article__in=Article.objects.filter(authors__user=user.pk).values("pk")
    )
    wanted = (
        Review.objects.filter(theirs, revision=newest_of("revision__article"))
        .filter(taken_back_at=None, disputed_at=None, revision__article__withdrawn_at=None)
        .exclude(outcome=Review.Outcome.APPROVE)
        .select_related("revision")
    )
    for review in wanted.order_by("-signed_at", "-pk")[:AT_MOST]:
        note = on_day(str(review.get_outcome_display()) + ", %(day)s", review.signed_at)
        yield DeskItem(
            heading=_("Reviewers asked for changes"),
            title=review.revision.title,
            url=reverse("admin:articles_article_change", args=[review.revision.article_id]),
            note=f"{review.name}: {note}",
        )


def _notes(user: User) -> Iterator[DeskItem]:
    """Name the open notes that ask this person."""
    asked = SectionNote.objects.open().filter(
        asked=user.pk, section__revision__article__withdrawn_at=None
    )
    for note in asked.select_related("section__revision").order_by("at", "pk")[:AT_MOST]:
        revision = note.section.revision
        address = reverse("admin:articles_article_notes", args=[revision.article_id])
        yield DeskItem(
            heading=_("You were asked"),
            title=f"{revision.title}: {name_of(note.section)}",
            url=f"{address}#note-{note.pk}",
            note=when(_("since %(when)s"), note.at),
        )
