"""The check of links: how many, whether they say where they lead, and where that is."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from comments.screening.outcomes import Finding, Span
from comments.screening.reading import Reading
from comments.text import WEB_ADDRESS

MANY = 3  # sources that one comment may name before a moderator looks
# Without a scheme nothing is linked, but readers can follow it all the same. Dots as people write
# them to hide an address are read as dots.
BARE = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?![\w.-]{0,64}@)(?:/[^\s<>\"]{0,200})?",
    re.IGNORECASE | re.ASCII,
)
DOTTED = re.compile(r"\.[a-z]{2}", re.IGNORECASE | re.ASCII)


def links(reading: Reading) -> Finding | None:
    text = reading.text
    has_scheme = "://" in text
    if not has_scheme and not DOTTED.search(text):
        return None
    found = WEB_ADDRESS.finditer(text) if has_scheme else ()
    addresses = [(match[0], match.span()) for match in found]
    foreign = [(host, span) for address, span in addresses if (host := _host(address))]
    bare = [(match[0].casefold(), match.span()) for match in BARE.finditer(text)]
    mentioned = foreign + [(_host(f"http://{address}"), span) for address, span in bare]
    if listed := _listed(reading, mentioned):
        phrase, spans = listed
        return reading.found("links", spans, phrase=phrase)
    if len(foreign) > MANY:
        return reading.found("links", [span for _host, span in foreign])
    return None


def _listed(reading: Reading, mentioned: list[tuple[str, Span]]) -> tuple[int, list[Span]] | None:
    """Return a domain or a shortener of the lists, and where links lead there."""
    if not mentioned:
        return None
    listed = reading.book.domains | reading.book.shorteners
    found = [
        (listed[name], span)
        for host, span in mentioned
        for name in _with_parents(host)
        if name in listed
    ]
    return (found[0][0], [span for _phrase, span in found]) if found else None


def _with_parents(host: str) -> list[str]:
    parts = host.split(".")[-8:]
    return [".".join(parts[number:]) for number in range(len(parts) - 1)]


def _host(address: str) -> str:
    """Return where an address leads, "" for this site itself; not what stands before an @."""
    try:
        host = (urlsplit(address.translate(DOTS)).hostname or "").casefold().strip(".")
    except ValueError:  # a port that is none, a bracket left open
        return "unreadable.invalid"
    own = (urlsplit(settings.SITE_URL).hostname or "").casefold()
    host = host.removeprefix("www.")
    return "" if host == own.removeprefix("www.") else host


DOTS = str.maketrans("。．｡", "...")
