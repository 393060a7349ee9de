"""Pages as trees: the forms on them, and the records that they list."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}


@dataclass(eq=False)
class Element:
    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    def __iter__(self) -> "Iterator[Element]":
        """Yield this element and all in it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child

    @property
    def text(self) -> str:
        return "".join(
            child if isinstance(child, str) else f" {child.text} " for child in self.children
        )

    def strings(self) -> Iterator[str]:
        """Yield every attribute and every text, also those that nobody sees."""
        for element in self:
            yield from element.attributes.values()
            yield from (child for child in element.children if isinstance(child, str))

    def all(self, *tags: str) -> "list[Element]":
        return [element for element in self if element.tag in tags]

    def within(self, *tags: str) -> "Element":
        """Return the nearest element of one of these tags around this one, or the whole page."""
        element = self
        while element.parent and element.tag not in tags:
            element = element.parent
        return element


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_endtag(self, tag: str) -> None:
        element = self.at
        while element.parent and element.tag != tag:
            element = element.parent
        if element.parent:
            self.at = element.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)

    def handle_comment(self, data: str) -> None:
        self.at.children.append(data)


def tree(html: str) -> Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root


# --- forms ----------------------------------------------------------------------------------------


def form_with(page: Element, *names: str, action: str = "") -> Element:
    """Return the first form that is sent by POST, has these fields, and goes to `action`.

    Every page has one to log out: that has to be asked for.
    """
    for form in page.all("form"):
        has = {element.attributes.get("name") for element in form}
        goes = form.attributes.get("action", "")
        if form.attributes.get("method") != "post" or not has.issuperset(names):
            continue
        if action in goes and ("logout" not in goes or action):
            return form
    raise AssertionError(f"There is no form with {names} for “{action}” on this page: {page.text}")


def filled(form: Element, button: str = "") -> dict[str, Any]:
    """Return what a browser would send of `form` as it came, by the button with these words."""
    fields: dict[str, Any] = {}
    for element in form.all("input", "textarea", "select"):
        name = element.attributes.get("name")
        if name and "disabled" not in element.attributes:
            for value in values(element):
                fields[name] = [*fields[name], value] if name in fields else [value]
    for pressed in form.all("button", "input"):
        words = pressed.text.strip() or pressed.attributes.get("value", "")
        if button and words == button and (name := pressed.attributes.get("name")):
            fields[name] = [pressed.attributes.get("value", "")]
    return fields


def values(element: Element) -> list[str]:
    kind, value = element.attributes.get("type", "text"), element.attributes.get("value")
    if element.tag == "textarea":
        return [element.text.removeprefix("\n")]
    if element.tag == "select":
        chosen = [one for one in element.all("option") if "selected" in one.attributes]
        options = chosen or ([] if "multiple" in element.attributes else element.all("option")[:1])
        return [one.attributes.get("value", one.text) for one in options]
    if kind in {"submit", "button", "file", "image", "reset"}:
        return []
    if kind in {"checkbox", "radio"}:
        return ["on" if value is None else value] if "checked" in element.attributes else []
    return [value or ""]
