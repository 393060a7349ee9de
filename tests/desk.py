"""How the tests write in the admin: forms are sent as they came, but for what a test changes."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from articles.models import Article, Category

ADD = "/admin/articles/article/add/"


class _Fields(HTMLParser):
    """Collects what a browser would send of the form with this id, buttons left out."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self.form, self.inside, self.templates = form, False, 0
        self.found: dict[str, Any] = {}
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self.inside = has.get("id") == self.form
        self.templates += tag == "template"
        name = has.get("name")
        if not self.inside or self.templates or "disabled" in has or has.get("form"):
            return
        if tag == "textarea" and name:
            self.area, self.found[name] = name, ""
        elif tag == "select" and name:
            self.select = name
            self.found.setdefault(name, "")
        elif tag == "option" and self.select and "selected" in has:
            self.found[self.select] = has.get("value") or ""
        elif tag == "input" and name:
            kind = has.get("type", "text")
            if kind in {"submit", "file"} or (kind == "checkbox" and "checked" not in has):
                return
            self.found[name] = has.get("value") or ("on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"
        self.templates -= tag == "template"
        self.select = None if tag == "select" else self.select
        self.area = None if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data


def filled(page: HttpResponse, form: str = "article_form", **changes: Any) -> dict[str, Any]:
    """Return the fields of a form on `page` as a browser would send them, with `changes`."""
    parser = _Fields(form)
    parser.feed(page.content.decode())
    assert parser.found, f"There is no form {form} on this page."
    # A browser leaves out the line break that stands right after <textarea>.
    fields = {
        name: value.removeprefix("\n") if isinstance(value, str) else value
        for name, value in parser.found.items()
    }
    return {**fields, **changes}


def change(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def write(client: Client, **fields: Any) -> Any:
    """Fill the empty form and press the button that `fields` name (a draft without any)."""
    category = Category.objects.at(["Health", "Recovery"])
    usual = {
        "title": "Knees after sixty",
        "text": "## Rest\n\nWalk a little.",
        "category": category.pk,
    }
    return client.post(ADD, filled(client.get(ADD), **{**usual, **fields}), follow=True)


def rewrite(client: Client, article: Article, **fields: Any) -> Any:
    page = client.get(change(article))
    return client.post(change(article), filled(page, **fields), follow=True)
