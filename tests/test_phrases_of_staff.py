"""Staff keep the lists of phrases in the admin; clinicians approve those of crisis and method."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditAct, User
from comments.models import Phrase

LIST = "/admin/comments/phrase/"


@pytest.fixture
def wanted(db: None) -> Phrase:
    return Phrase.objects.create(kind="crisis", language="en", text="I wish I was a stone")


def sent(page: Any, **changes: str) -> dict[str, str]:
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {
        name: value for name, value in {**values, **changes}.items() if value not in {None, False}
    }


@pytest.mark.parametrize("client", ["as_moderator", "as_editor"])
def test_moderators_and_editors_keep_the_lists(client: str, request: Any) -> None:
    browser: Client = request.getfixturevalue(client)
    filled = {"kind": "hold", "language": "en", "text": "slithy toves", "is_on": "on"}
    assert browser.post(f"{LIST}add/", filled).status_code == 302
    added = Phrase.objects.get(text="slithy toves")
    assert browser.get(f"{LIST}?kind__exact=hold&q=slithy").text.count("slithy toves") >= 1
    assert browser.post(f"{LIST}{added.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Phrase.objects.filter(pk=added.pk).exists()
    deeds = AuditAct.objects.filter(deed__startswith="phrase.").values_list("deed", flat=True)
    assert sorted(deeds) == ["phrase.added", "phrase.deleted"]


def test_others_do_not_see_the_lists(as_author: Client, as_member: Client) -> None:
    assert as_author.get(LIST).status_code == 403
    assert as_member.get(LIST).status_code == 302


def test_what_a_clinician_approved_is_noted_with_who_said_so(
    as_moderator: Client, moderator: User, wanted: Phrase
) -> None:
    title = "Phrases that no clinician has approved"
    assert title in as_moderator.get("/admin/").text
    assert wanted.text in as_moderator.get(f"{LIST}?approved=no&q=wish").text
    marked = {"action": "approve", "_selected_action": [str(wanted.pk)]}
    assert as_moderator.post(LIST, marked).status_code == 302
    wanted.refresh_from_db()
    assert wanted.approved_at
    assert wanted.approved_by == moderator
    act = AuditAct.objects.get(deed="phrase.approved")
    assert (act.object_id, act.actor) == (str(wanted.pk), moderator.public_id)
    assert wanted not in Phrase.objects.to_approve()
    as_moderator.post(LIST, marked)
    assert AuditAct.objects.filter(deed="phrase.approved").count() == 1
    Phrase.objects.filter(kind__in=Phrase.CLINICAL).update(approved_at=wanted.approved_at)
    assert title not in as_moderator.get("/admin/").text


def test_another_wording_is_not_what_was_approved(
    as_moderator: Client, moderator: User, wanted: Phrase
) -> None:
    marked = {"action": "approve", "_selected_action": [str(wanted.pk)]}
    as_moderator.post(LIST, marked)
    address = f"{LIST}{wanted.pk}/change/"
    noted = sent(as_moderator.get(address), note="Asked for by the clinic.")
    assert as_moderator.post(address, noted).status_code == 302
    wanted.refresh_from_db()
    assert wanted.approved_at
    other = sent(as_moderator.get(address), text="I wish I were gone")
    assert as_moderator.post(address, other).status_code == 302
    wanted.refresh_from_db()
    assert (wanted.text, wanted.approved_at, wanted.approved_by) == (
        "I wish I were gone",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [("a", False), ("é.", False), ("~ I could die", False), ("死", True), ("no", True)],
)
def test_what_nearly_every_comment_holds_is_no_phrase(
    as_moderator: Client, text: str, is_taken: bool
) -> None:
    answer = as_moderator.post(f"{LIST}add/", {"kind": "ask", "text": text, "is_on": "on"})
    assert ("That is too short" in answer.text) is not is_taken
    assert Phrase.objects.filter(text=text).exists() is is_taken


def test_two_who_edit_one_phrase_do_not_overwrite_each_other(
    as_moderator: Client, wanted: Phrase
) -> None:
    address = f"{LIST}{wanted.pk}/change/"
    first, second = (sent(as_moderator.get(address), note=f"By {who}.") for who in ("A", "B"))
    assert as_moderator.post(address, first).status_code == 302
    refused = as_moderator.post(address, second)
    assert refused.status_code == 200
    assert "Nothing was saved" in refused.text
    wanted.refresh_from_db()
    assert wanted.note == "By A."


def test_the_phrases_of_any_language_have_a_filter_with_words(as_editor: Client) -> None:
    page = as_editor.get("/admin/comments/phrase/").text
    assert 'href="?language="' not in page
    assert ">Any language</a>" in page
    assert ">es</a>" in page
    listed = as_editor.get("/admin/comments/phrase/?language=any").context["cl"].result_list
    assert {phrase.language for phrase in listed} == {""}


# --- a newer Bedside brings more ------------------------------------------------------------------


def new_starters() -> str:
    out = StringIO()
    call_command("screen", new_starters=True, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_an_operator_takes_the_phrases_that_are_new() -> None:
    """As on a site whose lists are of an older version: these rows did not come with it."""
    new, switched_off, *_rest = Phrase.objects.filter(kind="crisis", language="en")
    new.delete()
    Phrase.objects.filter(pk=switched_off.pk).update(is_on=False)
    told = "Added: 1. They work at once; staff can switch each off."
    assert new_starters().splitlines() == [f"crisis en: {new}", told]
    added = Phrase.objects.get(kind="crisis", language="en", text=new.text)
    assert added.is_on
    assert added.is_starter
    assert not added.approved_at
    switched_off.refresh_from_db()
    assert not switched_off.is_on
    assert new_starters().startswith("Added: 0.")


def test_what_staff_deleted_or_reworded_does_not_come_back(as_moderator: Client, db: None) -> None:
    deleted, ticked, reworded = Phrase.objects.filter(kind="hold", is_starter=True)[:3]
    as_moderator.post(f"{LIST}{deleted.pk}/delete/", {"post": "yes"})
    several = {"action": "delete_selected", "_selected_action": [str(ticked.pk)], "post": "yes"}
    as_moderator.post(LIST, several)
    address = f"{LIST}{reworded.pk}/change/"
    for changes in ({"text": "slithy toves"}, {"language": "en-gb"}):
        as_moderator.post(address, sent(as_moderator.get(address), **changes))
    count = Phrase.objects.count()
    assert new_starters().startswith("Added: 0.")
    assert Phrase.objects.count() == count
    gone = (deleted.text, ticked.text, reworded.text)
    assert not Phrase.objects.filter(kind="hold", text__in=gone).exists()
