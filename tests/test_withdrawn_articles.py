"""A withdrawn article: its address says why, and it stands nowhere else any more."""

import pytest
from django.test import Client

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Follow
from tests.conftest import FIRST_PAGE
from tests.discussing import say

pytestmark = pytest.mark.django_db

PAGE = f"/articles/{FIRST_PAGE}/"
CLOSED = "This article was withdrawn, so its discussion is closed."


@pytest.fixture
def comment(article: Article, member: User) -> Comment:
    return say(member, article, "It went well for me.")


@pytest.fixture
def withdrawn(article: Article, comment: Comment, editor: User) -> Article:
    article.withdraw(reason="The dose was wrong.", by=editor)
    return article


def test_no_list_feed_map_or_search_names_it(withdrawn: Article, client: Client) -> None:
    for address in (
        "/",
        "/topics/",
        "/topics/?view=a-z",
        "/topics/health/recovery/",
        "/people/zongcheng/",
        "/feed/",
        "/topics/health/recovery/feed/",
        "/sitemap.xml",
        "/search/?q=hemifacial",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert FIRST_PAGE not in answer.text, address
        assert "Hemifacial Spasm?" not in answer.text, address


def test_a_copy_that_somebody_kept_is_old_at_once(
    article: Article, comment: Comment, editor: User, client: Client
) -> None:
    kept = client.get(PAGE)["ETag"]
    listed = client.get("/feed/")["ETag"]
    assert client.get(PAGE, headers={"If-None-Match": kept}).status_code == 304
    article.withdraw(reason="The dose was wrong.", by=editor)
    gone = client.get(PAGE, headers={"If-None-Match": kept})
    assert gone.status_code == 410
    assert "The dose was wrong." in gone.text
    assert client.get("/feed/", headers={"If-None-Match": listed}).status_code == 200
    assert "max-age" not in gone.headers.get("Cache-Control", "") or "no-" in gone["Cache-Control"]


def test_old_addresses_lead_there(withdrawn: Article, client: Client) -> None:
    withdrawn.slug = "spasm"
    withdrawn.save()
    moved = client.get(PAGE)
    assert (moved.status_code, moved["Location"]) == (301, "/articles/spasm/")
    assert client.get(PAGE, follow=True).status_code == 410


def test_its_parts_are_gone_with_it(withdrawn: Article, client: Client) -> None:
    assert client.get(f"{PAGE}history/").status_code in {404, 410}
    assert client.get(f"{PAGE}tell/").status_code in {404, 410}


def test_a_permalink_leads_to_the_comment_below_the_reason(
    withdrawn: Article, comment: Comment, client: Client
) -> None:
    answer = client.get(f"/comments/{comment.pk}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(PAGE)
    page = client.get(answer["Location"].partition("#")[0])
    assert page.status_code == 410
    assert page.text.index("The dose was wrong.") < page.text.index("It went well for me.")
    assert f'id="comment-{comment.pk}"' in page.text


def test_nobody_adds_to_its_discussion(
    withdrawn: Article, comment: Comment, as_another_member: Client
) -> None:
    page = as_another_member.get(PAGE).text
    assert CLOSED in page
    assert "comments/new/" not in page
    for fields in ({"text": "Me too."}, {"text": "And you?", "parent": str(comment.pk)}):
        answer = as_another_member.post(f"{PAGE}comments/new/", fields)
        assert CLOSED in answer.text
        assert fields["text"] in answer.text  # nobody's words are lost
    assert Comment.objects.count() == 1


def test_nobody_begins_to_follow_it(withdrawn: Article, as_another_member: Client) -> None:
    answer = as_another_member.post(f"{PAGE}comments/follow/", {"choice": "follow"})
    assert answer.status_code in {302, 404, 410}
    assert not Follow.objects.exists()


def test_that_a_second_person_has_yet_to_confirm_stands_there_until_they_do(
    withdrawn: Article, make_user: object, as_superuser: Client, client: Client
) -> None:
    pending = "Confirmation by a second person pending"
    assert pending in client.get(PAGE).text
    withdrawn.confirm_withdrawal(by=User.objects.get(handle="Olga Operates"))
    assert pending not in client.get(PAGE).text


def test_a_better_article_is_named_while_it_is_out(
    article: Article, make_article: object, client: Client
) -> None:
    better: Article = make_article(title="Newer", slug="newer")  # type: ignore[operator]
    article.withdraw(reason="Old.", replaced_by=better)
    assert 'href="/articles/newer/"' in client.get(PAGE).text
    better.unpublish()
    assert "/articles/newer/" not in client.get(PAGE).text
