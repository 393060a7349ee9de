"""Stub until the search module arrives."""

from typing import Any


def index(article: Any) -> None: ...


def search(*args: Any, **kwargs: Any) -> Any: ...
