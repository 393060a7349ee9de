"""What no browser sends to the desk, or too late, is answered; no word of a moderator is lost.

Databases refuse different things: PostgreSQL a NUL, SQLite a long search, each other numbers.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle, product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Contributor
from comments import answering
from comments.models import Appeal, Case, Comment, Decision, Phrase
from comments.moderation import deciding
from tests.badges import asked
from tests.cases import DESK, held, page_of, reported, rule
from tests.desk import filled
from tests.discussing import say

pytestmark = pytest.mark.django_db

ADMIN = "/admin/comments/"
MODELS = ["case", "comment", "report", "question", "phrase", "rule", "badge"]
LISTS = [f"{ADMIN}{name}/" for name in MODELS]

QUERIES = [
    *("queue=%00", "queue=nosuch&page=-1", "queue=held&queue=&page=1e9", f"page={'9' * 30}"),
    *("o=-1&p=-1", "o=99&p=abc", "o=1.2.-3", "o=--1", f"o={'9' * 30}", f"p={'9' * 30}"),
    *("q=%FF%FE", "q=%22%5C%25_", "q=" + "%22a+" * 1_100, "q=" + "a" * 60_000),
    *("state=nosuch", "state=%FF&approved=", "reason__in=,,", "reason__isnull=x", "kind__in="),
    *("is_on__exact=maybe", "language=%F0", "_to_field=&_popup=1", "_to_field=text", "nosuch=1"),
]
KEYS = ["0", "9223372036854775808", "9" * 40, "_00", "%D9%A1"]
VALUES = ["\x00", "9" * 40, "1-\x00"]

# All that any form of the desk reads, and what Django's own forms do.
NAMES = """
    deed rule reason facts kind length text copies seen nonce granted answer queue but chosen sure
    decision check shortcuts keys key_take action _selected_action select_across index remove ask
    contributor take_back expires_on topics note language is_on key title position _to_field post
    _popup _saveasnew form-TOTAL_FORMS csrfmiddlewaretoken
