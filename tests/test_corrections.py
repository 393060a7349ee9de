"""What was wrong on a page: entered at the desk, confirmed by a second person, seen by readers."""

import json
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditAct, User
from articles.models import Article, Correction, ReaderMessage
from tests.conftest import FIRST_PAGE
from tests.correcting import SAFETY, SAID, corrected
from tests.desk import filled

pytestmark = pytest.mark.django_db

PAGE = f"/articles/{FIRST_PAGE}/"
ATOM = "{http://www.w3.org/2005/Atom}"


def desk(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/correct/"


def confirming(entry: Correction) -> str:
    return f"/admin/articles/correction/{entry.pk}/change/"


def enter(client: Client, article: Article, address: str = "", **fields: Any) -> Any:
    address = address or desk(article)
    page = client.get(address)
    sent = filled(page, "correct_form", **{"kind": "correction", **SAID, **fields})
    return client.post(address, sent, follow=True)


@pytest.fixture
def second(make_user: Callable[..., User]) -> Client:
    client = Client()
    client.force_login(make_user("Edda Edits", groups=("Editors",), is_staff=True))
    return client


# --- at the desk ----------------------------------------------------------------------------------


def test_an_editor_publishes_a_correction_and_readers_see_it_at_once(
    as_editor: Client, client: Client, article: Article
) -> None:
    client.get(PAGE)
    answer = enter(as_editor, article, section="2", why="A slip.", noticed_by="A pharmacist")
    assert "Readers see the correction now." in answer.text
    entry = Correction.objects.get()
    page = client.get(PAGE).text
    below = page[page.index(f'id="correction-{entry.pk}"') :]
    for words in (*SAID.values(), "A slip.", "A pharmacist", "Current Treatment Options"):
        assert words in below
    assert "Confirmation by a second person pending" in below
    assert page.index('class="prose"') < page.rindex(SAID["before"])
    [act] = AuditAct.objects.filter(deed="correction.published")
    assert act.fields == ["correction"]
    assert "tablets" not in f"{act.reason}{act.hashes}"


def test_what_concerns_safety_stands_above_the_text(
    as_editor: Client, client: Client, article: Article
) -> None:
    enter(as_editor, article, kind="safety", **SAFETY)
    page = client.get(PAGE).text
    assert page.index("call the poison line") < page.index('class="prose"')
    assert "For your safety: this page was wrong" in page


def test_a_safety_entry_demands_what_to_do_and_keeps_the_words(
    as_editor: Client, article: Article
) -> None:
    answer = enter(as_editor, article, kind="safety")
    assert answer.status_code == 400
    assert "Say what a reader should do now" in answer.text
    assert SAID["before"] in answer.text
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("kind", ""), ("kind", "joke"), ("before", ""), ("section", "99")]
)
def test_what_is_not_whole_is_not_published(
    as_editor: Client, article: Article, field: str, value: str
) -> None:
    answer = enter(as_editor, article, **{field: value})
    assert answer.status_code == 400
    assert SAID["after"] in answer.text
    assert not Correction.objects.exists()


def test_two_clicks_publish_one_entry(as_editor: Client, article: Article) -> None:
    enter(as_editor, article)
    answer = enter(as_editor, article)
    assert "This correction is published already." in answer.text
    assert Correction.objects.count() == 1


def test_only_editors_publish_one(
    as_author: Client, as_reviewer: Client, client: Client, article: Article
) -> None:
    assert as_author.get(desk(article)).status_code == 403
    assert as_reviewer.post(desk(article), {"kind": "safety", **SAFETY}).status_code == 403
    assert client.get(desk(article)).status_code == 302
    assert not Correction.objects.exists()


def test_what_was_never_out_is_not_corrected(
    as_editor: Client, make_article: Callable[..., Article]
) -> None:
    draft = make_article(published=None)
    scheduled = make_article(published=timezone.now() + timezone.timedelta(days=2))
    assert "Only what was published" in as_editor.get(desk(draft), follow=True).text
    with pytest.raises(ValidationError, match="Only what was published"):
        corrected(scheduled)


