"""Articles as files: Markdown with YAML front matter, read strictly and written back the same.

What a file may say is in docs/editing.md; whatever else it says is refused by name, because a
misspelt field that is skipped in silence is a summary or a source that readers never see.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.markdown import MAX_BYTES, normalise, one_line
from articles.models import RiskClass
from articles.models.source import PARTIAL_DATE, clean_doi, clean_pmid

MAX_FILE_BYTES = MAX_BYTES + 64_000  # the text, and front matter with many sources
KEY = re.compile(r"[A-Za-z0-9_.-]{1,64}")
PARTS = re.compile(r"\s*-{3,}[ \t]*\n(.*?)^-{3,}[ \t]*$\n?(.*)", re.DOTALL | re.MULTILINE)
YEARS = range(2, 9999)  # a time in any zone is then a time in every other


class Refused(ValueError):
    """A file says something that cannot be read; the message names what."""


class Loader(yaml.SafeLoader):
    """YAML in which words mean themselves: `no` is Norwegian, and 12:30 no number of seconds."""

    yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a field that is there twice: of the two, one would be skipped in silence."""
        names = [name for name, _value in node.value if isinstance(name, yaml.ScalarNode)]
        times = Counter(name.value for name in names)
        for name in names[::-1]:
            if times[name.value] > 1:
                problem = _("“%(name)s” is there twice") % {"name": name.value}
                raise yaml.constructor.ConstructorError(None, None, problem, name.start_mark)
        return super().construct_mapping(node, deep)


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
    path: str
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
        text = normalise(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(_("This is not UTF-8 text (a binary file?).")) from error
    if b"\x00" in raw:
        raise Refused(_("There is a NUL character in it (a binary file?)."))
    parts = PARTS.fullmatch(text)
    try:
        said = yaml.load(parts[1], Loader) if parts else None  # noqa: S506 - a safe one
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Refused(
            _("The front matter is not YAML: %(why)s") % {"why": _first_line(error)}
        ) from error
    if not parts or not isinstance(said, dict) or not said:
        raise Refused(_("There is no front matter between two lines of “---”."))
    return _article(said, parts[2].strip("\n"))


def dump(article: ArticleFile) -> str:
    """Write the file that `parse` reads as `article`; what is default is left out."""
    authors = _each_once(article.authors)
    facts: dict[str, Any] = {
        "title": article.title,
        "slug": article.slug,
        "category": _category_fact(article.category),
        "path": article.path if article.path != path_of(article.category) else "",
        "authors" if len(authors) != 1 else "author": authors if len(authors) != 1 else authors[0],
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "summary": article.summary,
        "license": article.license,
        "funding": article.funding,
        "risk": article.risk if article.risk != RiskClass.TREATMENT else "",
        "featured": article.featured,
        "comments": article.comments if article.comments != "open" else "",
        "synonyms": _each_once(article.synonyms),
        "sources": [_source_facts(source) for source in article.sources],
    }
    head = yaml.safe_dump(_said(facts), sort_keys=False, allow_unicode=True, width=1_000)
    return f"---\n{head}---\n\n{article.text.strip(chr(10))}\n"


def path_of(category: list[str]) -> str:
    """Return the path that the names of a category make when the file tells none."""
    return "/".join(map(slugify, category))


def _article(said: Mapping[str, Any], text: str) -> ArticleFile:
    _refuse_unknown(said, set(ArticleFile.__dataclass_fields__) - {"text"} | {"author"})
    if "author" in said and "authors" in said:
        raise Refused(_("Say either “author” or “authors”."))
    title = _text(said, "title", required=True)
    category = _category(said)
    return ArticleFile(
        title=title,
        slug=_slug(_text(said, "slug") or slugify(title)),
        category=category,
        path=_path(_text(said, "path") or path_of(category), category),
        text=text,
        authors=_texts(said, "authors") or _texts(said, "author"),
        published=_moment(_text(said, "published")),
        language=_text(said, "language") or "en",
        summary=_text(said, "summary"),
        sources=_sources(said.get("sources") or []),
        synonyms=_texts(said, "synonyms"),
        license=_text(said, "license"),
        funding=_text(said, "funding"),
        risk=_choice(said, "risk", RiskClass.values, RiskClass.TREATMENT),
        featured=_choice(said, "featured", ["true", "false"], "false") == "true",
        comments=_choice(said, "comments", ["open", "closed"], "open"),
    )


def _sources(said: Any) -> list[SourceEntry]:
    if not isinstance(said, list) or not all(isinstance(entry, dict) for entry in said):
        raise Refused(_("“sources” must be a list, each entry with a title."))
    keys = [_text(entry, "key") for entry in said]
    doubles = sorted(key for key, times in Counter(keys).items() if key and times > 1)
    if doubles:
        raise Refused(_("Two sources have the key “%(key)s”.") % {"key": doubles[0]})
    taken = set(keys)
    free = (key for key in map("s{}".format, count(1)) if key not in taken)
    return [_source(entry, key or next(free)) for entry, key in zip(said, keys, strict=True)]


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
        accessed=_day(_text(said, "accessed")),
        printed=_text(said, "printed"),
    )


