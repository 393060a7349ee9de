"""Two who act on one thing at once: it is done once, and the other reads why it is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from articles import correcting, notes
from articles.models import Article, Source
from articles.models.revision import new_citation
from articles.signing import mark_minor
from tests.processes import Processes
from tests.reviewing import a_neurologist, approve, edit, text_of

pytestmark = pytest.mark.django_db(transaction=True)

# Each thread has a connection of its own, and they all begin at the same moment. There are four at
# most, as many as a process has connections to PostgreSQL.
PARALLEL = """
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from accounts.models import AuditAct, OutgoingMail, User
from articles import correcting, notes, review_rounds
from articles.claims import claims_of
from articles.correction_news import tell_readers
from articles.models import *
from articles.models.article import state_of
from articles.signing import check_minor, sign

the = lambda handle: User.objects.get(handle=handle)
emil, edda = the("Emil Edits"), the("Edda Edits")
connection.close()  # it is one of the four
article = lambda: Article.objects.get()
host = {{"headers": {{"Host": "localhost:8000"}}}}

def post(user, path, **fields):
    client = Client()
    client.force_login(user)
    answer = client.post(path, fields, **host)
    return answer.headers.get("Location", answer.status_code)

def visit(path, **fields):
    return Client().post(path, fields, **host).headers.get("Location", "")

deeds = [
    {deeds}
]
at_once = Barrier(len(deeds), timeout=60)

def attempt(deed):
    try:
        connection.ensure_connection()
        at_once.wait()
        return str(deed() or "done")
    except ValidationError as problem:
        return problem.messages[0]
    finally:
        connection.close()

with ThreadPoolExecutor(len(deeds)) as pool:
    said = list(pool.map(attempt, deeds))
