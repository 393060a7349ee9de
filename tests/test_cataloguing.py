"""What articles are made with: categories, contributors, sources, images, and the fixed pages."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture

from accounts.models import User
from articles.models import Article, Category, Contributor, Image, Page, Source
from articles.models.revision import new_citation
from tests.desk import filled


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def picture(name: str = "Knee bent.JPG", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Picture.new("RGB", size, "teal").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


# --- categories ---------------------------------------------------------------------------------


def save_category(client: Client, category: Category, **fields: Any) -> str:
    address = f"/admin/articles/category/{category.pk}/change/"
    page = client.get(address)
    return client.post(
        address, filled(page, "category_form", **fields), follow=True
    ).content.decode()


def test_categories_stand_as_a_tree(as_editor: Client) -> None:
    Category.objects.at(["Health", "Recovery"])
    Category.objects.at(["Food"])

    page = text_of(as_editor, "/admin/articles/category/")
    assert page.index("Food") < page.index("Health") < page.index('data-depth="1"')


def test_a_branch_moves_with_all_below_it(
    as_editor: Client, make_article: Callable[..., Article]
) -> None:
    article = make_article(category="Health/Recovery/Sleep")
    recovery = Category.objects.get(path="health/recovery")
    save_category(as_editor, recovery, parent="")

    article.category.refresh_from_db()
    assert article.category.path == "recovery/sleep"
    moved = Client().get("/topics/health/recovery/sleep/")
    assert moved.headers["Location"] == "/topics/recovery/sleep/"


def test_a_branch_that_cannot_stand_there_is_refused(as_editor: Client) -> None:
    deep = Category.objects.at(["A", "B", "C", "D"])
    top = Category.objects.get(path="a")
    other = Category.objects.at(["Other"])

    assert "below itself" in save_category(as_editor, top, parent=deep.pk)
    assert "levels deep" in save_category(as_editor, top, parent=other.pk)
    assert "at this place already" in save_category(as_editor, other, slug="a")
    assert save_category(as_editor, other, slug="changed")
    new = Category.objects.at(["New"])
    assert "once at this address" in save_category(as_editor, new, slug="other")


def test_a_slug_in_capitals_is_kept_in_small_letters(as_editor: Client) -> None:
    page = as_editor.get("/admin/articles/category/add/")
    fields = filled(page, "category_form", name="Ear, nose", slug="Ear-Nose")
    as_editor.post("/admin/articles/category/add/", fields)
    assert Category.objects.get().path == "ear-nose"
    for address in ("/", "/topics/", "/topics/ear-nose/", "/sitemap.xml"):
        assert text_of(as_editor, address)


@pytest.mark.django_db
def test_two_moves_at_once_make_no_circle() -> None:
    one, other = Category.objects.at(["One"]), Category.objects.at(["Other"])
    seen_before = Category.objects.get(pk=other.pk)
    one.parent = other
    one.save()

    seen_before.parent = Category.objects.get(pk=one.pk)
    seen_before.parent.path = "one"  # as it was read before the other move
    with pytest.raises(ValidationError, match="below itself"):
        seen_before.save()


@pytest.mark.django_db
def test_what_is_saved_while_its_parent_moves_moves_along() -> None:
    child = Category.objects.at(["Health", "Recovery"])
    health = Category.objects.get(path="health")
    health.slug = "wellbeing"
    health.save()

    child.save()
    assert child.path == "wellbeing/recovery"


def test_a_category_in_use_is_not_deleted(as_editor: Client, article: Article) -> None:
    address = f"/admin/articles/category/{article.category_id}/delete/"
    assert as_editor.post(address, {"post": "yes"}).status_code in {200, 403}
    assert Category.objects.filter(pk=article.category_id).exists()


def test_a_category_changed_by_another_is_not_overwritten(as_editor: Client) -> None:
    category = Category.objects.at(["Health"])
    address = f"/admin/articles/category/{category.pk}/change/"
    fields = filled(as_editor.get(address), "category_form", description="Mine.")
    save_category(as_editor, category, description="Theirs.")

    page = as_editor.post(address, fields).content.decode()
    assert "<ins>Mine</ins>" in page
    assert "<del>Theirs</del>" in page
    assert Category.objects.get(pk=category.pk).description == "Theirs."


# --- contributors and sources -------------------------------------------------------------------


def test_a_contributor_needs_no_slug_and_offers_staff_alone(
    as_editor: Client, member: User, author: User
) -> None:
    page = as_editor.get("/admin/articles/contributor/add/")
    assert member.handle not in page.content.decode()
    as_editor.post(
        "/admin/articles/contributor/add/",
        filled(page, "contributor_form", name="Dr. Ada Knee", user=author.pk),
    )

    person = Contributor.objects.get()
    assert (person.slug, person.user) == ("dr-ada-knee", author)


def test_an_author_adds_no_contributor(as_author: Client) -> None:
    assert as_author.get("/admin/articles/contributor/add/").status_code == 403


def test_a_source_says_what_rests_on_it(
    as_author: Client, make_article: Callable[..., Article]
) -> None:
    source = Source.objects.create(title="A trial", doi="10.1136/bmj.1")
    article = make_article(title="Knees")
    revision = article.revise(
        title="Knees", summary="", text="x[^a]", citations=[new_citation(source, "a")]
    )
    article.publish(revision)

    assert ">1</td>" in text_of(as_author, "/admin/articles/source/")
    assert "Knees" in text_of(as_author, f"/admin/articles/source/{source.pk}/change/")


@pytest.mark.parametrize("fields", [{"doi": "nonsense"}, {"pmid": "x"}, {"published_on": "soon"}])
def test_a_source_that_cannot_be_is_refused(as_author: Client, fields: dict[str, str]) -> None:
    page = as_author.get("/admin/articles/source/add/")
    answer = as_author.post(
        "/admin/articles/source/add/", filled(page, "source_form", title="A trial", **fields)
    )

    assert "errornote" in answer.content.decode()
    assert not Source.objects.exists()


def test_sources_are_suggested_by_their_doi(as_author: Client) -> None:
    Source.objects.create(title="A trial", doi="10.1136/bmj.1")
    answer = as_author.get(
        "/admin/autocomplete/?app_label=articles&model_name=citation&field_name=source&term=bmj.1"
    )
    assert answer.json()["results"][0]["text"] == "A trial"


def test_a_cited_source_is_not_deleted(
    as_editor: Client, make_article: Callable[..., Article]
) -> None:
    source = Source.objects.create(title="A trial")
    make_article().revise(title="x", summary="", text="y", citations=[new_citation(source, "a")])
    as_editor.post(f"/admin/articles/source/{source.pk}/delete/", {"post": "yes"})

    assert Source.objects.filter(pk=source.pk).exists()


# --- images -------------------------------------------------------------------------------------


def upload(client: Client, file: Any, **fields: Any) -> Any:
    page = client.get("/admin/articles/image/add/")
    return client.post(
        "/admin/articles/image/add/", {**filled(page, "image_form", **fields), "file": file}
    )


def test_a_picture_is_uploaded_and_named_after_its_file(as_author: Client) -> None:
    assert upload(as_author, picture(), alt="A bent knee").status_code == 302

    image = Image.objects.get()
    assert (image.key, image.width, image.file.name.endswith(".webp")) == ("knee-bent", 60, True)
    assert "media:knee-bent" in text_of(as_author, "/admin/articles/article/add/")


def test_a_picture_is_described_or_decorative(as_author: Client) -> None:
    for fields in ({}, {"alt": "A knee", "decorative": "on"}):
        assert "one of the two" in upload(as_author, picture(), **fields).content.decode()
    assert upload(as_author, picture(), decorative="on").status_code == 302


def test_whoever_is_on_a_picture_has_agreed(as_author: Client) -> None:
    page = upload(as_author, picture(), alt="A face", shows_person="on")
    assert "who agreed" in page.content.decode()


def test_what_is_no_picture_is_refused(as_author: Client) -> None:
    whole = picture(size=(900, 900)).read()
    for file in (
        SimpleUploadedFile("a.jpg", b"GIF89a"),
        SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        SimpleUploadedFile("a.jpg", whole[: len(whole) // 2]),
        SimpleUploadedFile("a.jpg", b""),
        "no file",
    ):
        assert upload(as_author, file, alt="x").status_code == 200
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "![](media:knee-bent)",
        '![](media:knee-bent "Bent at a right angle")',
        "![][it]\n\n[it]: media:knee-bent",
    ],
)
def test_a_picture_that_an_article_shows_keeps_its_key_and_its_row(
    text: str, as_editor: Client, make_article: Callable[..., Article]
) -> None:
    upload(as_editor, picture(), alt="A knee")
    image = Image.objects.get()
    make_article(title="Knees", text=text)
    address = f"/admin/articles/image/{image.pk}/"

    page = as_editor.get(f"{address}change/")
    assert "Knees" in page.content.decode()
    as_editor.post(f"{address}change/", filled(page, "image_form", key="other", alt="A bent knee"))
    image.refresh_from_db()
    assert (image.key, image.alt) == ("knee-bent", "A bent knee")
    assert as_editor.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def test_a_picture_is_not_taken_for_one_whose_key_begins_alike(
    as_editor: Client, make_article: Callable[..., Article]
) -> None:
    upload(as_editor, picture(), alt="A knee")
    make_article(text="![](media:knee-bent-twice)")
    image = Image.objects.get()
    as_editor.post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})
    assert not Image.objects.exists()


# --- pages --------------------------------------------------------------------------------------


def test_a_page_is_edited_and_never_added_or_deleted(as_editor: Client) -> None:
    page = Page.objects.get(slug="help")
    address = f"/admin/articles/page/{page.pk}/change/"
    as_editor.post(address, filled(as_editor.get(address), "page_form", text="Ring 112."))

    assert "Ring 112." in Client().get("/help/").content.decode()
    assert as_editor.get("/admin/articles/page/add/").status_code == 403
    assert as_editor.get(f"/admin/articles/page/{page.pk}/delete/").status_code == 403


def test_the_pages_say_what_is_left_to_fill_in(as_editor: Client) -> None:
    Page.objects.update(text="Done.")
    Page.objects.filter(slug="help").update(text="**Fill in:** a.\n\n**Fill in:** b.")

    assert text_of(as_editor, "/admin/articles/page/").count('class="field-left_to_do">2<') == 1
