"""Articles as files: Markdown with YAML front matter, read strictly and written back the same.

What a file may say is in docs/editing.md; whatever else it says is refused by name, because a
misspelt field that is skipped in silence is a summary or a source that readers never see.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import frontmatter
import yaml
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.markdown import MAX_BYTES
from articles.models import RiskClass
from articles.models.source import PARTIAL_DATE, clean_doi, clean_pmid

MAX_FILE_BYTES = MAX_BYTES + 64_000  # the text, and front matter with many sources
KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Refused(ValueError):
    """A file says something that cannot be read; the message names what."""


@dataclass(frozen=True)
class SourceEntry:
    """One entry of a file's `sources`."""

    key: str
    title: str
    publisher: str = ""
    url: str = ""
    doi: str | None = None
    pmid: str | None = None
    published: str = ""
    accessed: date | None = None
    printed: str = ""  # how the list prints it, when not as the source itself would


@dataclass(frozen=True)
class ArticleFile:
    """What a file says about an article."""

    title: str
    slug: str
    category: list[str]
    text: str
    authors: list[str] = field(default_factory=list)
    published: datetime | None = None
    language: str = "en"
    summary: str = ""
    sources: list[SourceEntry] = field(default_factory=list)
    synonyms: list[str] = field(default_factory=list)
    license: str = ""
    funding: str = ""
    risk: str = RiskClass.TREATMENT
    featured: bool = False
    comments: str = "open"


