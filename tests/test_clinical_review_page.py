"""What readers see of clinical review is what was signed: in the panel, and at each section."""

import json
import re
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils.html import strip_tags

from accounts.models import User
from articles.models import Article, Source
from articles.models.revision import new_citation
from articles.previews import preview_url
from articles.signing import mark_minor
from tests.reviewing import a_neurologist, approve, edit, text_of

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/spasm/"
FOUR = ("One", "Two", "Three", "Four")
IN_MARCH = "2026-03-03T12:00Z"


@pytest.fixture
def article(make_article: Callable[..., Article]) -> Article:
    return make_article(slug="spasm", title="Spasm", summary="In short.", text=text_of(*FOUR))


def live(article: Article):  # type: ignore[no-untyped-def]
    article.refresh_from_db()
    return article.live


def page(client: Client, address: str = ADDRESS) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """Return what a reader reads, in one line."""
    return " ".join(strip_tags(re.sub(r"</(dt|p|h\d)>", " ", html)).split())


def summary(client: Client) -> str:
    found = re.search(r'<details class="trust"><summary>(.*?)</summary>', page(client))
    assert found
    return words(found[1])


def panel(client: Client) -> str:
    found = re.search(r'<details class="trust">.*?</details>', page(client), re.DOTALL)
    assert found
    return words(found[0])


def notes(client: Client) -> list[str]:
    return [words(note) for note in re.findall(r'<p class="since".*?</p>', page(client), re.DOTALL)]


def signed_in_march(article: Article, *positions: int, **fields: object):  # type: ignore[no-untyped-def]
    with time_machine.travel(IN_MARCH):
        return approve(live(article), *positions, **fields)  # type: ignore[arg-type]


def facts(client: Client) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client))
    assert found
    return json.loads(found[1])


# --- the panel ------------------------------------------------------------------------------------


def test_what_nobody_checked_is_said_once(article: Article, client: Client) -> None:
    assert summary(client) == "Not yet checked by a clinician"
    assert notes(client) == []
    assert page(client).count("ot yet checked by a clinician") == 1
    assert "Signed by" not in panel(client)


def test_whoever_signed_all_of_it_is_named_with_their_month(
    article: Article, client: Client
) -> None:
    nora = a_neurologist(
        credentials="MD", register_url="https://register.example/1", interests="None declared"
    )
    signed_in_march(article, contributor=nora, scope="Checked dose and contraindications")
    assert summary(client) == "Checked by Nora Nerve, Neurologist, March 2026"
    assert notes(client) == []
    said = panel(client)
    assert "Nora Nerve, Neurologist, MD, 3 March 2026" in said
    assert "Checked dose and contraindications" in said
    assert "Declared interests: None declared" in said
    html = page(client)
    assert 'href="https://register.example/1"' in html
    assert 'href="/people/nora-nerve/"' in html


def test_of_several_reviewers_the_panel_names_each(article: Article, client: Client) -> None:
    signed_in_march(article, 0, 1, 2)
    signed_in_march(article, 3, 4, contributor=a_neurologist(name="Karl Kin", profession="GP"))
    assert summary(client) == "Checked by Nora Nerve, Neurologist, and 1 other, March 2026"
    assert "Nora Nerve, Neurologist, 3 March 2026 3 of 5 sections still read as signed" in panel(
        client
    )
    assert "Karl Kin, GP, 3 March 2026 2 of 5 sections still read as signed" in panel(client)


def test_two_who_signed_the_same_words_are_both_named(article: Article, client: Client) -> None:
    signed_in_march(article)
    signed_in_march(article, contributor=a_neurologist(name="Karl Kin", profession="GP"))
    assert summary(client).startswith("Checked by Karl Kin, GP, and 1 other")
    assert "Nora Nerve, Neurologist, 3 March 2026" in panel(client)
    names = {person["name"] for person in facts(client)["reviewedBy"]}  # type: ignore[attr-defined]
    assert names == {"Nora Nerve", "Karl Kin"}


def test_of_two_sign_offs_by_one_person_the_newer_says_enough(
    article: Article, client: Client
) -> None:
    with time_machine.travel("2024-03-03T12:00Z"):
        approve(live(article))
    signed_in_march(article)
    assert summary(client) == "Checked by Nora Nerve, Neurologist, March 2026"
    assert panel(client).count("Nora Nerve") == 2  # the summary, and one sign-off


def test_the_month_is_that_of_the_oldest_part(article: Article, client: Client) -> None:
    with time_machine.travel("2024-03-03T12:00Z"):
        approve(live(article))
    edit(article, text_of(*FOUR, Two="Else."))
    signed_in_march(article, 2)
    assert summary(client) == "Checked by Nora Nerve, Neurologist, March 2024"


