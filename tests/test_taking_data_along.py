"""Members take along all that the site holds about them, as one file."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import packing
from accounts.models import User
from accounts.my_data import sections_of
from articles.models import Article
from tests.conftest import logged_in
from tests.data_files import DATA, opened, proved, taken_along
from tests.discussing import say
from tests.processes import Processes

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_home(member: User) -> Client:
    return proved(member)


def test_a_copy_is_made_and_told_by_mail(
    at_home: Client, member: User, article: Article, mailoutbox: list[mail.EmailMessage]
) -> None:
    say(member, article, "My knee.")
    answer = at_home.post(DATA, follow=True)
    assert "Your copy is being made." in answer.text
    assert "Fetch your data" not in answer.text
    call_command("run_worker", "--batch")
    [message] = mailoutbox
    assert message.to == [member.email]
    assert message.subject == "The copy you asked for is ready"
    assert "http://localhost:8000/accounts/data/\n" in message.body
    export = member.data_exports.get()
    for private in (str(export.pk), member.handle, "knee", article.slug):
        assert private not in message.subject + str(message.body)
    response = at_home.get(f"{DATA}{export.pk}/")
    assert response["Content-Type"] == "application/zip"
    today = timezone.localdate()
    assert response["Content-Disposition"] == f'attachment; filename="my-data-{today}.zip"'
    assert opened(response).namelist() == ["data.json", "index.html", "style.css", "README.txt"]


def test_the_json_is_one_object_of_all_sections(
    at_home: Client, member: User, article: Article
) -> None:
    said = say(member, article, "Line one.\n\n“Quoted” & <b>bold</b>")
    data = json.loads(opened(taken_along(at_home)).read("data.json"))
    assert list(data) == [section.key for section in sections_of(member)]
    assert len(set(data)) == len(data)
    [comment] = data["comments"]
    assert comment["text"] == said.text
    assert datetime.fromisoformat(comment["written"]) == said.created_at
    assert data["account"][0]["email"] == member.email
    assert data["drafts"] == []


def test_the_html_is_escaped_and_asks_nobody_for_anything(
    at_home: Client, member: User, article: Article
) -> None:
    say(member, article, '<script src="https://evil.example/x.js"></script> & =1+1')
    page = opened(taken_along(at_home)).read("index.html").decode()
    assert "&lt;script src=&quot;https://evil.example/x.js&quot;&gt;" in page
    assert re.findall(r"<(?:script|img|iframe|object|embed|form|a|base)\b", page) == []
    assert re.findall(r"<link [^>]*>", page) == ['<link rel="stylesheet" href="style.css">']
    assert not re.search(r"\sstyle=|<style|\son\w+=", page)
    assert '<html lang="en" dir="ltr">' in page
    assert page.count("<h1") == 1
    assert "<th scope=" in page
    assert not re.search(r"<th(?! scope=)[ >]", page)
    assert packing.MARK not in page
    assert page.rstrip().endswith("</html>")


def test_one_copy_a_day_is_made(at_home: Client, member: User) -> None:
    with time_machine.travel(datetime.fromisoformat("2026-11-22T10:00+00:00"), tick=False):
        at_home = proved(member)
        at_home.post(DATA)
        call_command("run_worker", "--batch")
        again = at_home.post(DATA, follow=True)
        assert "You can ask for the next one from 23 November 2026, 10:00 on." in again.text
        assert "Make a copy" not in again.text
    with time_machine.travel(datetime.fromisoformat("2026-11-23T10:00+00:00"), tick=False):
        proved(member).post(DATA)
    assert member.data_exports.count() == 2


def test_a_copy_can_be_fetched_for_48_hours(at_home: Client, member: User) -> None:
    taken_along(at_home)
    export = member.data_exports.get()
    assert export.made_at
    with time_machine.travel(export.made_at + timedelta(hours=47, minutes=59)):
        assert proved(member).get(f"{DATA}{export.pk}/").status_code == 200
    with time_machine.travel(export.made_at + timedelta(hours=48, seconds=1)):
        client = proved(member)
        assert client.get(f"{DATA}{export.pk}/").status_code == 404
        assert "Fetch your data" not in client.get(DATA).text


def test_nobody_else_can_fetch_it(
    at_home: Client, member: User, another_member: User, make_user: Callable[..., User]
) -> None:
    taken_along(at_home)
    address = f"{DATA}{member.data_exports.get().pk}/"
    superuser = make_user("Olga Operates", is_staff=True, is_superuser=True)
    for somebody in (another_member, superuser):
        assert proved(somebody).get(address).status_code == 404
    assert logged_in(member).get(address).url.startswith("/accounts/reauthenticate/")
    assert at_home.get(address).status_code == 200
    assert at_home.post(address).status_code == 405


def test_a_copy_that_is_not_made_yet_is_not_there(at_home: Client, member: User) -> None:
    at_home.post(DATA)
    assert at_home.get(f"{DATA}{member.data_exports.get().pk}/").status_code == 404


def test_a_worker_that_runs_twice_makes_one_copy(
    at_home: Client, member: User, mailoutbox: list[mail.EmailMessage]
) -> None:
    taken_along(at_home)
    export = member.data_exports.get()
    packing.make_copy.call(str(export.pk))
    packing.make_copy.call(str(uuid.uuid4()))
    call_command("run_worker", "--batch")
    assert len(mailoutbox) == 1
    assert member.data_exports.get().made_at == export.made_at


PARALLEL_POSTS = """
from concurrent.futures import ThreadPoolExecutor
from django.conf import settings
from django.db import connection
from django.test import Client
from accounts.models import User
from tests.data_files import proved

one = proved(User.objects.get(handle="Quiet Heron"))

def post(_: int) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = one.session.session_key
    response = client.post("/accounts/data/")
    connection.close()
    return response.status_code, response.headers.get("Location")

with ThreadPoolExecutor(4) as pool:
    print(sorted(set(pool.map(post, range(4)))))
"""
COUNT = """
from accounts.models import DataExport
print(DataExport.objects.count())
"""


@pytest.mark.django_db(transaction=True)
def test_asked_eight_times_at_once_one_copy_is_made(member: User, tmp_path: Path) -> None:
    processes = Processes(tmp_path, "tests.settings")
    both = [processes.start("shell", "-v", "0", "-c", PARALLEL_POSTS) for _ in range(2)]
    answers = {process.communicate(timeout=120)[0].strip() for process in both}
    assert answers == {str([(302, DATA)])}
    assert processes.run("shell", "-v", "0", "-c", COUNT).strip() == "1"
