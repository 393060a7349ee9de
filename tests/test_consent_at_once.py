"""A comment that is posted while its writer takes their consent back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection

from accounts import consent
from accounts.models import Consent, User
from accounts.models.consent import take_back
from articles.models import Article
from comments.models import Comment


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_what_was_nearly_posted_is_hidden_too(
    make_article: Callable[..., Article], member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_article()
    Consent.objects.agree(member)
    looked, withdrawn = Event(), Event()
    look_again = User.look_again

    def look_and_wait(user: User, **also: Any) -> dict[str, bool]:
        known = look_again(user, **also)
        looked.set()
        withdrawn.wait(1)  # in vain, when taking back waits for the comment
        return known

    def post() -> None:
        Comment.objects.post(author=member, article=article, text="Too late.")
        connection.close()

    def withdraw() -> None:
        looked.wait(10)
        take_back(User.objects.get(pk=member.pk))
        consent.follow.call(member.pk)
        withdrawn.set()
        connection.close()

    monkeypatch.setattr(User, "look_again", look_and_wait)
    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(post), pool.submit(withdraw)]:
            ended.result()
    assert Comment.objects.get().hidden_at