def parse(raw: bytes) -> ArticleFile:
    """Read a file. Raises Refused, with a sentence that names what is wrong."""
    if len(raw) > MAX_FILE_BYTES:
        raise Refused(_("The file is larger than %(size)d kB.") % {"size": MAX_FILE_BYTES // 1000})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_("This is not UTF-8 text (a binary file?).")) from error
    if "\x00" in text:
        raise Refused(_("There is a NUL character in it (a binary file?)."))
    try:
        post = frontmatter.loads(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Refused(
            _("The front matter is not YAML: %(why)s") % {"why": _first_line(error)}
        ) from error
    if not isinstance(post.metadata, dict) or not post.metadata:
        raise Refused(_("There is no front matter between two lines of “---”."))
    return _article(post.metadata, post.content)


def dump(article: ArticleFile) -> str:
    """Write the file that `parse` reads as `article`; what is default is left out."""
    facts: dict[str, Any] = {
        "title": article.title,
        "slug": article.slug,
        "category": "/".join(article.category),
        "authors" if len(article.authors) != 1 else "author": (
            article.authors if len(article.authors) != 1 else article.authors[0]
        ),
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "summary": article.summary,
        "license": article.license,
        "funding": article.funding,
        "risk": article.risk if article.risk != RiskClass.TREATMENT else "",
        "featured": article.featured,
        "comments": article.comments if article.comments != "open" else "",
        "synonyms": article.synonyms,
        "sources": [_source_facts(source) for source in article.sources],
    }
    written = {name: value for name, value in facts.items() if value not in ("", None, [], False)}
    head = yaml.safe_dump(written, sort_keys=False, allow_unicode=True, width=1_000)
    return f"---\n{head}---\n\n{article.text.strip(chr(10))}\n"


def _article(said: Mapping[str, Any], text: str) -> ArticleFile:
    _refuse_unknown(said, set(ArticleFile.__dataclass_fields__) - {"text"} | {"author"})
    if "author" in said and "authors" in said:
        raise Refused(_("Say either “author” or “authors”."))
    title = _text(said, "title", required=True)
    return ArticleFile(
        title=title,
        slug=_slug(_text(said, "slug") or slugify(title)),
        category=_category(_text(said, "category", required=True)),
        text=text,
        authors=_texts(said, "authors") or _texts(said, "author"),
        published=_moment(said.get("published")),
        language=_text(said, "language") or "en",
        summary=_text(said, "summary"),
        sources=_sources(said.get("sources") or []),
        synonyms=_texts(said, "synonyms"),
        license=_text(said, "license"),
        funding=_text(said, "funding"),
        risk=_choice(said, "risk", RiskClass.values, RiskClass.TREATMENT),
        featured=said.get("featured") is True,
        comments=_choice(said, "comments", ["open", "closed"], "open"),
    )


def _sources(said: Any) -> list[SourceEntry]:
    if not isinstance(said, list) or not all(isinstance(entry, dict) for entry in said):
        raise Refused(_("“sources” must be a list, each entry with a title."))
    keys = [str(entry.get("key") or "") for entry in said]
    free = (f"s{number}" for number in range(1, len(said) * 2 + 1) if f"s{number}" not in keys)
    entries = [_source(entry, key or next(free)) for entry, key in zip(said, keys, strict=True)]
    doubles = {entry.key for entry in entries if [e.key for e in entries].count(entry.key) > 1}
    if doubles:
        raise Refused(_("Two sources have the key “%(key)s”.") % {"key": sorted(doubles)[0]})
    return entries


def _source(said: Mapping[str, Any], key: str) -> SourceEntry:
    _refuse_unknown(said, set(SourceEntry.__dataclass_fields__))
    if not KEY.fullmatch(key):
        raise Refused(_("“%(key)s” is no key: use letters, digits, - _ and dots.") % {"key": key})
    published = _text(said, "published")
    return SourceEntry(
        key=key,
        title=_text(said, "title", required=True),
        publisher=_text(said, "publisher"),
        url=_text(said, "url"),
        doi=_checked(clean_doi, _text(said, "doi")),
        pmid=_checked(clean_pmid, _text(said, "pmid")),
        published=_checked(_partial_date, published) or "",
        accessed=_day(said.get("accessed")),
        printed=_text(said, "printed"),
    )


def _source_facts(source: SourceEntry) -> dict[str, Any]:
    facts = {name: getattr(source, name) for name in SourceEntry.__dataclass_fields__}
    return {name: value for name, value in facts.items() if value not in ("", None)}


def _refuse_unknown(said: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(str(name) for name in said if name not in known):
        raise Refused(_("Unknown field: %(names)s.") % {"names": ", ".join(unknown)})


def _text(said: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = said.get(name)
    if value is None or value == "":
        if required:
            raise Refused(_("“%(name)s” is missing.") % {"name": name})
        return ""
    if isinstance(value, (dict, list)):
        raise Refused(_("“%(name)s” must be one line of text.") % {"name": name})
    return " ".join(str(value).split())


def _texts(said: Mapping[str, Any], name: str) -> list[str]:
    value = said.get(name) or []
    values = value if isinstance(value, list) else [value]
    if any(isinstance(item, (dict, list)) for item in values):
        raise Refused(_("“%(name)s” must be a list of texts.") % {"name": name})
    return list(dict.fromkeys(text for item in values if (text := " ".join(str(item).split()))))


def _choice(said: Mapping[str, Any], name: str, choices: list[str], default: str) -> str:
    value = _text(said, name) or default
    if value not in choices:
        raise Refused(
            _("“%(name)s” must be one of: %(choices)s.")
            % {"name": name, "choices": ", ".join(choices)}
        )
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]{1,150}", value):
        raise Refused(_("Give a “slug” of small Latin letters, digits and hyphens."))
    return value


def _category(value: str) -> list[str]:
    names = [name.strip() for name in value.split("/")]
    if not all(slugify(name) for name in names):
        raise Refused(_("“category” must look like Health/Recovery."))
    return names


def _moment(value: Any) -> datetime | None:
    """Read a date and time; without a zone it is in TIME_ZONE."""
    if value is None or value == "":
        return None
    try:
        moment = (
            value
            if isinstance(value, datetime)
            else datetime.fromisoformat(
                value.isoformat() if isinstance(value, date) else str(value)
            )
        )
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    except (ValueError, OverflowError) as error:
        raise Refused(_("“published” is no date: %(value)s") % {"value": value}) from error


def _day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise Refused(_("“accessed” is no date: %(value)s") % {"value": value}) from error


def _partial_date(value: str) -> str:
    PARTIAL_DATE(value)
    return value


def _checked(check: Callable[[str], str], value: str) -> str | None:
    if not value:
        return None
    try:
        return check(value)
    except ValidationError as error:
        raise Refused(error.messages[0]) from error


def _first_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).split("\n")[0]
    return f"{problem} (line {mark.line + 2})" if mark else problem