after = article()
print(json.dumps({{
    "said": sorted(said),
    "trail": list(AuditAct.objects.order_by("pk").values_list("deed", flat=True)),
    "reviews": Review.objects.count(),
    "corrections": Correction.objects.count(),
    "rounds": ReviewRound.objects.count(),
    "messages": ReaderMessage.objects.count(),
    "followers": CorrectionFollower.objects.count(),
    "mails": [one.message["subject"] for one in OutgoingMail.objects.order_by("pk")],
    "kept": after.review_state,
    "true": str(state_of(claims_of(after.live))),
}}))
"""

WORDS = {"before": "Take ten.", "after": "Take one.", "to_do": "Ask your pharmacist."}
CORRECT = "correcting.correct(article(), kind='safety', by=emil, **{words})"
FINISH = (
    "review_rounds.finish(article(), outcome='unchanged', by={by}, after=0,"
    " evidence_searched_on=date(2025, 1, 1), evidence_searched_in='PubMed: spasm',"
    " checks=dict.fromkeys(review_rounds.CHECKS, True)).get_outcome_display()"
)


@pytest.fixture
def article(make_article: Callable[..., Article], make_user: Callable[..., User], editor: User):
    make_user("Edda Edits", groups=("Editors",), is_staff=True)
    return make_article(slug="spasm", text=text_of("One", "Two"))


def at_once(folder: Path, *deeds: str) -> Any:
    """Do all of these in one moment; return what each was told, and what is left."""
    lines = "\n    ".join(f"lambda: {deed}," for deed in deeds)
    code = PARALLEL.format(deeds=lines)
    left = json.loads(Processes(folder).run("shell", "-v", "0", "-c", code).splitlines()[-1])
    assert left["kept"] == left["true"]
    return left


def test_a_form_sent_four_times_signs_once(
    article: Article, reviewer: User, tmp_path: Path
) -> None:
    a_neurologist(user=reviewer)
    path = f"/admin/articles/article/{article.pk}/review/1/"
    fields = "outcome='approve', positions=[0, 1, 2], shown_as='name'"
    left = at_once(tmp_path, *[f"post(the('Rosa Checks'), {path!r}, {fields})"] * 4)
    assert left["said"] == [path] * 4
    assert (left["reviews"], left["kept"]) == (1, "signed")
    assert left["trail"].count("review.signed") == 1


def test_taking_back_twice_is_taking_back_once(article: Article, tmp_path: Path) -> None:
    approve(article.live)  # type: ignore[arg-type]
    left = at_once(tmp_path, *["Review.objects.get().take_back('Wrong.')"] * 4)
    assert left["trail"].count("review.taken_back") == 1
    assert left["kept"] == "unchecked"


def test_signing_while_a_cited_source_is_retracted_leaves_the_page_true(
    article: Article, tmp_path: Path
) -> None:
    source = Source.objects.create(title="A trial")
    fields = {"title": "Spasm", "summary": "", "text": "## One\n\nProven.[^a]"}
    article.publish(article.revise(**fields, citations=[new_citation(source, "a")]))  # type: ignore[arg-type]
    a_neurologist()
    left = at_once(
        tmp_path,
        "sign(article().live, Contributor.objects.get(name='Nora Nerve'), outcome='approve',"
        " identity='account', positions=[0, 1], covers_whole=True)",
        "[setattr(source := Source.objects.get(), 'status', 'retracted'), source.save()]",
        "article().publish(article().live)",
    )
    assert left["reviews"] == 1
    assert left["kept"] in {"signed", "changed"}


def test_of_two_who_look_at_a_spelling_one_decides(
    article: Article, author: User, tmp_path: Path
) -> None:
    approve(article.live)  # type: ignore[arg-type]
    before = article.live
    after = edit(article, text_of("One", "Two", Two="On Two!"))
    mark_minor(after, before, by=author)  # type: ignore[arg-type]
    left = at_once(
        tmp_path,
        "check_minor(MinorEdit.objects.get(), is_minor=True, by=emil)",
        "check_minor(MinorEdit.objects.get(), is_minor=False, by=edda)",
    )
    assert left["said"] == ["Somebody looked at this edit already.", "done"]
    assert len({"minor_edit.accepted", "minor_edit.refused"} & {*left["trail"]}) == 1


def test_a_correction_sent_twice_is_published_once(article: Article, tmp_path: Path) -> None:
    left = at_once(tmp_path, *[f"{CORRECT.format(words=WORDS)} and 'done'"] * 4)
    assert left["said"] == [*["This correction is published already."] * 3, "done"]
    assert left["corrections"] == 1


def test_a_correction_is_confirmed_once(
    article: Article, author: User, make_user: Callable[..., User], tmp_path: Path
) -> None:
    correcting.correct(article, kind="correction", by=author, before="Ten.", after="One.")
    left = at_once(
        tmp_path,
        "correcting.confirm(Correction.objects.get(), by=emil)",
        "correcting.confirm(Correction.objects.get(), by=edda, kind='update')",
    )
    assert left["said"] == ["Somebody confirmed this already.", "done"]
    assert left["trail"].count("correction.confirmed") == 1


def test_workers_who_tell_at_once_write_each_mail_once(
    article: Article, author: User, tmp_path: Path
) -> None:
    article.followers.create(email="reader@example.org", confirmed_at=article.published_at)
    correcting.correct(article, kind="safety", by=author, **WORDS)
    left = at_once(tmp_path, *["tell_readers.func(Correction.objects.get().pk)"] * 4)
    assert left["said"] == ["done"] * 4
    assert len(left["mails"]) == 1


def test_a_review_is_finished_once(article: Article, tmp_path: Path) -> None:
    left = at_once(tmp_path, FINISH.format(by="emil"), FINISH.format(by="edda"))
    assert left["said"] == [
        "Somebody finished a review of this article meanwhile: look at theirs first.",
        "unchanged",
    ]
    assert left["rounds"] == 1


def test_a_note_is_resolved_once(article: Article, author: User, tmp_path: Path) -> None:
    notes.write(article.live.sections.all()[1], text="Is this so?", by=author)  # type: ignore[union-attr]
    left = at_once(
        tmp_path,
        "notes.resolve(SectionNote.objects.get(), by=emil)",
        "notes.resolve(SectionNote.objects.get(), by=edda)",
    )
    assert left["said"] == ["This note is resolved already.", "done"]
    assert left["trail"].count("note.resolved") == 1


def test_a_readers_message_sent_four_times_is_there_once(article: Article, tmp_path: Path) -> None:
    number = "'abcd-efgh-jkmn-pqrs'"
    told = f"visit('/articles/spasm/tell/', text='Ten?', number={number})"
    left = at_once(tmp_path, *[told] * 4)
    assert len(set(left["said"])) == left["messages"] == 1
    assert len(left["mails"]) == 1