def test_a_readers_message_leads_to_a_correction_and_is_answered_by_it(
    as_editor: Client, client: Client, article: Article
) -> None:
    message = ReaderMessage.objects.create(
        article=article, text="An hour? Really?", anchor="s-conclusion", heading="Conclusion"
    )
    address = f"{desk(article)}?message={message.pk}"
    page = as_editor.get(address)
    assert "An hour? Really?" in page.text
    assert filled(page, "correct_form")["section"] == "5"
    enter(as_editor, article, address)
    entry = Correction.objects.get()
    told = client.get(f"/told/{message.number}/").text
    assert "The article was changed" in told
    assert f'href="/corrections/{entry.pk}/"' in told
    act = AuditAct.objects.get(deed="reader_message.corrected")
    assert act.object_id == str(message.pk)


@pytest.mark.parametrize("odd", ["x", "0", "9" * 30, "-1", "%00", "²"])
def test_an_odd_message_number_fills_in_nothing(
    as_editor: Client, article: Article, odd: str
) -> None:
    answer = as_editor.get(f"{desk(article)}?message={odd}")
    assert answer.status_code in {200, 400}
    assert "What the reader wrote" not in answer.text


# --- the second person ----------------------------------------------------------------------------


def test_a_second_person_confirms_by_one_click(
    second: Client, client: Client, article: Article, editor: User
) -> None:
    entry = corrected(article, by=editor)
    assert "pending" in client.get(PAGE).text
    page = second.get(confirming(entry))
    second.post(confirming(entry), filled(page, "confirm_form", kind="correction"))
    assert "pending" not in client.get(PAGE).text
    assert "pending" not in client.get("/corrections/").text
    assert AuditAct.objects.filter(deed="correction.confirmed").count() == 1


def test_who_entered_it_cannot_confirm_it(
    as_editor: Client, article: Article, editor: User
) -> None:
    entry = corrected(article, by=editor)
    sentence = "Somebody else than the one who entered it has to confirm it."
    assert sentence in as_editor.get(confirming(entry)).text
    assert sentence in as_editor.post(confirming(entry), {"kind": "correction"}).text
    entry.refresh_from_db()
    assert entry.is_pending


def test_the_second_of_two_second_persons_is_told(
    second: Client, article: Article, editor: User
) -> None:
    entry = corrected(article, by=editor)
    second.post(confirming(entry), {"kind": "correction"})
    answer = second.post(confirming(entry), {"kind": "safety", "to_do": "Stop."})
    assert answer.status_code == 400
    assert "Somebody confirmed this already." in answer.text
    entry.refresh_from_db()
    assert entry.kind == "correction"


def test_a_second_person_gives_it_another_kind(
    second: Client, client: Client, article: Article, editor: User
) -> None:
    entry = corrected(article, "clarification", by=editor)
    answer = second.post(confirming(entry), {"kind": "safety"})
    assert "Say what a reader should do now" in answer.text
    second.post(confirming(entry), {"kind": "safety", "to_do": "Stop at once."})
    page = client.get(PAGE).text
    assert page.index("Stop at once.") < page.index('class="prose"')


@pytest.mark.parametrize("kind", ["joke", "x" * 200])
def test_a_kind_that_is_none_confirms_nothing(
    second: Client, article: Article, editor: User, kind: str
) -> None:
    entry = corrected(article, by=editor)
    assert second.post(confirming(entry), {"kind": kind}).status_code == 400
    entry.refresh_from_db()
    assert entry.is_pending


def test_who_may_only_look_does_not_confirm(
    as_author: Client, client: Client, article: Article, editor: User
) -> None:
    entry = corrected(article, by=editor)
    assert "Editors confirm corrections." in as_author.get(confirming(entry)).text
    assert as_author.post(confirming(entry), {"kind": "correction"}).status_code == 403
    assert client.get(confirming(entry)).status_code == 302
    assert as_author.get(confirming(entry).replace(str(entry.pk), "999")).status_code == 302


def test_the_desk_lists_what_waits(
    as_editor: Client, article: Article, editor: User, make_user: Callable[..., User]
) -> None:
    corrected(article, by=editor)
    corrected(article, "update", by=make_user("Edda"))
    page = as_editor.get("/admin/articles/correction/?state=to_confirm").text
    assert page.count('class="field-entry"') == 2
    assert as_editor.get("/admin/articles/correction/?by__email=x").status_code in {200, 302, 400}


# --- what readers find ----------------------------------------------------------------------------


