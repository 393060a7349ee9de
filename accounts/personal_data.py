"""The map of personal data: where a row is tied to a person, and what becomes of that.

Every app declares its own by `personal_data()` on its AppConfig (accounts/hooks.py), for the models
of other packages too that it brought in. A test walks all models and fails when a field that points
to a member or a contributor, or that holds an address, stands in no tie. Another one erases a
member who has rows in all of them, and looks whether each tie's promise holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from accounts import hooks

# What erasing a member does to the fields of a tie: the row is gone; the fields hold nothing of
# before; or they stay, pointing to a row that is empty, or by a random id to nobody.
Promise = Literal["deleted", "emptied", "kept"]


@dataclass(frozen=True)
class Tie:
    """How one model is tied to people.

    `section` is the key of the part of "my data" that shows it (accounts/my_data.py); where there
    is none, `not_shown` says why. `erased` says in words what becomes of the fields when somebody
    leaves and erases all, and why; `promise` says it to the test.
    """

    model: str  # as in `Model._meta.label`: "comments.Comment"
    fields: tuple[str, ...]
    promise: Promise
    erased: str
    section: str = ""
    not_shown: str = ""

    def __post_init__(self) -> None:
        if bool(self.section) == bool(self.not_shown):
            raise ValueError(f"{self.model}: say either where it is shown, or why it is not")


def ties() -> Iterator[Tie]:
    for declared in hooks.ask("personal_data"):
        yield from declared
