"""Where an error came from, without its words.

What an exception says may quote a row, an address or what somebody typed: a database names the
values that it refused.
"""

import traceback
from collections.abc import Iterator


def frames_of(error: BaseException) -> str:
    """Return the frames and the class of an error, and of those that led to it, oldest first."""
    return "\n".join(_told(error, set())) + "\n"


def class_of(error: BaseException) -> str:
    """Return the path of an error's class, as tracebacks print it."""
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return f"{module}{kind.__qualname__}"


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and all that led to it."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def _told(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _told(before, seen)
        yield "which led to:"
    yield from (frame.rstrip("\n") for frame in traceback.format_tb(error.__traceback__))
    yield class_of(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            if id(one) not in seen:
                yield "in which there was:"
                yield from _told(one, seen)
