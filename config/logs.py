"""What a log may hold: what happened and where in the code, and nothing of what people said.

A line has no text, search terms, e-mail addresses, tokens, session ids or query strings. An address
of ours stands there as the pattern that it matched; an error as its class and its frames. The same
holds for what Sentry is told, for those who use it.
"""

import logging
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from accounts.tracebacks import chain_of, class_of, frames_of

HIDDEN = "…"

# What may stand in a line, of whatever a library writes.
MASKED = re.compile(
    r"""
      \w[\w+.-]*://\S*                                # an address of any kind
    | [^\s@<>"'(]+@[^\s@<>"')]+                       # of a mailbox
    | (?<![\w/.<])/[^\s"')]*                          # on this site, or in this machine
    | \?\S+                                           # what was asked for
    | (?<=checking\ failed\ -\ ).*(?=\ does\ not)     # where a refused form came from
    """,
    re.VERBOSE,
)
TELLABLE = (int, float, Decimal, UUID, date, timedelta, type(None))


class PlainLines(logging.Formatter):
    """Time, level, logger, message and frames, without anybody's words."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        head = f"{self.formatTime(record)} {record.levelname} {record.name}:"
        line = f"{head} {message_of(record, error)}"
        return f"{line}\n{frames_of(error)}".rstrip("\n") if error else line


def message_of(record: logging.LogRecord, error: BaseException | None) -> str:
    """Return the message of a record with its arguments, as far as these may be told."""
    request = getattr(record, "request", None)
    words = {text: class_of(one) for one in chain_of(error) for text in spellings(one)}

    def told(value: object) -> object:
        if isinstance(value, BaseException):
            return class_of(value)
        if isinstance(value, str):
            return words.get(value) or (
                pattern_of(request)
                if isinstance(request, HttpRequest) and value.startswith("/")
                else masked(value)
            )
        return value if isinstance(value, TELLABLE) else type(value).__name__

    if not isinstance(record.msg, str):
        return str(told(record.msg))
    args = record.args
    if not args:
        return one_line(words.get(record.msg) or masked(record.msg))
    try:
        if isinstance(args, dict):
            return one_line(record.msg % {key: told(value) for key, value in args.items()})
        return one_line(record.msg % tuple(told(value) for value in args))
    except (TypeError, ValueError, KeyError):  # the library's own mistake; logging would tell all
        return one_line(masked(record.msg))


def spellings(error: BaseException) -> set[str]:
    """Return what an error says, as it is and as Django escapes it for logs."""
    text = str(error)
    return {text, text.encode("unicode_escape").decode("ascii")} - {""}


def pattern_of(request: HttpRequest) -> str:
    """Return the address that was asked for, without what can be a name, a token or a key in it."""
    match = request.resolver_match
    return f"/{re.sub('<[^>]*>', HIDDEN, match.route)}" if match else f"/{HIDDEN}"


def masked(text: str) -> str:
    return MASKED.sub(HIDDEN, text)


def one_line(text: str) -> str:
    """Return `text` so that it cannot look like two lines."""
    return " ".join(text.split())


# --- what leaves this machine, for those who chose it ---------------------------------------------

KEPT_OF_AN_EVENT = {
    "environment",
    "event_id",
    "level",
    "logger",
    "modules",
    "platform",
    "release",
    "sdk",
    "timestamp",
}
KEPT_OF_A_FRAME = {
    "abs_path",
    "context_line",
    "filename",
    "function",
    "in_app",
    "lineno",
    "module",
    "post_context",
    "pre_context",
}


def watch(dsn: str) -> None:
    """Report errors to a Sentry, if there is one: health text and who wrote it stay here."""
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        include_local_variables=False,
        before_send=without_words,
    )


def without_words(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Return what Sentry may know of an event: where in the code which class of error was raised.

    Of the request, the user, the breadcrumbs and what is added later, nothing is kept.
    """
    kept = {key: value for key, value in event.items() if key in KEPT_OF_AN_EVENT}
    if (event.get("transaction_info") or {}).get("source") in {"route", "component", "task"}:
        kept["transaction"] = event.get("transaction")
    if errors := (event.get("exception") or {}).get("values"):
        kept["exception"] = {"values": [_error_without_words(error) for error in errors]}
    elif message := (event.get("logentry") or {}).get("message"):
        kept["logentry"] = {"message": one_line(masked(message))}
    return kept


def _error_without_words(error: dict[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames") or []
    return {
        "type": error.get("type"),
        "module": error.get("module"),
        "stacktrace": {
            "frames": [
                {key: value for key, value in frame.items() if key in KEPT_OF_A_FRAME}
                for frame in frames
            ]
        },
    }