def _source_facts(source: SourceEntry) -> dict[str, Any]:
    return {name: getattr(source, name) for name in SourceEntry.__dataclass_fields__}


def _category_fact(names: list[str]) -> str | list[str]:
    """Return a category as `Health/Recovery`; as a list when a name has a slash itself."""
    return names if any("/" in name for name in names) else "/".join(map(one_line, names))


def _said(value: Any) -> Any:
    """Return what is written of a value: texts as `parse` reads them, nothing of what is empty."""
    if isinstance(value, dict):
        written = {name: _said(fact) for name, fact in value.items()}
        return {name: fact for name, fact in written.items() if fact not in ("", None, [], False)}
    if isinstance(value, list):
        return [_said(item) for item in value]
    return one_line(value) if isinstance(value, str) else value


def _refuse_unknown(said: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(str(name) for name in said if name not in known):
        raise Refused(_("Unknown field: %(names)s.") % {"names": ", ".join(unknown)})


def _text(said: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = said.get(name) or ""
    if not isinstance(value, str):
        raise Refused(_("“%(name)s” must be one line of text.") % {"name": name})
    text = one_line(value)
    if required and not text:
        raise Refused(_("“%(name)s” is missing.") % {"name": name})
    return text


def _texts(said: Mapping[str, Any], name: str) -> list[str]:
    value = said.get(name) or []
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in values):
        raise Refused(_("“%(name)s” must be a list of texts.") % {"name": name})
    return _each_once(values)


def _each_once(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(one_line, texts))))


def _choice(said: Mapping[str, Any], name: str, choices: list[str], default: str) -> str:
    value = _text(said, name) or default
    if value not in choices:
        raise Refused(
            _("“%(name)s” must be one of: %(choices)s.")
            % {"name": name, "choices": ", ".join(choices)}
        )
    return value


def _slug(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,150}", value):
        raise Refused(_("Give a “slug” of small Latin letters, digits and hyphens."))
    return value


def _category(said: Mapping[str, Any]) -> list[str]:
    names = said.get("category")
    if not isinstance(names, list):
        names = _text(said, "category", required=True).split("/")
    if not all(isinstance(name, str) for name in names):
        raise Refused(_("“%(name)s” must be a list of texts.") % {"name": "category"})
    return [one_line(name) for name in names]


def _path(value: str, names: list[str]) -> str:
    slugs = value.split("/")
    if not all([*slugs, *names]):
        raise Refused(
            _("“category” must look like Health/Recovery; other letters than Latin need a “path”.")
        )
    if len(slugs) != len(names):
        raise Refused(_("“path” must have a part for each name in “category”."))
    return value


def _moment(value: str) -> datetime | None:
    """Read a date and time; without a zone it is in TIME_ZONE."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        if moment.year in YEARS:
            return moment
    except (ValueError, OverflowError):
        pass
    raise Refused(_("“published” is no date: %(value)s") % {"value": value})


def _day(value: str) -> date | None:
    try:
        return datetime.fromisoformat(value).date() if value else None
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