""".split()  # noqa: SIM905
DEEDS = [
    *("approve", "keep", "remove", "ask-edit", "hide-name", "show-name", "restore"),
    *("reply", "correct", "sanction", "nosuch"),
]


@pytest.fixture(params=["superuser", "moderator", "editor"])
def staff(request: pytest.FixtureRequest) -> Client:
    client: Client = request.getfixturevalue(f"as_{request.param}")
    return client


@pytest.fixture
def moderating(as_moderator: Client) -> Client:
    return as_moderator


@pytest.fixture
def cases(member: User, another_member: User, moderator: User, article: Article) -> list[Case]:
    """One case of each kind, with all that hangs on them."""
    rule()
    held_one = held(member, article, "He lives at http://a.example.", "links", "first")
    unsafe, legal = (reported(member, article, reason=reason) for reason in ("unsafe", "legal"))
    return [held_one, unsafe, legal, appealed(say(another_member, article), moderator)]


def appealed(comment: Comment, by: User) -> Case:
    decision = deciding.remove(comment, by=by, rule=rule(), reason="No.")
    Decision.objects.filter(pk=decision.pk).update(at=timezone.now() - timedelta(minutes=1))
    Appeal.objects.make(decision, words="It was a joke.")
    return Case.objects.open().get(comment=comment)


@pytest.fixture
def pages(cases: list[Case], member: User, moderator: User, article: Article) -> list[str]:
    """The addresses of single things, each with what can be done to it."""
    question, _new = Comment.objects.post(
        author=member, article=article, text="Does it hurt?", is_question=True
    )
    answering.ask(question, Contributor.objects.create(name="Ilse Maier"), by=moderator)
    phrase = Phrase.objects.first() or Phrase.objects.create(kind="hold", text="snake oil")
    things = {
        f"comment/{question.pk}": ["look-up"],
        f"question/{question.pk}": ["ask"],
        f"report/{cases[1].comment.reports.get().pk}": [],
        f"phrase/{phrase.pk}": [],
        f"rule/{rule().pk}": [],
        f"badge/{asked(member).pk}": ["check", "grant", "refuse", "take-back"],
        **{f"case/{case.pk}": ["take", "put-back", "act", "wrong"] for case in cases},
        f"case/{cases[-1].pk}/appeal/{Appeal.objects.get().pk}": [""],
        f"case/{cases[-1].pk}/lift/{'9' * 30}": [""],
        f"case/{'9' * 30}": ["take", "put-back", "act", "wrong", "appeal/1", "lift/1"],
    }
    own = ["", "change", "history", "delete"]
    single = [
        f"{ADMIN}{thing}/{deed}/".replace("//", "/")
        for thing, deeds in things.items()
        for deed in (*own, *deeds)
    ]
    at_the_desk = [f"{DESK}{name}/" for name in ("take", "undo", "note", "choices", "bulk", "add")]
    return [*single, *at_the_desk, f"{ADMIN}phrase/add/", f"{ADMIN}rule/add/"]


def failing(answers: Iterator[tuple[str, Any]]) -> list[str]:
    return [what for what, answer in answers if answer.status_code >= 500]


def test_a_list_is_never_broken_by_what_it_is_asked_for(staff: Client, cases: list[Case]) -> None:
    staff.raise_request_exception = False
    asked_for = product(LISTS, QUERIES)
    assert not failing((f"{at}?{q[:60]}", staff.get(f"{at}?{q}")) for at, q in asked_for)


def test_a_page_is_never_broken_by_its_query_or_its_method(
    moderating: Client, pages: list[str]
) -> None:
    moderating.raise_request_exception = False
    asked_for = product(pages, ("_to_field=&_popup=", "_changelist_filters=%FF&queue=%FF&o=x"))
    assert not failing((f"{at}?{q}", moderating.get(f"{at}?{q}")) for at, q in asked_for)
    there = Comment.objects.filter(removed_at=None).count()
    methods = product(pages, ("OPTIONS", "PUT", "NOSUCH"))
    assert not failing((f"{how} {at}", moderating.generic(how, at)) for at, how in methods)
    assert Comment.objects.filter(removed_at=None).count() == there


def test_a_row_that_cannot_be_is_not_found(moderating: Client) -> None:
    moderating.raise_request_exception = False
    deeds = {"case": "act", "comment": "look-up", "question": "ask", "badge": "check"}
    found = [
        f"{ADMIN}{model}/{key}/{deed}/"
        for model, key in product(MODELS, KEYS)
        for deed in ("change", "delete", *([deeds[model]] if model in deeds else []))
    ]
    assert not failing((f"GET {at}", moderating.get(at)) for at in found)
    assert not failing((f"POST {at}", moderating.post(at, {"deed": "keep"})) for at in found)


@pytest.mark.parametrize("who", ["moderator", "editor"])
def test_a_form_of_odd_values_breaks_nothing(
    request: pytest.FixtureRequest, pages: list[str], who: str
) -> None:
    staff = request.getfixturevalue(f"as_{who}")
    staff.raise_request_exception = False
    a_file = dict.fromkeys(NAMES, SimpleUploadedFile("a.txt", b"words"))
    forms = [a_file, *({key: [value, "1", value] for key in NAMES} for value in VALUES)]
    sent = product([*pages, *LISTS], forms)
    assert not failing((f"{at} {form!s:.60}", staff.post(at, form)) for at, form in sent)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\x00\xff=\x00", "application/x-www-form-urlencoded"),
        (b"junk", "multipart/form-data; boundary=x"),
    ],
)
def test_a_body_that_is_no_form_breaks_nothing(
    moderating: Client, pages: list[str], body: bytes, content_type: str
) -> None:
    moderating.raise_request_exception = False
    sent = ((at, moderating.post(at, body, content_type=content_type)) for at in [*pages, *LISTS])
    assert not failing(sent)


def test_every_deed_takes_odd_values(moderating: Client, cases: list[Case]) -> None:
    moderating.raise_request_exception = False
    good = {"rule": rule().pk, "reason": "No.", "kind": "suspension", "length": "7", "text": "No."}
    odd = zip((*good, "facts", "copies", "seen", "nonce"), cycle([*VALUES, "x" * 5_001]))
    act = moderating.post
    assert not failing(
        (
            f"{deed} {name} {value:.9}",
            act(f"{DESK}{case.pk}/act/", good | {"deed": deed, name: value}),
        )
        for deed, case, (name, value) in product(DEEDS, cases[::3], odd)
    )


@pytest.mark.parametrize("key", ["abc", "\x00", "9223372036854775808", "9" * 40, "1.5", ""])
def test_a_ticked_row_that_cannot_be_is_refused(moderating: Client, cases: list[Case], key: str):
    moderating.raise_request_exception = False
    acts = {"comment": ("remove", "restore"), "report": ("handled",)}
    for name, action in ((name, action) for name, actions in acts.items() for action in actions):
        sent = {"action": action, "_selected_action": [key, str(cases[0].comment_id)]}
        assert moderating.post(f"{ADMIN}{name}/", sent).status_code == 400


def test_a_long_search_looks_for_its_first_words(
    moderating: Client, article: Article, member: User
) -> None:
    say(member, article, "A wordy comment.")
    assert "A wordy comment." in moderating.get(f"{ADMIN}comment/?q=" + "wordy+" * 1_100).text
    assert "A wordy comment." not in moderating.get(f"{ADMIN}comment/?q=wordy+nothing").text


# --- no word is lost ------------------------------------------------------------------------------


WORDS = "Words that took an hour to write."


@pytest.mark.parametrize("field", ["reason", "facts", "text"])
def test_a_megabyte_is_refused_and_given_back(
    moderating: Client, cases: list[Case], field: str
) -> None:
    deed = "reply" if field == "text" else "remove"
    said = {"deed": deed, "rule": rule().pk, field: "word " * 200_000 + WORDS}
    answer = moderating.post(f"{DESK}{cases[1].pk}/act/", said)
    assert answer.status_code == 400
    assert WORDS in answer.text
    assert not Comment.objects.filter(parent=cases[1].comment).exists()


def test_a_note_with_a_nul_or_too_long_is_given_back(moderating: Client) -> None:
    for text in (WORDS + "\x00", "word " * 1_000 + WORDS):
        answer = moderating.post(f"{DESK}note/", {"text": text})
        assert answer.status_code == 400
        assert WORDS in answer.text


def test_who_is_logged_out_while_deciding_gets_the_words_back(
    client: Client, cases: list[Case]
) -> None:
    for at in (f"{DESK}{cases[0].pk}/act/", f"{DESK}note/", f"{DESK}bulk/"):
        answer = client.post(at, {"deed": "remove", "reason": WORDS, "text": WORDS})
        assert answer.status_code == 403
        assert WORDS in answer.text


def test_a_form_whose_token_ended_gives_the_words_back(moderator: User, cases: list[Case]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(moderator)
    for token, origin in (("", "http://testserver"), ("a" * 64, "http://testserver")):
        said = {"deed": "remove", "reason": WORDS, "csrfmiddlewaretoken": token}
        answer = client.post(f"{DESK}{cases[0].pk}/act/", said, headers={"Origin": origin})
        assert answer.status_code == 403
        assert WORDS in answer.text
    assert not Comment.objects.get(pk=cases[0].comment_id).removed_at


@pytest.mark.parametrize("deed", ["reply", "correct"])
def test_an_answer_to_what_was_withdrawn_meanwhile_is_given_back(
    moderating: Client, cases: list[Case], deed: str
) -> None:
    cases[1].comment.withdraw()
    answer = moderating.post(f"{DESK}{cases[1].pk}/act/", {"deed": deed, "text": WORDS})
    assert answer.status_code == 400
    assert WORDS in answer.text


def test_a_reason_for_what_was_removed_meanwhile_is_given_back(
    moderating: Client, cases: list[Case], editor: User
) -> None:
    page = moderating.get(page_of(cases[0]))
    Comment.objects.get(pk=cases[0].comment_id).withdraw()
    said = filled(page, "case-form", deed="remove", rule=rule().pk, reason=WORDS, facts="Facts.")
    answer = moderating.post(f"{DESK}{cases[0].pk}/act/", said)
    assert answer.status_code == 400
    assert WORDS in answer.text
    assert "Facts." in answer.text


def test_an_answer_to_an_appeal_that_was_decided_meanwhile_is_given_back(
    as_superuser: Client, make_user: Callable[..., User], cases: list[Case]
) -> None:
    other = make_user("Otto Reads", groups=("Moderators",), is_staff=True)
    deciding.decide_appeal(Appeal.objects.get(), by=other, granted=False, answer="It stands.")
    at = f"{DESK}{cases[-1].pk}/appeal/{Appeal.objects.get().pk}/"
    answer = as_superuser.post(at, {"granted": "no", "answer": WORDS})
    assert answer.status_code == 400
    assert WORDS in answer.text
    assert Appeal.objects.get().answer == "It stands."


def test_of_fields_that_come_twice_the_last_counts_and_one_thing_is_done(
    moderating: Client, cases: list[Case]
) -> None:
    said = {"deed": ["nosuch", "remove"], "rule": ["9" * 40, rule().pk], "reason": ["\x00", "No."]}
    assert moderating.post(f"{DESK}{cases[0].pk}/act/", said).status_code == 302
    assert Decision.objects.get(comment=cases[0].comment).reason == "No."


def test_a_rule_of_the_past_or_of_nobody_is_refused(moderating: Client, cases: list[Case]) -> None:
    over = rule("old", title="Old.")
    over.end(by=User.objects.get(handle="Mona Reads"))
    for key in (over.pk, 10**9, "9" * 40):
        answer = moderating.post(
            f"{DESK}{cases[0].pk}/act/", {"deed": "remove", "rule": key, "reason": WORDS}
        )
        assert answer.status_code == 400
        assert WORDS in answer.text
    assert not Decision.objects.filter(comment=cases[0].comment).exists()


def test_copies_and_appeals_and_sanctions_of_other_comments_are_not_touched(
    moderating: Client, cases: list[Case], member: User, moderator: User
) -> None:
    foreign = cases[2].comment_id
    said = {"deed": "approve", "copies": [foreign, "x"], "seen": ""}
    assert moderating.post(f"{DESK}{cases[0].pk}/act/", said).status_code == 400
    step = deciding.sanction(cases[2].comment, by=moderator, kind="ban", rule=rule(), reason="No.")
    assert moderating.post(f"{DESK}{cases[0].pk}/lift/{step.pk}/").status_code == 404
    appeal = Appeal.objects.get()
    moderating.post(f"{DESK}{cases[0].pk}/appeal/{appeal.pk}/", {"granted": "yes"})
    step.refresh_from_db()
    appeal.refresh_from_db()
    assert not step.lifted_at
    assert not appeal.decided_at
    assert not Decision.objects.filter(comment__in=[foreign], kind="approve").exists()
