"""Several people at one badge: one of them does it, and the others are told."""

import json
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from comments.models import Badge
from comments.models.badge import years_from_now
from comments.models.badge_query import NotDone
from tests.badges import asked
from tests.processes import Processes
from tests.test_granting_badges import page_of

pytestmark = pytest.mark.django_db


def test_the_second_of_two_is_told_what_happened(
    member: User, moderator: User, as_moderator: Client, as_editor: Client
) -> None:
    badge = asked(member)
    as_moderator.post(page_of(badge, "check"))
    again = as_editor.post(page_of(badge, "check"), follow=True)
    assert "Somebody has looked at the register already." in again.text
    as_editor.post(page_of(badge, "refuse"), {"reason": "Not found."})
    again = as_moderator.post(page_of(badge, "refuse"), {"reason": "No."}, follow=True)
    assert "Somebody has decided on this request already." in again.text
    badge.refresh_from_db()
    assert badge.ended_reason == "Not found."
    assert len(mail.outbox) == 1


def test_a_request_taken_back_meanwhile_is_not_granted(
    member: User, moderator: User, editor: User
) -> None:
    badge = asked(member)
    badge.mark_checked(by=moderator)
    stale = Badge.objects.get()
    badge.give_back(by=member)
    with pytest.raises(NotDone, match="The member has taken this request back"):
        stale.grant(by=editor, expires_on=years_from_now(1))
    with pytest.raises(NotDone, match="has ended already"):
        stale.give_back(by=member)


PARALLEL = """
import json
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from accounts.models import User
from comments.models import Badge
from comments.models.badge_query import NotDone
from tests.badges import REQUEST

def attempt(number):
    try:
        {deed}
        return "done"
    except NotDone as not_done:
        return str(not_done)
    finally:
        connection.close()

with ThreadPoolExecutor(8) as pool:
    print(json.dumps(sorted(pool.map(attempt, range(8)))))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("deed", "loser"),
    [
        (
            'Badge.objects.ask(User.objects.get(handle="Blue Kettle"), **REQUEST)',
            "You have asked for a badge already. Nobody has decided on it yet.",
        ),
        (
            "Badge.objects.get().mark_checked(by=User.objects.get(handle='Mona Reads'))",
            "Somebody has looked at the register already.",
        ),
        (
            "Badge.objects.get().refuse(by=User.objects.get(handle='Mona Reads'), reason='No.')",
            "Somebody has decided on this request already.",
        ),
        (
            "Badge.objects.get().give_back(by=User.objects.get(handle='Quiet Heron'))",
            "This badge has ended already.",
        ),
    ],
)
def test_of_eight_at_once_one_does_it(
    member: User, another_member: User, moderator: User, tmp_path: Path, deed: str, loser: str
) -> None:
    asked(member)
    code = PARALLEL.format(deed=deed)
    said = json.loads(Processes(tmp_path).run("shell", "-v", "0", "-c", code))
    assert said == sorted(["done", *[loser] * 7])
