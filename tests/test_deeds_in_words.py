"""What was done about somebody, and what they did, is told in words and not in codes."""

import re
from pathlib import Path

import pytest

from accounts.deeds import all_words
from accounts.models import AuditAct, Erasure, Fate, User
from articles.models import Article
from tests.data_files import told
from tests.discussing import say

ROOT = Path(__file__).parent.parent
CODE = re.compile(r'"([a-z_]+\.[a-z_]+)"')


def test_each_act_that_is_recorded_has_words() -> None:
    words = all_words()
    files = [
        file for app in ("accounts", "articles", "comments") for file in ROOT.glob(f"{app}/**/*.py")
    ]
    named = {code for file in files for code in CODE.findall(file.read_text())}
    nouns = {deed.partition(".")[0] for deed in words}
    assert {code for code in named if code.partition(".")[0] in nouns} == set(words)


@pytest.mark.django_db
def test_a_member_reads_in_words_what_was_done(
    member: User, moderator: User, article: Article
) -> None:
    AuditAct.objects.record("comment.removed", by=moderator, about=member)
    AuditAct.objects.record("from.another-version", by=None, about=member)
    Erasure.objects.create(kind="comments of", subject=f"{member.public_id}", deed=Fate.WITHDRAW)
    data = told(member)
    assert [row["what"] for row in data["acts"]] == ["from.another-version", "Removed a comment"]
    [erased] = data["erasures"]
    assert (erased["of"], erased["what"]) == ("All your comments", "Withdraw my comments")


@pytest.mark.django_db
def test_staff_read_in_words_what_they_did_and_on_what(
    member: User, moderator: User, article: Article
) -> None:
    comment = say(member, article)
    AuditAct.objects.record("comment.held", by=moderator, on=comment, about=member)
    [row] = told(moderator)["acts_by_me"]
    assert (row["what"], row["on"]) == ("Held a comment back", f"comment {comment.pk}")
