"""The canary: somebody whose every word is found nowhere else, so that each can be searched for."""

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts.handles import fold

# No language begins a word with it, and no name that the site draws.
MARK = "qz"


@dataclass
class Canary:
    email: str = "qzmail@qzhost.example"
    new_email: str = "qzothermail@qzhost.example"
    password: str = "qzpassword seventeen harbours"
    address: str = "203.0.113.177"
    browser: str = "Qzbrowser/7.7"
    handle: str = "Qzfirsthandle"
    new_handle: str = "Qzsecondhandle"
    discussion_names: dict[str, str] = field(default_factory=dict)  # by the article's slug
    texts: dict[str, str] = field(default_factory=dict)  # what is, or was, for all to read
    secrets: dict[str, str] = field(default_factory=dict)  # what never was

    def say(self, label: str) -> str:
        """Return a text for readers with a word of its own."""
        return self.texts.setdefault(label, f"My knee says {MARK}{label}said since Tuesday.")

    def hide(self, label: str) -> str:
        """Return words that readers never see."""
        return self.secrets.setdefault(label, f"{MARK}{label}hidden")

    @property
    def handles(self) -> tuple[str, str]:
        return self.handle, self.new_handle

    def identities(self) -> dict[str, str]:
        """Return under what names it is known, each with what says which one that is."""
        return {
            self.handle: "old handle",
            self.new_handle: "handle",
            **{name: f"name in {slug}" for slug, name in self.discussion_names.items()},
        }

    def shown_names(self) -> Iterator[str]:
        """Yield every public name that there ever was."""
        yield from (*self.handles, *self.discussion_names.values())

    def searched_names(self) -> Iterator[str]:
        """Yield one name of each kind."""
        yield from (self.new_handle, next(iter(self.discussion_names.values())), self.new_email)

    def names(self) -> Iterator[str]:
        """Yield these names as shown, and as folded for comparison."""
        for name in self.shown_names():
            yield from (name, fold(name))

    def identity(self) -> Iterator[str]:
        """Yield what says who it is."""
        yield from ("qzmail", "qzothermail", "qzhost", self.address, "qzbrowser", "qzpassword")

    def words(self) -> Iterator[str]:
        """Yield all that must be gone when everything is erased."""
        yield from self.identity()
        yield from self.names()
        yield from map(marked, self.texts.values())
        yield from self.secrets.values()

    def gone_with_the_account(self) -> set[str]:
        """Return what is gone whatever becomes of the comments: all but these and why they went."""
        texts = set(map(marked, self.texts.values()))
        return set(self.words()) - texts - self.records()

    def records(self) -> set[str]:
        """Return what is kept for its own time unless all is erased: reports, and why removed."""
        return {self.secrets["report"], self.secrets["removal"]}

    def unread_by(self, kind: str, path: str) -> Iterator[str]:
        """Yield what this kind of visitor is never shown there; all may read what it posted."""
        readable: tuple[str, ...] = READABLE.get(kind, ())
        if kind == "superuser" and path.startswith("/admin/accounts/user/"):
            readable += ("qzothermail", "qzhost")
        hidden = [marked(text) for label, text in self.texts.items() if label in TAKEN_BACK]
        for word in (*self.identity(), self.handle, *hidden, *self.secrets.values()):
            if not any(word.startswith(known) for known in readable):
                yield word


def marked(text: str) -> str:
    return next(word for word in text.split() if word.startswith(MARK))


# What waits for a moderator, and what one removed (discussed.py).
UNREAD = ("held", "object", "record")
# Texts that readers could read once, and that only those who moderate still can.
TAKEN_BACK = {"kneesearlier", "hipsearlier", "kneestobecut", "hipstobecut"} | {
    *("kneeswithdraw", "backswithdraw", "hipsremoved"),
    *(f"canary{slug}{label}" for slug in ("knees", "hips") for label in UNREAD),
}
# By the beginnings of words: what those read who check badges, who moderate, and who do all.
CHECKED = ("qznumber", "qzentry", "qzevidence", "qzrefusal")
MODERATED = (
    *(f"qz{label}" for label in sorted(TAKEN_BACK)),
    *("qzreport", "qzremoval", "qzappeal", "qzrefused"),
)
READABLE = {
    "editor": CHECKED,
    "moderator": (*CHECKED, *MODERATED),
    "superuser": (*CHECKED, *MODERATED, "qzlookup"),
}


def draw(lots: random.Random) -> str:
    """Return a name as the site draws them, but that nobody else can have by chance."""
    return f"Voice {''.join(lots.choices(string.ascii_lowercase, k=12))}"
