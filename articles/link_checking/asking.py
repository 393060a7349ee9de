"""Asking many addresses politely: a few sites at once, each site one request after the other."""

import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings

from articles.link_checking.guarded import TROUBLE, NotPublic, opener

SITES_AT_ONCE = 4
PAUSE = 1.0  # seconds between two requests to one site
# Many publishers answer so to every program, also where people can read.
REFUSED = {401, 403, 405, 406, 418, 429, 451, 999}


@dataclass(frozen=True)
class Answer:
    """What came of one address: `outcome` is "ok", "moved", "refused", "gone" or "failed"."""

    url: str
    outcome: str
    detail: str = ""


def ask_all(urls: Iterable[str]) -> Iterator[Answer]:
    """Yield an answer for each address, as they come in."""
    sites: defaultdict[str, list[str]] = defaultdict(list)
    for url in dict.fromkeys(urls):
        sites[_site(url)].append(url)
    with ThreadPoolExecutor(SITES_AT_ONCE) as pool:
        waiting = [pool.submit(_ask_site, site) for site in sites.values()]
        for done in as_completed(waiting):
            yield from done.result()


def ask(url: str) -> Answer:
    """Ask for the head of a page, and for the page where a server knows no heads."""
    answer = _request(url, "HEAD")
    if answer.outcome in {"refused", "gone", "failed"} and answer.detail.isdigit():
        answer = _request(url, "GET")
    return answer


def _ask_site(urls: list[str]) -> list[Answer]:
    answers = []
    for number, url in enumerate(urls):
        if number:
            time.sleep(PAUSE)
        answers.append(ask(url))
    return answers


def _request(url: str, method: str) -> Answer:
    try:
        request = urllib.request.Request(_ascii(url), method=method, headers=_headers())  # noqa: S310 - the opener knows http and https only
        with opener().open(request) as response:
            there = response.geturl()
    except urllib.error.HTTPError as error:
        error.close()
        return Answer(url, _meaning(error.code), str(error.code))
    except TROUBLE as error:
        return Answer(url, "failed", _why(error))
    return Answer(url, "ok") if _site(there) == _site(url) else Answer(url, "moved", there)


def _meaning(code: int) -> str:
    if code in REFUSED:
        return "refused"
    return "gone" if code in {404, 410} else "failed"


def _why(error: BaseException) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, NotPublic):
        return "it leads into a private network"
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    told = reason if isinstance(reason, BaseException) else error
    return f"no answer ({type(told).__name__})"


def _headers() -> dict[str, str]:
    """Say who asks, and where one can complain."""
    return {"User-Agent": f"Bedside link check (+{settings.SITE_URL})", "Accept": "*/*"}


def _site(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _ascii(url: str) -> str:
    """Return the address with its letters as a request line may hold them."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")
