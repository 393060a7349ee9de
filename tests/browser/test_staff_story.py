"""What an editor does here, from the one-use link to an article that readers find."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.places import PASSWORD
from tests.browser.trial import Trial

pytestmark = pytest.mark.browser

Visitor = Callable[..., Page]

TITLE = "How long should I rest after a nosebleed?"
ADDRESS = "/articles/how-long-should-i-rest-after-a-nosebleed/"
TEXT = """Sit down and lean forward.[^nose]

![](media:leaning-forward)

## The same day

Do not blow your nose.
"""


def test_an_editor_sets_a_password_writes_previews_and_publishes(
    trial: Trial, visitor: Visitor
) -> None:
    page = visitor()
    begin_with_the_one_use_link(page, trial)
    add_source(page)
    add_image(page)
    write_article(page)
    preview(page)
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_role("list").filter(has_text="Readers see it now.")).to_be_visible()

    reader = visitor()
    reader.goto("/")
    expect(reader.get_by_role("link", name=TITLE)).to_be_visible()
    reader.goto("/topics/health/recovery/")
    expect(reader.get_by_role("link", name=TITLE)).to_be_visible()
    reader.goto("/search/?q=nosebleed")
    reader.get_by_role("main").get_by_role("link", name=TITLE).click()
    expect(reader).to_have_url(re.compile(f"{ADDRESS}$"))
    assert_the_parts_are_there(reader)
    for path in ("/feed/", "/topics/health/recovery/feed/", "/sitemap.xml"):
        assert f"{trial.url}{ADDRESS}" in reader.request.get(path).text()


def begin_with_the_one_use_link(page: Page, trial: Trial) -> None:
    link = trial.manage("staff_link").strip()
    page.goto(link)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save and go to the desk").click()
    expect(page).to_have_url(re.compile(r"/admin/$"))
    used = page.context.new_page()
    used.goto(link)
    expect(used.get_by_role("heading", level=1)).to_have_text("This link has ended")
    used.close()


def add_source(page: Page) -> None:
    page.goto("/admin/articles/source/add/")
    page.get_by_label("Title").fill("Nosebleed")
    page.get_by_label("Publisher").fill("NHS")
    page.get_by_label("Address").fill("https://www.nhs.uk/symptoms/nosebleed/")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("Nosebleed")


def add_image(page: Page) -> None:
    page.goto("/admin/articles/image/add/")
    picture = BytesIO()
    Image.new("RGB", (320, 200), "teal").save(picture, "PNG")
    page.get_by_label("File").set_input_files(
        {"name": "Leaning forward.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    page.get_by_label("Alternative text").fill("A person sits and leans forward.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("leaning-forward")


def write_article(page: Page) -> None:
    """Fill in the form by hand and by its tools, and keep it as a draft."""
    page.goto("/admin/articles/article/add/")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Summary").fill("A quarter of an hour, then quietly for a day.")
    page.get_by_text("Add a care card").click()
    page.get_by_role("listitem").filter(has_text="::: now").get_by_role("button").click()
    text = page.locator("#id_text")
    card = text.input_value()
    assert card.startswith("::: now")
    text.fill(card.replace("- ", "- it bleeds for more than half an hour") + "\n\n" + TEXT)
    page.locator("[name=sources-0-key]").fill("nose")
    page.locator("[name=sources-0-source]").fill("https://www.nhs.uk/symptoms/nosebleed/")
    page.get_by_label("Category").select_option(label="— Recovery")
    shown = page.frame_locator("iframe[title='What readers will see']")
    expect(shown.get_by_text("it bleeds for more than half an hour")).to_be_visible()
    expect(shown.get_by_role("img")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved as revision 1.")


def preview(page: Page) -> None:
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Preview").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(TITLE)
    opened.value.close()
    signed = page.get_by_role("link", name="Preview", exact=True).get_attribute("href")
    colleague = page.context.browser.new_page()
    colleague.goto(f"{page.url.split('/admin/')[0]}{signed}")
    expect(colleague.get_by_role("main")).to_contain_text("This is a preview of revision 1.")
    colleague.goto(f"{page.url.split('/admin/')[0]}{ADDRESS}")
    expect(colleague.get_by_role("heading", level=1)).not_to_have_text(TITLE)
    colleague.context.close()


def assert_the_parts_are_there(page: Page) -> None:
    card = page.locator(".care[data-degree=now]")
    expect(card).to_contain_text("it bleeds for more than half an hour")
    picture = page.get_by_role("img", name="A person sits and leans forward.")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 320
    expect(page.locator("#sources")).to_contain_text("Nosebleed")
    page.get_by_role("link", name="When to get help now").click()
    expect(card).to_be_in_viewport()
