"""How the standing of a source is put in words: beside a section, and in a list of sources."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# From good to bad; of several notices about one work the worst counts.
ORDER = ("current", "superseded", "corrected", "concern", "retracted")


def rank(status: str) -> int:
    return ORDER.index(status)


def day_words(partial: str) -> str:
    """Return "3 March 2026", "March 2026" or "2026" for a day, a month or a year."""
    year, month, day = (*map(int, partial.split("-")), 0, 0)[:3]
    if not month:
        return str(year)
    try:
        whole = date(year, month, day or 1)
    except ValueError:  # 2026-02-31: the form of a day, and none
        return partial
    return date_format(whole, "DATE_FORMAT" if day else "YEAR_MONTH_FORMAT")


def at_a_section(status: str, on: str) -> str:
    """Return what readers are told beside a section that cites the work; nothing when it holds."""
    if on:
        words = {
            "retracted": _("A study cited here was retracted on %(day)s"),
            "concern": _("The publisher voiced concern about a study cited here on %(day)s"),
            "corrected": _("A study cited here was corrected on %(day)s"),
            "superseded": _("A source cited here was superseded on %(day)s"),
        }
        if len(on) < len("2026-03-31"):
            words = {
                "retracted": _("A study cited here was retracted in %(day)s"),
                "concern": _("The publisher voiced concern about a study cited here in %(day)s"),
                "corrected": _("A study cited here was corrected in %(day)s"),
                "superseded": _("A source cited here was superseded in %(day)s"),
            }
        return words[status] % {"day": day_words(on)} if status in words else ""
    return {
        "retracted": _("A study cited here was retracted"),
        "concern": _("The publisher voiced concern about a study cited here"),
        "corrected": _("A study cited here was corrected"),
        "superseded": _("A source cited here was superseded"),
    }.get(status, "")


def in_a_list(status: str, on: str) -> str:
    """Return what stands behind the work in a list of sources; nothing when it holds."""
    words = {
        "retracted": _("Retracted"),
        "concern": _("Expression of concern"),
        "corrected": _("Corrected"),
        "superseded": _("Superseded"),
    }.get(status, "")
    if not words or not on:
        return words
    return _("%(status)s, %(day)s") % {"status": words, "day": day_words(on)}


def counted(statuses: list[str]) -> str:
    """Return "3 sources, 1 retracted" for the panel at the top of an article."""
    all_of_them = ngettext("%(count)d source", "%(count)d sources", len(statuses))
    parts = [all_of_them % {"count": len(statuses)}]
    words = {
        "retracted": _("%(count)d retracted"),
        "concern": _("%(count)d with an expression of concern"),
        "corrected": _("%(count)d corrected"),
        "superseded": _("%(count)d superseded"),
    }
    for status, said in words.items():
        if count := statuses.count(status):
            parts.append(said % {"count": count})
    return ", ".join(parts)
