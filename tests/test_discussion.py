"""What a discussion shows: to everyone the same, and few queries however long it is."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from comments.templatetags.comments_tags import comment_counts, count_of
from tests.discussing import COMPOSER, PAGE, hold, say, say_often, shown
from tests.processes import Processes

pytestmark = pytest.mark.django_db

MakeArticle = Callable[..., Article]


# --- the gate -------------------------------------------------------------------------------------


def test_a_discussion_without_comments_invites(client: Client, article: Article) -> None:
    page = client.get(PAGE).text
    assert "Comments (0)" in page
    assert "No comments yet. Ask a question, or tell how it went for you." in page
    assert "data-nosnippet" in page
    assert 'href="/about/rules/"' in page


def test_a_signed_out_reader_is_told_that_login_is_required(
    client: Client, article: Article
) -> None:
    page = client.get(PAGE)
    assert "Login is required before commenting." in page.text
    assert f'href="{COMPOSER}"' in page.text
    for door in ("login", "signup"):
        assert f'/accounts/{door}/?next={PAGE.replace("/", "%2F")}%23discussion"' in page.text
    assert not client.cookies
    assert "csrfmiddlewaretoken" not in page.text


def test_log_in_from_the_gate_leads_back_to_the_discussion(
    client: Client, article: Article, member: User
) -> None:
    door = re.findall(r'href="(/accounts/login/\?next=[^"]+discussion)"', client.get(PAGE).text)[0]
    member.set_password("trombone harbour seventeen")
    member.save()
    response = client.post(door, {"login": member.email, "password": "trombone harbour seventeen"})
    assert response.headers["Location"] == f"{PAGE}#discussion"


def test_a_member_sees_their_name_and_their_own_comments(
    as_member: Client, as_another_member: Client, article: Article, member: User
) -> None:
    visible, held, removed = (say(member, article) for _ in range(3))
    hold(held)
    Comment.objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    page = as_member.get(PAGE).text
    assert "Commenting as <bdi>Quiet Heron</bdi>" in page
    own = page[page.index("Your comments here") :].partition("</details>")[0]
    for comment in (visible, held, removed):
        assert comment.text in own
    assert "Only you see this" in own
    assert "Removed by a moderator." in own
    assert "Your comments here" not in as_another_member.get(PAGE).text


def test_the_comments_are_the_same_for_everyone_but_what_a_member_may_do(
    client: Client, as_member: Client, as_moderator: Client, article: Article, member: User
) -> None:
    say(member, article, parent=say(member, article))
    pages = [visitor.get(PAGE).text for visitor in (client, as_member, as_moderator)]
    threads = [page[page.index('<ol class="threads">') :] for page in pages]
    offers = [re.findall(r'<a href="/comments/\d+/ignore/">Ignore</a>', page) for page in threads]
    assert [len(found) for found in offers] == [0, 0, 2]  # nobody ignores themselves
    for offer in offers[2]:
        threads[2] = threads[2].replace(offer, "")
    assert threads[0] == threads[1] == threads[2]


def test_a_held_comment_is_nowhere_but_with_its_writer(
    client: Client,
    as_member: Client,
    as_another_member: Client,
    as_moderator: Client,
    article: Article,
    member: User,
) -> None:
    comment = hold(say(member, article, "Waiting words."))
    for visitor, status in (
        (client, 404),
        (as_another_member, 404),
        (as_member, 200),
        (as_moderator, 200),
    ):
        response = visitor.get(f"/comments/{comment.pk}/")
        assert response.status_code == status
        assert ("Waiting words." in response.text) == (status == 200)
    for visitor in (client, as_another_member):
        assert "Waiting words." not in visitor.get(PAGE).text


# --- order and pages ------------------------------------------------------------------------------


def test_the_newest_thread_comes_first_unless_asked_otherwise(
    client: Client, article: Article, member: User
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as now:
        threads = []
        for _ in range(3):
            threads.append(say(member, article).pk)
            now.shift(60)
        say(member, article, parent=Comment.objects.get(pk=threads[1]))
    assert [pk for pk in shown(client.get(PAGE)) if pk in threads] == threads[::-1]
    oldest = shown(client.get(f"{PAGE}?sort=oldest"))
    assert [pk for pk in oldest if pk in threads] == threads
    assert shown(client.get(f"{PAGE}?sort=answered"))[0] == threads[1]
    assert client.get(f"{PAGE}?sort=zzz").status_code == 200


def test_twenty_threads_fill_a_page(client: Client, article: Article, member: User) -> None:
    threads = [comment.pk for comment in say_often(member, article, 45)][::-1]
    assert shown(client.get(PAGE)) == threads[:20]
    assert shown(client.get(f"{PAGE}?page=2")) == threads[20:40]
    assert shown(client.get(f"{PAGE}?page=3&sort=oldest")) == threads[:5][::-1]
    assert 'href="?page=2#discussion" rel="next"' in client.get(PAGE).text
    oldest = client.get(f"{PAGE}?sort=oldest").text
    assert 'href="?sort=oldest&amp;page=2#discussion"' in oldest


NO_PAGES = ["0", "9e99", "-1", "2", "x", "9" * 5000, "%F0%9F%98%80"]
NO_THREADS = ["x", "0", "9" * 30, "%D9%A3", "1&page=2"]


@pytest.mark.parametrize(
    "query", [*(f"page={page}" for page in NO_PAGES), *(f"thread={key}" for key in NO_THREADS)]
)
def test_a_page_that_is_not_there_is_404(
    client: Client, as_member: Client, article: Article, member: User, query: str
) -> None:
    say(member, article)
    for visitor in (client, as_member):
        assert visitor.get(f"{PAGE}?{query}").status_code == 404


def test_five_replies_are_shown_and_all_of_them_behind_a_link(
    client: Client, article: Article, member: User
) -> None:
    top = say(member, article)
    replies = [reply.pk for reply in say_often(member, article, 7, parent=top)]
    page = client.get(PAGE)
    assert shown(page) == [top.pk, *replies[:5]]
    assert f'href="?thread={top.pk}#comment-{top.pk}">Show all 7 replies</a>' in page.text
    whole = client.get(f"{PAGE}?thread={top.pk}")
    assert shown(whole) == [top.pk, *replies]
    assert "Show all" not in whole.text
    assert "Comments (8)" in whole.text


def test_five_replies_need_no_link(client: Client, article: Article, member: User) -> None:
    say_often(member, article, 5, parent=say(member, article))
    assert "Show all" not in client.get(PAGE).text


def test_a_thread_of_another_article_is_not_shown_here(
    client: Client, article: Article, make_article: MakeArticle, member: User
) -> None:
    elsewhere = say(member, make_article())
    assert client.get(f"{PAGE}?thread={elsewhere.pk}").status_code == 404


def test_a_chain_of_replies_1000_deep_is_shown_flat(
    client: Client, article: Article, member: User
) -> None:
    top = say(member, article)
    replies = say_often(member, article, 1_000, parent=top)
    for above, reply in pairwise(replies):
        reply.parent = above
    Comment.objects.bulk_update(replies, ["parent"])
    page = client.get(f"{PAGE}?thread={top.pk}")
    assert shown(page) == [top.pk, *(reply.pk for reply in replies)]
    assert page.text.count('<ol class="replies">') == 1


def test_a_reply_says_what_it_answers(
    client: Client, article: Article, member: User, another_member: User
) -> None:
    top = say(member, article)
    first = say(another_member, article, parent=top)
    say(another_member, article, parent=top)
    page = client.get(PAGE).text
    assert '<span class="visually-hidden">in reply to <bdi>Quiet Heron</bdi></span>' in page
    assert (
        f'<span>in reply to <a href="#comment-{top.pk}"><bdi>Quiet Heron</bdi></a></span>' in page
    )
    answer = say(member, article, parent=first)
    first.withdraw()
    page = client.get(PAGE).text
    assert "in reply to a withdrawn comment" in page
    assert shown(client.get(PAGE)) == [top.pk, first.pk, *shown(client.get(PAGE))[2:]]
    assert answer.pk in shown(client.get(PAGE))


def test_times_are_shown_to_the_day(client: Client, article: Article, member: User) -> None:
    with time_machine.travel("2026-10-02T14:59:31Z"):
        say(member, article)
    page = client.get(PAGE).text
    assert '<time datetime="2026-10-02">2 October 2026</time>' in page
    assert "14:59" not in page


# --- permalinks -----------------------------------------------------------------------------------


def test_a_permalink_leads_to_the_page_where_the_comment_is(
    client: Client, article: Article, member: User
) -> None:
    threads = say_often(member, article, 25)
    replies = say_often(member, article, 7, parent=threads[0])
    places = {
        threads[-1]: f"{PAGE}#comment-{threads[-1].pk}",
        threads[0]: f"{PAGE}?page=2#comment-{threads[0].pk}",
        replies[4]: f"{PAGE}?page=2#comment-{replies[4].pk}",
        replies[5]: f"{PAGE}?thread={threads[0].pk}#comment-{replies[5].pk}",
    }
    for comment, place in places.items():
        response = client.get(f"/comments/{comment.pk}/")
        assert (response.status_code, response.headers["Location"]) == (302, place)
        assert comment.pk in shown(client.get(place))
    assert not client.cookies


@pytest.mark.parametrize("key", ["0", "1", "9" * 19, "9" * 30, "9" * 5000])
@pytest.mark.parametrize("act", ["", "edit/", "cut/", "withdraw/", "report/", "reported/"])
def test_a_comment_that_never_was_is_404(as_member: Client, key: str, act: str) -> None:
    assert as_member.get(f"/comments/{key}/{act}").status_code == 404
    assert as_member.post(f"/comments/{key}/{act}").status_code in {404, 405}


# --- queries --------------------------------------------------------------------------------------


def test_a_long_discussion_costs_no_more_queries_than_a_short_one(
    client: Client,
    as_member: Client,
    article: Article,
    member: User,
    another_member: User,
    django_assert_max_num_queries: Any,
) -> None:
    for top in say_often(another_member, article, 45)[-20:]:
        say_often(member, article, 6, parent=top)
    for query in ("", "?page=2", "?sort=oldest", "?sort=answered"):
        for visitor in (client, as_member):
            with django_assert_max_num_queries(10):
                assert visitor.get(f"{PAGE}{query}").status_code == 200


def test_the_counts_of_a_list_cost_one_query(
    article: Article, make_article: MakeArticle, member: User, django_assert_num_queries: Any
) -> None:
    others = [make_article(), make_article()]
    say(member, article)
    with django_assert_num_queries(1):
        counts = comment_counts([article, *others])
    assert counts == {article.pk: 1, others[0].pk: 0, others[1].pk: 0}
    assert count_of(counts, article) == 1
    assert count_of({}, article) is None


def test_a_new_comment_makes_kept_copies_old(
    client: Client, article: Article, member: User
) -> None:
    etag = client.get(PAGE).headers["ETag"]
    assert client.get(PAGE, headers={"if-none-match": etag}).status_code == 304
    comment = say(member, article)
    for change in (
        lambda: None,
        lambda: comment.edit("Other words."),
        lambda: comment.cut({0}),
        comment.withdraw,
    ):
        change()
        response = client.get(PAGE, headers={"if-none-match": etag})
        assert response.status_code == 200
        etag = response.headers["ETag"]


# --- at once --------------------------------------------------------------------------------------

PARALLEL_POSTS = """
from concurrent.futures import ThreadPoolExecutor
from django.conf import settings
from django.db import connection
from django.test import Client
from accounts.models import User

