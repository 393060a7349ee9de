"""What waits on the desk of those who write, review and publish; the most urgent first."""

from collections.abc import Iterator

from accounts.desk import DeskItem
from accounts.models import User
from articles import sign_off_desk
from articles.desk import editing, reviewing, site, writing


def desk_items(user: User) -> Iterator[DeskItem]:
    yield from editing.safety_items(user)
    yield from writing.asked_items(user)
    yield from reviewing.desk_items(user)
    yield from writing.draft_items(user)
    yield from editing.desk_items(user)
    if user.has_perm("articles.add_signofflink"):
        yield from sign_off_desk.desk_items()
    yield from site.desk_items(user)
