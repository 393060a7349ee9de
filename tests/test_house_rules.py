"""House rules: everybody reads those in force, and a wording that a decision named never goes."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditAct, User
from articles.models.immutable import ImmutableError
from comments.models import Rule
from comments.models.rule import NotInForceError
from tests.desk import filled

pytestmark = pytest.mark.django_db

RULES = "/admin/comments/rule/"
NEW = {
    "title": "Wash your hands",
    "text": "Before and after.\n\nWith soap.",
    "reason": "You did not.",
    "position": 3,
}


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def change(rule: Rule) -> str:
    return f"{RULES}{rule.pk}/change/"


def reword(client: Client, rule: Rule, **fields: str) -> object:
    return client.post(change(rule), filled(client.get(change(rule)), "rule_form", **fields))


@pytest.fixture
def rule(db: None) -> Rule:
    return Rule.objects.get(key="be-kind")


# --- what readers see ---------------------------------------------------------------------------


def test_the_rules_in_force_stand_below_the_words_of_the_page(client: Client) -> None:
    page = text_of(client, "/about/rules/")
    assert page.index("waiting room") < page.index('id="rule-no-prescribing"')
    assert re.search(r'id="rule-be-kind">Be kind</h3>\s*<p>Do not insult', page)
    assert "Wording 1, in force since" in page
    assert Rule.objects.in_force().count() == page.count('id="rule-')


def test_another_wording_is_on_the_page_at_once(
    client: Client, as_editor: Client, rule: Rule
) -> None:
    pages = ("/about/rules/", "/about/rules/history/")
    known = {address: client.get(address).headers["ETag"] for address in pages}
    reword(as_editor, rule, text="Be *very* kind.")
    for address in pages:
        again = client.get(address, headers={"If-None-Match": known[address]})
        assert again.status_code == 200
        assert "Be *very* kind." in again.content.decode()
    assert "Do not insult" not in text_of(client, "/about/rules/")
    assert "Wording 2" in text_of(client, "/about/rules/")


def test_every_earlier_wording_stays_to_be_read(client: Client, editor: User, rule: Rule) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        rule.reword(title="Be kinder", text="Smile.", reason="You did not.", position=0, by=editor)
    page = text_of(client, "/about/rules/history/")
    assert page.index('id="rule-be-kind-2"') < page.index('id="rule-be-kind-1"')
    assert "Smile." in page
    assert "Do not insult" in page
    assert page.count("<strong>in force</strong>") == Rule.objects.in_force().count()


def test_a_rule_is_shown_as_text(client: Client, editor: User) -> None:
    words = {**NEW, "title": "<b>Bold</b>", "text": "<script>x</script>"}
    Rule.objects.begin(key="bold", **words, by=editor)
    for address in ("/about/rules/", "/about/rules/history/"):
        page = text_of(client, address)
        assert "<b>Bold" not in page
        assert "<script>x" not in page


def test_without_rules_the_page_says_so(client: Client, editor: User) -> None:
    for rule in Rule.objects.in_force():
        rule.end(by=editor)
    assert "No rule is in force." in text_of(client, "/about/rules/")
    assert "Do not insult" in text_of(client, "/about/rules/history/")


def test_the_history_is_kept_for_all_and_costs_two_queries(
    client: Client, django_assert_num_queries
) -> None:
    with django_assert_num_queries(2):
        text_of(client, "/about/rules/history/")
    with django_assert_num_queries(1):
        text_of(client, "/about/rules/history/")


# --- at the desk --------------------------------------------------------------------------------


def test_editing_a_rule_makes_a_new_version_that_says_who(
    as_editor: Client, editor: User, rule: Rule
) -> None:
    answer = reword(as_editor, rule, text="Be very kind.")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    old, new = Rule.objects.filter(key="be-kind").order_by("version")
    assert "Do not insult" in old.text
    assert old.ended_at == new.since
    assert (new.version, new.text, new.ended_at) == (2, "Be very kind.", None)
    act = AuditAct.objects.get(deed="rule.reworded")
    assert (act.actor, act.object_id) == (editor.public_id, str(new.pk))
    assert act.reason == ""


def test_moving_a_rule_makes_no_new_version(as_editor: Client, rule: Rule, client: Client) -> None:
    reword(as_editor, rule, position="0")
    rule.refresh_from_db()
    assert (rule.position, rule.version, rule.ended_at) == (0, 1, None)
    assert AuditAct.objects.filter(deed="rule.moved").exists()


def test_a_wording_that_was_replaced_is_read_and_not_edited(as_editor: Client, rule: Rule) -> None:
    sent = filled(as_editor.get(change(rule)), "rule_form", text="Too late.")
    reword(as_editor, rule, text="In time.")
    assert "Do not insult" in text_of(as_editor, change(rule))
    assert as_editor.post(change(rule), sent).status_code == 403
    assert not Rule.objects.filter(text="Too late.").exists()


def test_what_another_editor_reworded_first_is_told(
    as_editor: Client, editor: User, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one comes between the look at the row and the deed."""
    sent = filled(as_editor.get(change(rule)), "rule_form", text="Second.")
    meant = Rule.reword

    def after_somebody_else(self: Rule, **words: object) -> Rule:
        meant(self, **{**NEW, "text": "First."}, by=editor)
        return meant(self, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(Rule, "reword", after_somebody_else)
    answer = as_editor.post(change(rule), sent, follow=True)
    assert "Somebody else changed this rule meanwhile." in answer.content.decode()
    assert not Rule.objects.filter(text="Second.").exists()


def test_an_editor_begins_a_rule_and_ends_it(as_editor: Client, client: Client) -> None:
    add = f"{RULES}add/"
    sent = filled(as_editor.get(add), "rule_form", **{**NEW, "key": "hands"})
    assert as_editor.post(add, sent).status_code == 302
    page = text_of(client, "/about/rules/")
    assert re.search(r"<p>Before and after.</p>\s*<p>With soap.</p>", page)

    rule = Rule.objects.get(key="hands")
    as_editor.post(RULES, {"action": "end", "_selected_action": [rule.pk]})
    assert "Wash your hands" not in text_of(client, "/about/rules/")
    assert "Wash your hands" in text_of(client, "/about/rules/history/")
    as_editor.get(RULES)  # which tells once what was done
    assert "Wash your hands" not in text_of(as_editor, RULES)
    assert "Wash your hands" in text_of(as_editor, f"{RULES}?state=all")
    deeds = AuditAct.objects.filter(object_id=str(rule.pk), object_type="comments.Rule")
    assert sorted(deeds.values_list("deed", flat=True)) == ["rule.began", "rule.ended"]

    as_editor.post(add, filled(as_editor.get(add), "rule_form", **{**NEW, "key": "hands"}))
    assert Rule.objects.in_force().get(key="hands").version == 2


def test_a_second_rule_of_the_same_key_is_refused(as_editor: Client) -> None:
    add = f"{RULES}add/"
    sent = filled(as_editor.get(add), "rule_form", **{**NEW, "key": "be-kind"})
    assert "is in force: reword that one" in as_editor.post(add, sent).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.create(key="be-kind", version=9, title="T", text="T", reason="R")


def test_of_two_who_begin_the_same_rule_at_once_the_second_is_told(
    as_editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = f"{RULES}add/"
    monkeypatch.setattr("comments.admin.rule.RuleForm.clean_key", lambda form: "be-kind")
    sent = filled(as_editor.get(add), "rule_form", **{**NEW, "key": "be-kind"})
    answer = as_editor.post(add, sent, follow=True)
    assert "Somebody else changed this rule meanwhile." in answer.content.decode()
    assert not Rule.objects.filter(title="Wash your hands").exists()


@pytest.mark.parametrize("act", ["delete", "change"])
def test_nobody_deletes_a_rule_and_moderators_do_not_reword(
    as_superuser: Client, as_moderator: Client, as_author: Client, rule: Rule, act: str
) -> None:
    assert as_superuser.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "Be kind" in text_of(as_moderator, RULES)
    assert as_moderator.post(f"{RULES}{rule.pk}/{act}/", {**NEW}).status_code == 403
    assert as_author.get(RULES).status_code == 403
    assert Rule.objects.filter(key="be-kind").count() == 1


# --- on record ----------------------------------------------------------------------------------


def test_no_wording_is_ever_overwritten_or_deleted(editor: User, rule: Rule) -> None:
    rule.text = "Something else."
    with pytest.raises(ImmutableError):
        rule.save()
    with pytest.raises(ImmutableError):
        Rule.objects.update(reason="Something else.")
    with pytest.raises(ImmutableError):
        rule.delete()
    with pytest.raises(ImmutableError):
        Rule.objects.all().delete()


def test_a_rule_ends_once(editor: User, rule: Rule) -> None:
    rule.end(by=editor)
    with pytest.raises(NotInForceError):
        Rule.objects.get(pk=rule.pk).end(by=editor)
    with pytest.raises(NotInForceError):
        Rule.objects.get(pk=rule.pk).reword(**NEW, by=editor)


def test_a_new_site_has_rules_and_keeps_what_became_of_them(editor: User, rule: Rule) -> None:
    assert 8 <= Rule.objects.count() <= 10
    for one in Rule.objects.all():
        one.full_clean(exclude=["ended_at"])
    rule.end(by=editor)
    call_command("migrate", verbosity=0)
    assert not Rule.objects.in_force().filter(key="be-kind").exists()