one = Client()
one.force_login(User.objects.get(handle="Quiet Heron"))
fields = {fields!r}

def post(_: str) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = one.session.session_key
    response = client.post({address!r}, fields)
    connection.close()
    return response.status_code, response.headers.get("Location")

with ThreadPoolExecutor(16) as pool:
    print(sorted(set(pool.map(post, range(16)))))
"""
STATE = """
import json
from comments.models import Comment, Discussion
keys = Comment.objects.values_list("pk", flat=True)
print(json.dumps([list(keys), Discussion.objects.get().comment_count]))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("nonce", ["12345678-1234-4234-8234-123456789abc", ""])
def test_the_same_form_32_times_at_once_makes_one_comment(
    article: Article, member: User, tmp_path: Path, nonce: str
) -> None:
    fields = {"text": "Once.", "nonce": nonce}
    processes = Processes(tmp_path)
    code = PARALLEL_POSTS.format(fields=fields, address=COMPOSER)

    both = [processes.start("shell", "-v", "0", "-c", code) for _ in range(2)]

    answers = {process.communicate(timeout=120)[0].strip() for process in both}
    [key], count = json.loads(processes.run("shell", "-v", "0", "-c", STATE))
    assert count == 1
    assert answers == {str([(302, f"/comments/{key}/")])}