def test_all_corrections_stand_on_one_page_the_newest_first(
    client: Client, article: Article, make_article: Callable[..., Article]
) -> None:
    with time_machine.travel("2026-03-01T12:00Z"):
        corrected(article, before="The older error.")
    corrected(make_article(title="Cold or flu"), "safety", before="The newer error.")
    page = client.get("/corrections/").text
    assert page.index("The newer error.") < page.index("The older error.")
    only = client.get("/corrections/?kind=safety").text
    assert "The newer error." in only
    assert "The older error." not in only
    assert client.get("/corrections/?kind=joke").text.count('class="row correction"') == 2


def test_the_list_changes_as_soon_as_something_is_corrected(
    client: Client, article: Article
) -> None:
    assert "No correction has been published so far." in client.get("/corrections/").text
    etag = client.get("/corrections/").headers["ETag"]
    corrected(article)
    assert client.get("/corrections/", headers={"If-None-Match": etag}).status_code == 200
    assert SAID["before"] in client.get("/corrections/").text


def test_many_corrections_have_pages(client: Client, article: Article) -> None:
    for number in range(21):
        corrected(article, before=f"Error {number}.")
    assert "Page 1 of 2" in client.get("/corrections/").text
    assert client.get("/corrections/?page=2").text.count('class="row correction"') == 1
    for odd in ("3", "0", "x", "", "9" * 30):
        assert client.get(f"/corrections/?page={odd}").status_code == 404


def test_a_withdrawn_articles_corrections_stay_listed_and_stand_on_its_page(
    client: Client, article: Article
) -> None:
    corrected(article, "safety")
    article.withdraw(reason="Wrong throughout.")
    page = client.get("/corrections/").text
    assert SAID["before"] in page
    assert "This article was withdrawn on" in page
    gone = client.get(PAGE)
    assert gone.status_code == 410
    assert SAFETY["to_do"] in gone.text


def test_what_was_taken_back_to_a_draft_is_not_listed(client: Client, article: Article) -> None:
    entry = corrected(article)
    article.unpublish()
    assert SAID["before"] not in client.get("/corrections/").text
    assert client.get(f"/corrections/{entry.pk}/").status_code == 404


def test_the_address_of_a_correction_names_no_topic_and_leads_to_it(
    client: Client, article: Article
) -> None:
    entry = corrected(article)
    answer = client.get(f"/corrections/{entry.pk}/")
    assert answer.headers["Location"] == f"{PAGE}#correction-{entry.pk}"
    for odd in ("0", "9" * 19, "9" * 40):
        assert client.get(f"/corrections/{odd}/").status_code == 404
    assert client.post(f"/corrections/{entry.pk}/").status_code == 405


def test_the_feed_tells_of_them(client: Client, article: Article) -> None:
    page = client.get("/corrections/").text
    assert '<link rel="alternate" href="/corrections/feed/" type="application/atom+xml"' in page
    entry = corrected(article, "safety", before="Less than <b>\x07 two.")
    feed = ET.fromstring(client.get("/corrections/feed/").content)  # noqa: S314 - our own
    [told] = feed.findall(f"{ATOM}entry")
    assert told.findtext(f"{ATOM}id") == f"http://localhost:8000/corrections/{entry.pk}/"
    assert (told.findtext(f"{ATOM}title") or "").startswith("Safety: How Many Acupuncture")
    summary = told.findtext(f"{ATOM}summary") or ""
    assert "Less than &lt;b&gt;" in summary
    assert "poison line" in summary
    assert client.post("/corrections/feed/").status_code == 405


def test_search_engines_are_told_in_their_own_words(client: Client, article: Article) -> None:
    def facts() -> dict[str, Any]:
        found = re.search(r"ld\+json\">(.*?)</script>", client.get(PAGE).text)
        assert found
        told: dict[str, Any] = json.loads(found[1])
        return told

    assert "correction" not in facts()
    corrected(article, before="</script><b>")
    [told] = facts()["correction"]
    assert told["@type"] == "CorrectionComment"
    assert SAID["after"] in told["text"]


def test_words_of_an_entry_are_text_and_no_html(client: Client, article: Article) -> None:
    corrected(article, before="<script>alert(1)</script>", noticed_by="<i>")
    for address in (PAGE, "/corrections/"):
        assert "<script>alert" not in client.get(address).text
        assert "&lt;i&gt;" in client.get(address).text


def test_a_hundred_corrections_cost_as_many_queries_as_one(
    client: Client, article: Article, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        corrected(article, before=f"Error {number}.")
    with django_assert_max_num_queries(4):
        client.get("/corrections/")
