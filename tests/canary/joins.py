"""What tells that two names are one person's: looked for in everything that a visitor was shown.

A *record* is the smallest thing of a page that says something about one name: a comment, a row of a
table, an item of a list, or the page around these. Two names of one person in one record join them.
So does whatever stands in records of both and in none of others alone; and so does a chain of
ids, from a record of one name over records without any to a record of the other.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.canary.pages import Element
from tests.canary.walk import Answer

RECORDS = ("article", "tr", "li")
# Whatever is no word of a language: a number, a time, an id.
TOKEN = re.compile(r"[\w.:@+-]*\d[\w.:@+-]*|\b[A-Z2-7]{6,}\b")
# What is one thing's alone: a random number or id, a member number, the page of an account.
ID = re.compile(r"[0-9a-f-]{36}|\d{12,}|\b[A-Z2-7]{8}\b|/admin/accounts/\w+/\d+/")


@dataclass(frozen=True)
class Record:
    where: str
    names: frozenset[str]
    tokens: frozenset[str]
    ids: frozenset[str]


def records(answer: Answer, names: Mapping[str, str]) -> Iterator[Record]:
    """Yield the records of an answer. The keys of `names` are looked for; the values say whose."""
    names = {name.lower(): whose for name, whose in names.items() if answer.tells(name)}
    around = [answer.path, answer.headers]
    if "text/html" not in answer.headers:
        yield record(answer.path, [*around, answer.body], names)
        return
    strings: dict[Element, list[str]] = defaultdict(list)
    strings[answer.page] += around
    for element in answer.page:
        own = (child for child in element.children if isinstance(child, str))
        strings[element.within(*RECORDS)] += [*element.attributes.values(), *own]
    for said in strings.values():
        yield record(answer.path, said, names)


def record(where: str, strings: Iterable[str], names: Mapping[str, str]) -> Record:
    text = "\n".join(strings)
    lowered = text.lower()
    found = frozenset(whose for name, whose in names.items() if name in lowered)
    tokens = TOKEN.findall(text) if found else ()
    return Record(where, found, frozenset(tokens), frozenset(ID.findall(text)))


def together(found: Iterable[Record], of_one: set[str]) -> list[str]:
    """Return the records that show several names `of_one` person."""
    return sorted(
        {
            f"{record.where} shows {sorted(record.names & of_one)}"
            for record in found
            if len(record.names & of_one) > 1
        }
    )


def shared(found: Iterable[Record], of_one: set[str]) -> list[str]:
    """Return what stands with several names `of_one` person, and where nobody but others is."""
    stands_with: dict[str, set[str]] = defaultdict(set)
    places: dict[str, set[str]] = defaultdict(set)
    of_others: set[str] = set()
    for record in found:
        if not record.names & of_one:
            of_others |= record.tokens
        for token in record.tokens:
            stands_with[token] |= record.names & of_one
            places[token].add(record.where)
    return sorted(
        f"{token} stands with {sorted(names)} at {sorted(places[token])[:4]}"
        for token, names in stands_with.items()
        if len(names) > 1 and token not in of_others
    )


def chained(found: Iterable[Record], of_one: set[str]) -> list[str]:
    """Return which names `of_one` person a chain of ids leads to from another one."""
    groups: dict[str, set[str]] = {}
    for record in found:
        linked = record.names | record.ids
        merged = set(linked).union(*(groups.get(link, ()) for link in linked))
        groups |= dict.fromkeys(merged, merged)
    return sorted(
        {
            f"{sorted(group & of_one)} over {sorted(group - of_one)[:12]}"
            for group in groups.values()
            if len(group & of_one) > 1
        }
    )
