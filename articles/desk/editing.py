"""What waits for those who publish: what needs a second person, sources, reviews, readers."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import DeskItem
from accounts.models import User
from articles import review_queue
from articles.desk.items import AT_MOST, item, on_day, when
from articles.models import Article, Correction, ReaderMessage, ReviewState, SourceTask
from articles.publishing import PUBLISH

SOON = timedelta(days=14)
LATE = 5  # overdue reviews that are named; the queue has the rest


def safety_items(user: User) -> Iterator[DeskItem]:
    """Name what is out already, and waits for a second person."""
    if user.has_perm(PUBLISH):
        yield from _withdrawn(user)
    if user.has_perm("articles.change_correction"):
        yield from _corrections(user)
    if user.has_perm("articles.change_sourcetask"):
        yield from _source_tasks()


def desk_items(user: User) -> Iterator[DeskItem]:
    if user.has_perm("articles.change_readermessage"):
        yield from _messages()
    if user.has_perm("articles.add_reviewround"):
        yield from _reviews()
    if user.has_perm(PUBLISH):
        yield from _newer_than_live()
        yield from _changed()
        yield from _scheduled()


# --- a second person ------------------------------------------------------------------------------


def _withdrawn(user: User) -> Iterator[DeskItem]:
    waiting = Article.objects.with_newest().filter(
        withdrawn_at__isnull=False, withdrawn_by__isnull=False, withdrawal_confirmed_at=None
    )
    for article in waiting.exclude(withdrawn_by=user.pk).order_by("withdrawn_at")[:AT_MOST]:
        note = when(_("withdrawn %(when)s"), article.withdrawn_at)
        yield item(_("To confirm as a second person"), article, note)


def _corrections(user: User) -> Iterator[DeskItem]:
    waiting = Correction.objects.to_confirm().exclude(by=user.pk).for_list()
    for entry in waiting.order_by("at", "pk")[:AT_MOST]:
        yield DeskItem(
            heading=_("To confirm as a second person"),
            title=str(entry),
            url=reverse("admin:articles_correction_change", args=[entry.pk]),
            note=when(_("published %(when)s"), entry.at),
        )


def _source_tasks() -> Iterator[DeskItem]:
    waiting = Q(confirmed_at=None)
    counts = SourceTask.objects.open().aggregate(
        to_confirm=Count("pk", filter=waiting), to_deal_with=Count("pk", filter=~waiting)
    )
    titles = {
        "to_confirm": _("Was this work retracted or corrected?"),
        "to_deal_with": _("Sections that rest on a changed source"),
    }
    for state, title in titles.items():
        if count := counts[state]:
            note = ngettext("%(count)d section", "%(count)d sections", count)
            yield DeskItem(
                heading=_("Sources"),
                title=title,
                url=reverse("admin:articles_sourcetask_changelist", query={"state": state}),
                note=note % {"count": count},
            )


# --- readers, and what they read ------------------------------------------------------------------


def _messages() -> Iterator[DeskItem]:
    new = ReaderMessage.objects.filter(state=ReaderMessage.State.NEW).select_related(
        "article__live"
    )
    unread = ("text", "plain_text", "contents", "section_html")
    new = new.defer(*(f"article__live__{name}" for name in unread))
    for message in new.order_by("at", "pk")[:AT_MOST]:
        yield DeskItem(
            heading=_("Messages from readers"),
            title=str(message.article),
            url=reverse("admin:articles_readermessage_change", args=[message.pk]),
            note=when(_("since %(when)s"), message.at),
        )


def _reviews() -> Iterator[DeskItem]:
    """Name this week's plan, what is overdue, and how much is due soon."""
    late, soon = review_queue.waiting()
    plan = review_queue.week_plan(late, soon)
    heading, queue = _("Reviews due"), reverse("admin:articles_reviewround_changelist")
    if plan.chosen:
        yield DeskItem(heading, _("This week: %(plan)s") % {"plan": plan.in_words}, queue)
    for row in review_queue.rows_of(late[:LATE]):
        yield DeskItem(
            heading=heading,
            title=str(row.article),
            url=reverse("admin:articles_article_finish_review", args=[row.article.pk]),
            note=on_day(_("was due on %(day)s"), row.due.day),
        )
    more = {"overdue": len(late) - LATE, "soon": len(soon)}
    titles = {"overdue": _("More that is overdue"), "soon": _("Due within 60 days")}
    for state, count in more.items():
        if count > 0:
            note = ngettext("%(count)d article", "%(count)d articles", count) % {"count": count}
            yield DeskItem(heading, titles[state], f"{queue}?state={state}", note)
    if late or soon:
        yield DeskItem(heading, _("Figures"), reverse("admin:articles_reviewround_figures"))


def _newer_than_live() -> Iterator[DeskItem]:
    waiting = Article.objects.with_newest().filter(
        newest_number__gt=F("live__number"),
        published_at__isnull=False,
        withdrawn_at__isnull=True,
    )
    for article in waiting.order_by("newest_at")[:AT_MOST]:
        note = when(_("waiting since %(when)s"), article.newest_at)
        yield item(_("Changed, and not yet published"), article, note)


def _changed() -> Iterator[DeskItem]:
    """Name what readers see and what is not, today, all as it was signed."""
    changed = Article.objects.published().filter(review_state=ReviewState.CHANGED)
    for article in changed.with_newest().order_by("newest_at")[:AT_MOST]:
        note = on_day(_("last written on %(day)s"), article.newest_at)
        yield item(_("Changed since clinical review"), article, note, act="ask")


def _scheduled() -> Iterator[DeskItem]:
    now = timezone.now()
    soon = Article.objects.with_newest().filter(
        published_at__gt=now, published_at__lt=now + SOON, withdrawn_at__isnull=True
    )
    for article in soon.order_by("published_at")[:AT_MOST]:
        note = when(_("goes out %(when)s"), article.published_at)
        yield item(_("Scheduled"), article, note)
