"""What keeps the house in order: who may know whom, and where dangerous things may be done."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "accounts": {"accounts"},
    "articles": {"accounts", "articles"},
    "comments": {"accounts", "articles", "comments"},
}
MAY_CALL_SAFE = (
    "articles/markdown/",  # the sanitiser's answer
    "articles/structured_data.py",  # JSON, escaped for a script element
)
OURS = {*MAY_IMPORT, "config", "tests"}
VAGUE = {"utils", "helpers", "services", "managers", "mixins", "core", "common", "misc"}
SOURCES = [
    path
    for folder in (*OURS, "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*"))


@pytest.mark.parametrize("app", MAY_IMPORT)
def test_no_arrow_between_apps_runs_the_wrong_way(app: str) -> None:
    forbidden = OURS - MAY_IMPORT[app]
    wrong = [
        f"{shown(path)}:{line} imports {name}"
        for path in SOURCES
        if path.is_relative_to(ROOT / app)
        for line, name in imports(path)
        if name.split(".")[0] in forbidden
    ]
    assert wrong == []


def test_html_is_called_safe_in_few_places_only() -> None:
    """Elsewhere Django's own escaping holds; format_html and templates need no exception."""
    wrong = [
        f"{shown(path)}:{node.lineno}"
        for path in SOURCES
        if not shown(path).startswith(MAY_CALL_SAFE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and name_of(node.func) in {"mark_safe", "SafeString"}
        if not all(isinstance(argument, ast.Constant) for argument in node.args)
    ]
    assert wrong == []


def test_no_template_runs_or_styles_anything_inline() -> None:
    """The Content-Security-Policy would block it, and quietly: the page would just look wrong."""
    inline = re.compile(
        r"""<style\b
        | <[^>]*\s (style|on\w+) \s*=
        | <script (?![^>]* (\bsrc= | type="application/(ld\+)?json"))""",
        re.IGNORECASE | re.VERBOSE,
    )
    assert places(inline, TEMPLATES) == []


def test_no_page_template_switches_escaping_off() -> None:
    pages = [path for path in TEMPLATES if path.suffix == ".html"]
    assert places(re.compile(r"\{%\s*autoescape\s+off|\|\s*safe(seq)?\b"), pages) == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [
        shown(path) for path in SOURCES if VAGUE & set(Path(shown(path)).with_suffix("").parts)
    ] == []


def test_no_file_grows_past_four_hundred_lines() -> None:
    files = [
        *SOURCES,
        *TEMPLATES,
        *(ROOT / "static").rglob("*.css"),
        *(ROOT / "static").rglob("*.js"),
    ]
    long = {shown(path): len(path.read_text().splitlines()) for path in files if path.is_file()}
    assert {path: lines for path, lines in long.items() if lines > 400} == {}


def name_of(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or ""


def places(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{shown(path)}: {match.group()}"
        for path in files
        if path.is_file()
        for match in pattern.finditer(path.read_text())
    ]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
