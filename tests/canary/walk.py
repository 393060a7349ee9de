"""Walking everywhere: each page that a visitor can come to, by links and by guessing addresses."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from urllib.parse import quote_plus, unquote_plus, urldefrag, urljoin, urlsplit
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.db.models import AutoField, Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.canary.pages import Element, tree
from tests.canary.visitor import HOST, Visitor

ORIGIN = f"http://{HOST}"
ADDRESSES_IN_XML = re.compile(r"<(?:loc|link|id)>([^<]+)</|href=\"([^\"]+)\"")
# The way back, from a log-in or from a row to its list; a list in other orders, or by two
# conditions at once.
LEFT_OUT = re.compile(
    r"^/static/|/jsi18n/|[?&]next=|_changelist_filters=|_facets"
    r"|^/admin/.*[?&](o=|all=|.*__(year|month|day)=|.+=.+&)"
)
MOST = 3_000
FEW = 8
ANY = ("Content-Length", "Expires")  # headers of how long a page is, and when it was asked for


@dataclass
class Answer:
    """What somebody got at an address."""

    path: str
    status: int
    headers: str
    body: str

    @cached_property
    def page(self) -> Element:
        return tree(self.body)

    def tells(self, word: str) -> bool:
        """Tell whether it holds a word; what was asked for comes back to who asked."""
        word = word.lower()
        said = f"{self.headers}\n{self.body}".lower()
        return word in said and word not in unquote_plus(self.path).lower()


def everywhere(visitor: Visitor, more: Iterable[str], *, onward: str = "/") -> Iterator[Answer]:
    """Yield what this visitor gets at `more`, and at all addresses that are linked there.

    Links lead onward from addresses that begin with `onward`.
    """
    waiting = deque(dict.fromkeys(["/", "/sitemap.xml", "/feed/", "/robots.txt", "/admin/", *more]))
    seen = set(waiting)
    while waiting:
        answer = ask(visitor, waiting.popleft())
        yield answer
        for path in links(answer) if answer.path.startswith(onward) else ():
            if path not in seen and not LEFT_OUT.search(path):
                seen.add(path)
                waiting.append(path)
        assert len(seen) < MOST, f"The walk does not end: {sorted(seen)[::20]}"


def ask(visitor: Visitor, path: str) -> Answer:
    response = visitor.client.get(path)
    # No worker runs while somebody walks, which a long walk finds out.
    assert response.status_code < 500 or path == "/readyz", f"{response.status_code} at {path}"
    content = response.getvalue() if response.streaming else response.content
    headers = [f"{name}: {value}" for name, value in response.headers.items() if name not in ANY]
    headers += [f"{cookie.key}={cookie.value}" for cookie in response.cookies.values()]
    body = content.decode("utf-8", "replace")
    return Answer(path, response.status_code, "\n".join(headers), body)


def links(answer: Answer) -> Iterator[str]:
    """Yield the addresses on this site that an answer names; those of forms that ask, too."""
    found: list[str] = re.findall(r"^Location: (.+)$", answer.headers, re.MULTILINE)
    if answer.body.lstrip().startswith(("<?xml", "<rss", "<feed")):
        found += ["".join(pair) for pair in ADDRESSES_IN_XML.findall(answer.body)]
    elif "text/html" in answer.headers:
        for element in answer.page:
            found += [element.attributes.get(name, "") for name in ("href", "src")]
    for address in found:
        whole = urldefrag(urljoin(f"{ORIGIN}{answer.path}", address)).url
        if whole.startswith(f"{ORIGIN}/"):
            parts = urlsplit(whole)
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


# --- addresses that nobody needs to link ----------------------------------------------------------


def guessed(names: Iterable[str]) -> Iterator[str]:
    """Yield what a curious person types: every address with every id, every search for a name."""
    for route in routes(get_resolver().url_patterns):
        if not route.startswith("admin/"):
            yield from filled(f"/{route}")
    yield from (f"/search/?q={quote_plus(name)}" for name in names)
    yield from of_the_desk([])


def of_the_desk(names: Iterable[str]) -> Iterator[str]:
    """Yield the addresses of the admin, and every search there for a name.

    Of each model the first row stands for all: who may see one is linked to the others.
    """
    for model, desk in admin.site._registry.items():
        yield of_admin(model, "changelist")
        for pk in model._default_manager.values_list("pk", flat=True)[:1]:
            yield from (of_admin(model, deed, pk) for deed in ("change", "history"))
        for asked in map(quote_plus, names):
            if desk.search_fields:
                yield f"{of_admin(model, 'changelist')}?q={asked}"
            for field in desk.autocomplete_fields:
                of = f"{model._meta.label_lower.replace('.', '&model_name=')}&field_name={field}"
                yield f"/admin/autocomplete/?app_label={of}&term={asked}"


def of_admin(model: type, deed: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{deed}", args=arguments)


def routes(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def filled(route: str) -> Iterator[str]:
    """Yield `route` with real values for what stands in <> there."""
    if "(?P" in route or "^" in route:
        return
    asked = re.search(r"<(?:(\w+):)?(\w+)>", route)
    if not asked:
        yield route
        return
    kind, name = asked.groups()
    for value in ids(route, kind, name):
        yield from filled(route.replace(asked[0], str(value)))


def ids(route: str, kind: str, name: str) -> set[object]:
    """Return what may stand at a place of a route: of all models whose rows could be meant."""
    if name == "slug":
        models = ("articles.Article", "articles.Contributor", "articles.Page")
        return {row.slug for model in models for row in apps.get_model(model).objects.all()}
    if kind == "topic":
        return {
            topic.path.strip("/") for topic in apps.get_model("articles.Category").objects.all()
        }
    if name == "position":
        return set(range(3))  # of a section: any article that is there has these
    meant = [model for model in apps.get_models() if model._meta.model_name == name]
    rows = chain(*map(rows_of, meant or apps.get_models()))
    of_kind = {"int": int, "uuid": UUID}.get(kind, type(None))
    app = route.split("/")[1]
    return {row.pk for row in rows if row._meta.app_label == app and isinstance(row.pk, of_kind)}


def rows_of(model: type[Model]) -> Iterable[Model]:
    """Return the rows whose ids are tried: of what numbers count up, the newest tell enough."""
    rows = model._default_manager.order_by("-pk")
    counts_up = isinstance(model._meta.pk, AutoField) and model._meta.app_label in {
        "articles",
        "comments",
    }
    return rows[:FEW] if counts_up else rows
