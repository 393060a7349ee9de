"""What is held of those who sign: they read it, it gives way to a role, and addresses go."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client

from accounts import leaving
from accounts.models import Fate, User
from articles.models import Article, Contributor, CorrectionFollower, Review, SignOffLink
from tests.reviewing import approve
from tests.signing_off import asked

pytestmark = pytest.mark.django_db

NORA = "nora.zwetschge@clinic.example"


@pytest.fixture
def nora(db: None) -> Contributor:
    return Contributor.objects.create(
        name="Nora Zwetschge",
        profession="Neurologist",
        credentials="MD Zwetschge",
        register_url="https://register.example.org/zwetschge",
        interests="Zwetschge AG pays her.",
        email=NORA,
    )


@pytest.fixture
def signed(nora: Contributor, article: Article) -> Review:
    assert article.live
    asked(article, contributor=nora, email=NORA)
    SignOffLink.objects.update(message="Dear Nora Zwetschge")
    fields = {"scope": "Checked the treatment.", "message": "Regards, Nora Zwetschge"}
    return approve(article.live, 1, 2, contributor=nora, **fields)


def everything_stored() -> str:
    models = apps.get_models(include_auto_created=True)
    rows = [list(model._base_manager.values_list()) for model in models if "Mail" not in f"{model}"]
    return repr(rows).lower()


def test_the_copy_tells_what_they_signed_and_what_they_were_asked(
    as_editor: Client, nora: Contributor, signed: Review
) -> None:
    answer = as_editor.post(f"/admin/articles/contributor/{nora.pk}/data/")
    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("data.json"))
    assert data["contributor"][0]["email"] == NORA
    [review] = data["reviews"]
    assert review["sections"] == ["Understanding Hemifacial Spasm", "Current Treatment Options"]
    assert review["scope"] == "Checked the treatment."
    assert "Neurologist" in review["named_as"]
    [link] = data["sign_off_links"]
    assert (link["to"], link["message"]) == (NORA, "Dear Nora Zwetschge")


def test_a_role_stands_where_the_name_was_signed_and_what_was_signed_stays(
    as_editor: Client, nora: Contributor, signed: Review, article: Article, client: Client
) -> None:
    before = client.get(article.get_absolute_url())
    assert "Nora Zwetschge" in before.text
    as_editor.post(f"/admin/articles/contributor/{nora.pk}/unname/", {"role": "a neurologist"})
    after = client.get(article.get_absolute_url())
    assert "a neurologist" in after.text
    assert "wetschge" not in after.text + client.get(f"{article.get_absolute_url()}history/").text
    assert after["ETag"] != before["ETag"]
    assert "zwetschge" not in everything_stored()
    signed.refresh_from_db()
    assert (signed.scope, signed.stands) == ("Checked the treatment.", True)
    assert signed.reviewed_sections.count() == 2


def test_a_name_that_the_publisher_held_gives_way_too(nora: Contributor, article: Article) -> None:
    assert article.live
    review = approve(article.live, contributor=nora, name_held=True)
    nora.replace_name("a specialist")
    review.refresh_from_db()
    assert (review.shown_name, review.name, review.profession) == (*["a specialist"] * 3,)


def test_leaving_takes_the_addresses_along(
    make_user: Callable[..., User], nora: Contributor, signed: Review, article: Article
) -> None:
    left, stays = make_user("Leaves Soon", email=NORA), "other@example.org"
    for email in (NORA.upper(), stays):
        CorrectionFollower.objects.create(article=article, email=email)
    User.objects.filter(pk=left.pk).update(is_active=False)
    leaving.erase(left, Fate.ERASE)
    nora.refresh_from_db()
    assert nora.email == ""
    link = SignOffLink.objects.get()
    assert (link.email, link.is_usable) == ("", False)
    assert CorrectionFollower.objects.get().email == stays


def test_an_account_that_nobody_confirmed_takes_nobodys_address(
    make_user: Callable[..., User], nora: Contributor, article: Article
) -> None:
    """Whoever signs up with somebody else's address must not undo what that person asked for."""
    CorrectionFollower.objects.create(article=article, email=NORA)
    pretender = make_user("Never Came", email=NORA, is_active=False)
    pretender.emailaddress_set.update(verified=False)
    leaving.erase(pretender, Fate.ERASE)
    nora.refresh_from_db()
    assert nora.email == NORA
    assert CorrectionFollower.objects.exists()
