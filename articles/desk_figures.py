"""What the page of figures at the desk counts: three questions, each with a drawing."""

from collections import Counter
from datetime import date, datetime, time
from itertools import pairwise

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.charts import Chart, columns, lines
from articles.models import Article, ReviewRound, Source
from articles.models.due import months_later

MONTHS = 12  # back, this one included, and as many ahead
MARKED = 3  # one month in so many has its name below
AGES = (6, 12, 24, 36)  # months


def charts() -> list[Chart]:
    return [by_month(), by_age(), by_status()]


def by_month() -> Chart:
    """Count finished reviews, and reviews that are due, by month."""
    this = timezone.localdate().replace(day=1)
    months = [months_later(this, number) for number in range(1 - MONTHS, MONTHS + 1)]
    done, due = _finished(months[0]), _due()
    earlier = sum(number for month, number in due.items() if month < months[0])
    rows = [(date_format(month, "F Y"), [done[month], due[month]]) for month in months]
    described = [_("In the last twelve months %(count)d reviews were finished.")]
    described.append(
        _("In the next twelve %(due)d are due; %(late)d are due since before this month.")
    )
    numbers = {
        "count": sum(done.values()),
        "due": sum(due[month] for month in months[MONTHS:]),
        "late": sum(number for month, number in due.items() if month < this),
    }
    return columns(
        "months",
        _("Reviews finished and due, by month"),
        " ".join(described) % numbers,
        [_("Month"), _("Finished"), _("Due")],
        [*([(_("Earlier"), [0, earlier])] if earlier else []), *rows],
        {
            at + bool(earlier): date_format(month, "M")
            for at, month in enumerate(months)
            if at % MARKED == 0
        },
    )


def by_age() -> Chart:
    """Count what is published by how old the words are that readers see."""
    today = timezone.localdate()
    published = Article.objects.published().values_list("live__published_at", flat=True)
    since = [timezone.localdate(at) for at in published if at]
    limits = [months_later(today, -months) for months in AGES]
    numbers = [sum(day > limits[0] for day in since)]
    numbers += [sum(older < day <= newer for day in since) for newer, older in pairwise(limits)]
    numbers.append(sum(day <= limits[-1] for day in since))
    labels = [_("Up to 6 months"), _("6 to 12 months"), _("1 to 2 years")]
    labels += [_("2 to 3 years"), _("3 years and more")]
    said = ngettext(
        "%(old)d of %(count)d article has words of three years ago or more.",
        "%(old)d of %(count)d articles have words of three years ago or more.",
        len(since),
    )
    return lines(
        "ages",
        _("Age of the text that readers see"),
        said % {"old": numbers[-1], "count": len(since)},
        [_("Age"), _("Articles")],
        list(zip(labels, numbers, strict=True)),
    )


def by_status() -> Chart:
    """Count the sources that a published text cites, by what became of them."""
    live = Article.objects.published().values("live")
    cited = Source.objects.filter(citations__revision__in=live).order_by()
    counted = dict(cited.values_list("status").annotate(number=Count("pk", distinct=True)))
    rows = [(str(status.label), counted.get(status.value, 0)) for status in Source.Status]
    changed = sum(counted.values()) - counted.get(Source.Status.CURRENT, 0)
    said = ngettext(
        "%(changed)d of %(count)d cited source is no longer what it was.",
        "%(changed)d of %(count)d cited sources are no longer what they were.",
        sum(counted.values()),
    )
    return lines(
        "sources",
        _("Cited sources, by status"),
        said % {"changed": changed, "count": sum(counted.values())},
        [_("Status"), _("Sources")],
        rows,
    )


def _finished(first: date) -> Counter[date]:
    begin = timezone.make_aware(datetime.combine(first, time.min))
    finished = ReviewRound.objects.filter(finished_at__gte=begin)
    times = finished.values_list("finished_at", flat=True)
    return Counter(timezone.localdate(at).replace(day=1) for at in times)


def _due() -> Counter[date]:
    days = Article.objects.published().values_list("next_due", flat=True)
    return Counter(day.replace(day=1) for day in days if day)
