"""/help/: the number to call stands first, whatever else is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.caching import public_page
from articles.countries import name_of
from articles.models import HelpLine, Page

KINDS = list(HelpLine.Kind)


@dataclass(frozen=True)
class Country:
    """The lines of one country that are shown."""

    code: str
    lines: tuple[HelpLine, ...] = ()

    @property
    def name(self) -> str:
        return name_of(self.code)

    @cached_property
    def emergency(self) -> list[HelpLine]:
        return [line for line in self.lines if line.kind == HelpLine.Kind.EMERGENCY]

    @cached_property
    def others(self) -> list[tuple[str, list[HelpLine]]]:
        """Return what is not for emergencies, by kind, in the order of the kinds."""
        rest = [line for line in self.lines if line.kind != HelpLine.Kind.EMERGENCY]
        rest.sort(key=lambda line: KINDS.index(HelpLine.Kind(line.kind)))
        return [
            (str(HelpLine.Kind(kind).label), list(lines))
            for kind, lines in groupby(rest, lambda line: line.kind)
        ]


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Show the lines of the country that was chosen, of the site's own when none was."""
    page = get_object_or_404(Page, slug=Page.Slug.HELP)
    asked = request.GET.get("country", "").strip().upper()
    listed = HelpLine.objects.countries()

    def answer() -> HttpResponse:
        # Somebody in need gets numbers for whatever they typed, and not a page of errors.
        is_known = asked in listed
        context = {
            "page": page,
            "country": asked if is_known else settings.COUNTRY,
            "is_unknown": bool(asked) and not is_known,
        }
        return render(request, "articles/help.html", context)

    return public_page(
        request,
        # The day, because lines are shown until one comes.
        made_of=(page.version, settings.COUNTRY, timezone.localdate(), *HelpLine.objects.state()),
        render=answer,
        parameters={"country": "|".join(listed) or "(?!)"},
    )


def country_at(code: str) -> Country:
    """Return the lines of a country; one that has none, or no code at all, is empty."""
    lines = HelpLine.objects.shown().of_country(code) if code else ()
    return Country(code.upper(), tuple(lines))


def by_name(codes: Iterable[str]) -> list[Country]:
    """Return the countries with these codes, without their lines, as an index lists them."""
    return sorted(map(Country, codes), key=lambda country: country.name.casefold())