@pytest.mark.parametrize(
    ("profession", "said"),
    [
        ("Neurologist", "a neurologist, name held by the publisher"),
        ("Anaesthetist", "an anaesthetist, name held by the publisher"),
        ("GP", "a GP, name held by the publisher"),
    ],
)
def test_a_name_that_is_held_stands_nowhere(
    article: Article, client: Client, profession: str, said: str
) -> None:
    hidden = a_neurologist(
        name="Holly Held", profession=profession, credentials="MD Basel",
        register_url="https://register.example/7", interests="Shares in Twitch Ltd",
    )  # fmt: skip
    review = signed_in_march(article, contributor=hidden, name_held=True)
    edit(article, text_of("One", "Two", "Three", "Four", Two="Else."))
    html = page(client) + page(client, f"{ADDRESS}history/")
    html += page(client, f"{ADDRESS}signed/{review.pk}/2/")
    assert said in html
    for told in ("Holly", "holly", "Basel", "register.example", "Twitch"):
        assert told not in html
    assert client.get("/people/holly-held/").status_code == 404


def test_whoever_asked_to_be_called_by_a_role_has_no_link(article: Article, client: Client) -> None:
    nora = a_neurologist(register_url="https://register.example/1")
    signed_in_march(article, contributor=nora)
    nora.replace_name("a neurologist")
    html = page(client)
    assert "/people/nora" not in html
    assert f'href="{nora.get_absolute_url()}"' not in html
    assert "register.example" not in html
    assert "reviewedBy" not in facts(client)


def test_a_part_that_was_checked_is_counted(article: Article, client: Client) -> None:
    signed_in_march(article, 1, 2, 3)
    assert summary(client) == "Checked in part: 3 of 5 sections"
    assert "Not checked by a clinician Title, summary and opening, Four" in panel(client)
    assert notes(client) == [
        "Title, summary and opening not yet checked by a clinician.",
        "Not yet checked by a clinician.",
    ]


def test_each_change_is_named_and_leads_to_its_section(article: Article, client: Client) -> None:
    signed_in_march(article)
    edit(article, text_of("Two", "One", "New", "Three", Three="Else."))
    assert summary(client) == "Changed since clinical review on 3 March 2026"
    said = panel(client)
    assert "Changed since clinical review on 3 March 2026 Edited: Three" in said
    assert "Added or newly titled: New" in said
    assert re.search(r"Moved: (One|Two)", said)
    assert "Removed: Four" in said
    assert '<a href="#s-three">Three</a>' in page(client)


def test_the_day_named_is_one_after_which_all_of_it_changed(
    article: Article, client: Client
) -> None:
    with time_machine.travel("2024-03-03T12:00Z"):
        approve(live(article))
    edit(article, text_of(*FOUR, Two="Else."))
    signed_in_march(article, 2)
    edit(article, text_of(*FOUR, One="Else.", Two="Else again."))
    assert summary(client) == "Changed since clinical review on 3 March 2024"
    assert [note.split(".")[0] for note in notes(client)] == [
        "Edited since clinical review on 3 March 2024",
        "Edited since clinical review on 3 March 2026",
    ]


def test_only_a_spelling_is_called_so(article: Article, client: Client, author: User) -> None:
    signed_in_march(article)
    before = live(article)
    mark_minor(edit(article, text_of(*FOUR, Two="On Two!")), before, by=author)
    assert summary(client) == "Spelling corrected since clinical review on 3 March 2026"
    assert notes(client) == [
        "Spelling corrected since clinical review on 3 March 2026. Read the signed wording"
    ]


def test_the_panel_counts_the_sources_that_hold(
    make_article: Callable[..., Article], client: Client
) -> None:
    sources = [Source.objects.create(title=f"Trial {number}") for number in (1, 2)]
    article = make_article(slug="spasm", text="Words.")
    article.publish(article.revise(
        title="Spasm", summary="", text="## One\n\nProven.[^a][^b]",
        citations=[new_citation(source, key) for source, key in zip(sources, "ab", strict=True)],
    ))  # fmt: skip
    assert "Rests on 2 sources, all current" in panel(client)
    sources[0].status = Source.Status.RETRACTED
    sources[0].save()
    assert "Rests on 2 sources, 1 retracted" in panel(client)


def test_the_next_review_is_named_by_its_month(article: Article, client: Client) -> None:
    Article.objects.filter(pk=article.pk).update(next_due="2028-03-03", version=99)
    assert "Next review due March 2028" in panel(client)
    Article.objects.filter(pk=article.pk).update(next_due=None, version=100)
    assert "Next review due" not in panel(client)


