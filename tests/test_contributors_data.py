"""Contributors get a copy of what stands about them, have it put right, and need not be named."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import hooks
from accounts.models import AuditAct, Erasure, User
from articles.models import Article, Authorship, Category, Contributor, Image, Source
from articles.models.revision import new_citation
from tests.desk import filled
from tests.test_cataloguing import picture

pytestmark = pytest.mark.django_db

NAME = "Dr Ilse Zwetschge"


@pytest.fixture
def ilse(author: User) -> Contributor:
    photo = Image.objects.create(
        key="ilse-zwetschge",
        file=picture(),
        alt=f"{NAME} at her desk",
        shows_person=True,
        consent=f"{NAME}, 3 March 2026",
    )
    return Contributor.objects.create(
        name=NAME,
        profession="Neurologist",
        credentials="MD Zwetschge",
        register_url="https://register.example.org/zwetschge",
        biography="Ilse Zwetschge works in Zug.",
        interests="Zwetschge AG pays her.",
        photo=photo,
        user=author,
    )


@pytest.fixture
def written(ilse: Contributor, make_article: Callable[..., Article]) -> Article:
    article = make_article(title="Spasms of the face", by=NAME)
    assert article.ordered_authors() == [ilse]
    return article


def desk(contributor: Contributor, page: str) -> str:
    return f"/admin/articles/contributor/{contributor.pk}/{page}/"


def everything_stored() -> str:
    """Return all that the database holds, as text."""
    told: list[Any] = []
    for model in apps.get_models(include_auto_created=True):
        told += model._base_manager.values_list()
    return repr(told)


# --- a copy ---------------------------------------------------------------------------------------


def test_an_editor_hands_out_a_copy(
    as_editor: Client, editor: User, ilse: Contributor, written: Article
) -> None:
    assert desk(ilse, "data") in as_editor.get(desk(ilse, "change")).text
    assert "Fetch the copy" in as_editor.get(desk(ilse, "data")).text
    answer = as_editor.post(desk(ilse, "data"))
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    file = zipfile.ZipFile(io.BytesIO(answer.content))
    data = json.loads(file.read("data.json"))
    [row] = data["contributor"]
    assert row["name"] == NAME
    assert row["biography"] == ilse.biography
    assert row["photo_consent"] == f"{NAME}, 3 March 2026"
    assert row["has_account"] is True
    assert [article["article"] for article in data["authorships"]] == ["Spasms of the face"]
    assert file.read("photo-ilse-zwetschge.webp").startswith(b"RIFF")
    assert NAME in file.read("index.html").decode()
    assert AuditAct.objects.get(deed="contributor.copied").actor == editor.public_id


def test_the_copy_names_the_texts_in_which_the_name_stands(
    as_editor: Client, ilse: Contributor, written: Article
) -> None:
    written.revise(title="Spasms", summary="", text=f"By {NAME}.", note="")
    file = zipfile.ZipFile(io.BytesIO(as_editor.post(desk(ilse, "data")).content))
    rows = json.loads(file.read("data.json"))["named_in"]
    assert {(row["what"], row["where"]) for row in rows} == {
        ("revision", "Spasms (2)"),
        ("image", "ilse-zwetschge"),
    }


def test_their_own_data_tells_them_as_a_contributor(author: User, ilse: Contributor) -> None:
    found = [s for part in hooks.ask("member_data", author) for s in part]
    [section] = [section for section in found if section.key == "contributor"]
    assert [row["name"] for row in section.rows] == [NAME]


@pytest.mark.parametrize("who", ["client", "as_member", "as_author", "as_reviewer", "as_moderator"])
def test_others_get_neither(who: str, request: pytest.FixtureRequest, ilse: Contributor) -> None:
    client = request.getfixturevalue(who)
    for page in ("data", "unname"):
        for answer in (client.get(desk(ilse, page)), client.post(desk(ilse, page), {"role": "x"})):
            assert answer.status_code in {302, 403}
    ilse.refresh_from_db()
    assert ilse.name == NAME
    assert not AuditAct.objects.exists()


def test_nobody_is_no_error(as_editor: Client) -> None:
    for page in ("data", "unname"):
        assert as_editor.get(f"/admin/articles/contributor/999/{page}/").status_code == 404


def test_something_wrong_is_put_right_in_the_form(
    as_editor: Client, ilse: Contributor, written: Article, client: Client
) -> None:
    before = client.get(written.get_absolute_url())
    form = filled(as_editor.get(desk(ilse, "change")), "contributor_form", name="Dr Ilse Zwetsche")
    as_editor.post(desk(ilse, "change"), form)
    after = client.get(written.get_absolute_url())
    assert ">Dr Ilse Zwetsche<" in after.text
    assert after["ETag"] != before["ETag"]


# --- a role instead of the name -------------------------------------------------------------------


def unname(client: Client, contributor: Contributor, role: str = "a neurologist") -> Any:
    return client.post(desk(contributor, "unname"), {"role": role}, follow=True)


def test_a_role_stands_where_the_name_stood(
    as_editor: Client, ilse: Contributor, written: Article, client: Client
) -> None:
    old = f"/people/{ilse.slug}/"
    assert client.get(old).status_code == 200
    assert NAME in client.get(written.get_absolute_url()).text
    page = as_editor.get(desk(ilse, "unname")).text
    assert "This is not taken back" in page
    answer = unname(as_editor, ilse)
    assert "Readers see the role from now on" in answer.text

    ilse.refresh_from_db()
    assert client.get(old).status_code == 404
    now = client.get(f"/people/{ilse.slug}/")
    assert "<h1>a neurologist</h1>" in now.text
    article = client.get(written.get_absolute_url()).text
    assert re.search(r'rel="author">a neurologist</a>', article)
    for page in (now.text, article, client.get("/feed/").text, client.get("/sitemap.xml").text):
        assert "wetschge" not in page
    assert client.get("/search/?q=zwetschge").text.count("<li") == client.get(
        "/search/?q=nosuchword"
    ).text.count("<li")


def test_machines_are_told_of_no_person(
    as_editor: Client, ilse: Contributor, written: Article, client: Client
) -> None:
    def authors() -> Any:
        page = client.get(written.get_absolute_url()).text
        block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert block
        return json.loads(block[1]).get("author")

    assert authors()[0]["name"] == NAME
    unname(as_editor, ilse)
    assert authors() is None


def test_the_name_stands_nowhere_any_more(
    as_editor: Client, ilse: Contributor, written: Article
) -> None:
    # Saved in the admin, so that its log has known the name.
    form = filled(as_editor.get(desk(ilse, "change")), "contributor_form", interests="Zwetschge.")
    as_editor.post(desk(ilse, "change"), form)
    assert LogEntry.objects.filter(object_repr__contains="Zwetschge").exists()
    assert ilse.photo
    file = ilse.photo.file.name
    assert default_storage.exists(file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda deed, **_: deed())
        unname(as_editor, ilse)
    assert "wetschge" not in everything_stored().lower()
    assert not default_storage.exists(file)
    ilse.refresh_from_db()
    assert ilse.user is None
    assert ilse.unnamed_at
    assert Authorship.objects.filter(contributor=ilse).count() == 1


def test_a_photo_that_an_article_shows_stays(
    as_editor: Client, ilse: Contributor, written: Article
) -> None:
    written.revise(title="S", summary="", text="![Somebody](media:ilse-zwetschge)", note="")
    unname(as_editor, ilse)
    assert Image.objects.filter(key="ilse-zwetschge").exists()
    ilse.refresh_from_db()
    assert ilse.photo is None


def test_the_deed_is_on_record_without_the_name(
    as_editor: Client, editor: User, ilse: Contributor
) -> None:
    unname(as_editor, ilse)
    act = AuditAct.objects.get(deed="contributor.unnamed")
    assert (act.actor, act.object_id) == (editor.public_id, str(ilse.pk))
    assert act.subject is None
    line = Erasure.objects.get()
    assert (line.kind, line.subject, line.deed) == ("contributor", str(ilse.pk), "role")


@pytest.mark.parametrize("role", ["", "   ", "x" * 121])
def test_a_role_is_asked_for(as_editor: Client, ilse: Contributor, role: str) -> None:
    assert "errorlist" in unname(as_editor, ilse, role).text
    ilse.refresh_from_db()
    assert ilse.name == NAME
    assert not Erasure.objects.exists()


def test_the_page_names_the_texts_that_it_does_not_change(
    as_editor: Client, ilse: Contributor, written: Article
) -> None:
    written.revise(title="Spasms", summary="", text=f"By {NAME}.", note="")
    assert "revision: Spasms (2)" in as_editor.get(desk(ilse, "unname")).text


def test_an_older_backup_is_put_right_from_the_ledger(
    ilse: Contributor, written: Article, client: Client
) -> None:
    line = Erasure(kind="contributor", subject=str(ilse.pk), deed="role")
    assert any(hooks.ask("replay_erasure", line))
    ilse.refresh_from_db()
    assert ilse.name == "a contributor"
    assert "wetschge" not in everything_stored().lower()
    slug = ilse.slug
    assert any(hooks.ask("replay_erasure", line))
    ilse.refresh_from_db()
    assert ilse.slug == slug
    assert not Erasure.objects.exists()


def test_what_the_backup_knows_already_keeps_its_role(as_editor: Client, ilse: Contributor) -> None:
    unname(as_editor, ilse)
    assert any(hooks.ask("replay_erasure", Erasure.objects.get()))
    ilse.refresh_from_db()
    assert ilse.name == "a neurologist"


@pytest.mark.parametrize("subject", ["999999", "nobody", "", "٣"])
def test_a_line_about_nobody_is_no_error(subject: str) -> None:
    line = Erasure(kind="contributor", subject=subject, deed="role")
    assert any(hooks.ask("replay_erasure", line))


# --- pages of several articles --------------------------------------------------------------------


def test_pages_are_made_old_in_one_order(
    make_article: Callable[..., Article], ilse: Contributor
) -> None:
    """Of two who change several articles at once, neither waits for the other."""
    source = Source.objects.create(title="A trial")
    for _unused in range(3):
        article = make_article(by=NAME)
        cited = article.revise(
            title="Cited", summary="", text="Yes.[@s1]", citations=[new_citation(source, "s1")]
        )
        article.publish(cited)
    before = dict(Article.objects.values_list("pk", "version"))
    for number, row in enumerate((ilse, source, Category.objects.get(slug="health")), 1):
        with CaptureQueriesContext(connection) as captured:
            row.save()
        [locking, bumping] = [
            query["sql"]
            for query in captured
            if '"articles_article"' in query["sql"].split("WHERE")[0]
        ]
        assert locking.startswith("SELECT")
        assert re.search(r'ORDER BY (1|"articles_article"."id") ASC( FOR UPDATE)?$', locking)
        assert connection.vendor == "sqlite" or locking.endswith("FOR UPDATE")
        assert bumping.startswith("UPDATE")
        after = dict(Article.objects.values_list("pk", "version"))
        assert after == {pk: version + number for pk, version in before.items()}