# --- the notes ------------------------------------------------------------------------------------


def test_a_note_stands_between_the_heading_and_the_text(article: Article, client: Client) -> None:
    signed_in_march(article)
    edit(article, text_of(*FOUR, Two="Something else."))
    assert notes(client) == [
        "Edited since clinical review on 3 March 2026. Read the signed wording"
    ]
    between = re.search(r">Two</h2>(.*?)<p>Something else\.</p>", page(client), re.DOTALL)
    assert between
    assert words(between[1]) == notes(client)[0]


def test_a_changed_title_is_noted_before_the_text(article: Article, client: Client) -> None:
    signed_in_march(article)
    edit(article, text_of(*FOUR), title="Tic")
    [note] = notes(client)
    assert note.startswith("Title, summary or opening edited since clinical review on 3 March 2026")
    assert '<a href="#lead">Title, summary and opening</a>' in page(client)
    assert 'id="lead"' in page(client)


def test_a_removed_section_is_named_where_it_stood(article: Article, client: Client) -> None:
    signed_in_march(article)
    edit(article, text_of("One", "Three", "Four"))
    [note] = notes(client)
    assert note == (
        "A section was removed here since clinical review on 3 March 2026: “Two”."
        " Read the signed wording"
    )
    html = page(client)
    assert (
        html.index("On One.") < html.index("A section was removed here") < html.index("On Three.")
    )


def test_a_changed_source_is_noted_at_its_section(
    make_article: Callable[..., Article], client: Client
) -> None:
    source = Source.objects.create(title="A trial")
    article = make_article(slug="spasm", text="Words.")
    article.publish(article.revise(
        title="Spasm", summary="", text=text_of("One", "Two", Two="Proven.[^a]"),
        citations=[new_citation(source, "a")],
    ))  # fmt: skip
    signed_in_march(article)
    source.title = "Another trial"
    source.save()
    assert summary(client) == "A source changed since clinical review on 3 March 2026"
    [note] = notes(client)
    assert note.startswith("A source cited here was changed since clinical review on 3 March 2026.")


def test_a_note_in_the_language_of_the_site_says_so(
    make_article: Callable[..., Article], client: Client
) -> None:
    article = make_article(slug="spasm", language="de", text=text_of("Eins", "Zwei"))
    signed_in_march(article, 1)
    assert '<p class="since" lang="en"' in page(client)


def test_signing_the_change_takes_the_note_away(article: Article, client: Client) -> None:
    signed_in_march(article)
    edit(article, text_of(*FOUR, Two="Else."))
    assert len(notes(client)) == 1
    signed_in_march(article, 2)
    assert notes(client) == []
    assert summary(client) == "Checked by Nora Nerve, Neurologist, March 2026"


def test_a_sign_off_taken_back_is_gone_from_the_page_at_once(
    article: Article, client: Client
) -> None:
    review = signed_in_march(article)
    assert "Nora Nerve" in page(client)
    review.take_back("A mistake.")
    assert summary(client) == "Not yet checked by a clinician"
    assert "Nora Nerve" not in page(client)


# --- for machines ---------------------------------------------------------------------------------


def test_machines_are_told_only_of_a_page_that_is_signed_whole(
    article: Article, client: Client
) -> None:
    nora = a_neurologist(register_url="https://register.example/1")
    signed_in_march(article, 1, contributor=nora)
    assert not {"lastReviewed", "reviewedBy"} & facts(client).keys()
    signed_in_march(article, contributor=nora)
    assert facts(client)["lastReviewed"] == "2026-03-03"
    assert facts(client)["reviewedBy"] == [
        {
            "@type": "Person",
            "name": "Nora Nerve",
            "jobTitle": "Neurologist",
            "url": "http://localhost:8000/people/nora-nerve/",
            "sameAs": "https://register.example/1",
        }
    ]
    edit(article, text_of(*FOUR, Two="Else."))
    assert not {"lastReviewed", "reviewedBy"} & facts(client).keys()


def test_machines_are_not_told_a_name_that_is_held(article: Article, client: Client) -> None:
    signed_in_march(article, name_held=True)
    assert facts(client)["lastReviewed"] == "2026-03-03"
    assert "reviewedBy" not in facts(client)


def test_a_preview_links_to_nothing_that_readers_cannot_open(
    make_article: Callable[..., Article], client: Client
) -> None:
    article = make_article(slug="spasm", text=text_of(*FOUR), published=None)
    [first] = article.revisions.all()
    approve(first)
    second = edit(article, text_of("One", "Two", "Three", Two="Else."), publish=False)
    html = page(client, preview_url(second))
    assert "Edited since clinical review" in html
    assert "A section was removed here" in html
    assert "/signed/" not in html
