"""What screening makes of who writes, where, and what they answered."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Category, HelpLine
from comments.models import Comment, Phrase
from comments.screening import (
    CHECKS,
    Candidate,
    Outcome,
    Verdict,
    describes_method,
    likeness_of,
    reason_of,
    screen,
)
from comments.screening.starters import add_starters
from tests.discussing import say

LONG = (
    "My grandmother used these wonderful drops every single morning and afterwards her facial"
    " muscles became noticeably calmer within three remarkable weeks of treatment"
)


def holds(text: str, article: Article, author: User | None = None, **more: Any) -> list[str]:
    return screen(Candidate(text, article, author, **more)).holds


def places(verdict: Verdict, text: str) -> list[str]:
    return [text[slice(*span)] for finding in verdict.findings for span in finding.spans]


def phrase(kind: str, text: str) -> Phrase:
    return Phrase.objects.create(kind=kind, text=text)


def test_the_checks_stand_in_one_list_and_each_says_why_in_one_sentence() -> None:
    names = [check.name for check in CHECKS]
    assert names == [
        *("crisis", "method", "personal", "watched", "links", "shouting"),
        *("first", "record", "switch", "copies"),
    ]
    for name in [*names, "reported", "asked"]:
        assert reason_of(name).endswith(".")


# --- what the writer answers --------------------------------------------------------------------


def test_words_of_crisis_show_help_first_and_are_then_held(article: Article, member: User) -> None:
    candidate = Candidate("I want to die", article, member)
    verdict = screen(candidate)
    assert verdict.needs_help
    assert verdict.asks == []
    assert verdict.holds == []
    answered = screen(candidate, answered=["crisis"])
    assert not answered.needs_help
    assert answered.holds == ["crisis"]


def test_words_of_crisis_are_known_before_anybody_logs_in(article: Article) -> None:
    assert screen(Candidate("I want to die", article)).needs_help


def test_somebody_elses_number_is_asked_about_and_then_held(article: Article, member: User) -> None:
    candidate = Candidate("Ring her: 07700 900123", article, member)
    [finding] = screen(candidate).asks
    assert (finding.check, finding.outcome) == ("personal", Outcome.ASK)
    assert screen(candidate, answered=["personal"]).holds == ["personal"]


def test_the_writers_own_address_may_be_posted_once_they_were_asked(
    article: Article, member: User
) -> None:
    candidate = Candidate("Write to Quiet.Heron@Example.org!", article, member)
    User.objects.filter(pk=member.pk).update(email="quiet.heron@example.org")
    member.refresh_from_db()
    assert [finding.check for finding in screen(candidate).asks] == ["personal"]
    assert screen(candidate, answered=["personal"]).findings == ()
    both = Candidate(f"{candidate.text} Or jane@example.org", article, member)
    assert screen(both, answered=["personal"]).holds == ["personal"]


def test_a_phrase_to_ask_about_passes_when_the_writer_looked_again(
    article: Article, member: User
) -> None:
    phrase("ask", "green herbs")
    candidate = Candidate("Try green herbs.", article, member)
    assert [finding.check for finding in screen(candidate).asks] == ["watched"]
    assert screen(candidate, answered=["watched"]).findings == ()
    phrase("hold", "red herbs")
    held = Candidate("Try green herbs and red herbs.", article, member)
    assert screen(held, answered=["watched"]).holds == ["watched"]


def test_staff_are_never_held_or_asked(article: Article, moderator: User) -> None:
    text = "I want to die, 07700 900123, miracle cure, https://bit.ly/abc"
    assert screen(Candidate(text, article, moderator)).findings == ()


def test_a_text_that_describes_a_method_is_known_by_itself(db: None) -> None:
    assert describes_method("what is a painless way to die")
    assert not describes_method("I want to die")


# --- where it stands ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Well, I want to  DIE now.", ["I want to  DIE"]),
        ("so k i l l  y o u r s e l f then", ["k i l l  y o u r s e l f"]),
        ("— m1rаcle\u200b cure —", ["m1rаcle\u200b cure"]),
        ("嗯。我想自\u200b 杀。", ["我想自\u200b 杀"]),
        ("a ｊａ\u200bｎｅ＠ｅｘａｍｐｌｅ．ｏｒｇ b", ["ｊａ\u200bｎｅ＠ｅｘａｍｐｌｅ．ｏｒｇ"]),
        ("é 𝓼 (020 7946 0958) and 07700\u00a0900123.", ["020 7946 0958", "07700\u00a0900123"]),
        ("我的电话13812345678谢谢", ["13812345678"]),
        ("see https://bit.ly/abc now", ["https://bit.ly/abc"]),
        ("MRN: 123456 is mine", ["123456"]),
        ("NHS number 943 476 5919 and 4111111111111111", ["943 476 5919", "4111111111111111"]),
    ],
)  # fmt: skip
def test_a_finding_says_where_in_the_text_as_it_was_typed(
    article: Article, text: str, meant: list[str]
) -> None:
    found = places(screen(Candidate(text, article)), text)
    assert [each.strip("()") for each in found] == meant


# --- who writes, and where ----------------------------------------------------------------------


def test_a_first_comment_waits_once_somebody_moderates(
    settings: Any, article: Article, member: User, make_user: Callable[..., User]
) -> None:
    settings.HOLD_FIRST_COMMENTS = None
    assert holds("Thank you.", article, member) == []
    make_user("Mona Reads", groups=("Moderators",), is_staff=True, is_active=False)
    assert holds("Thank you.", article, member) == []
    make_user("Max Reads", groups=("Moderators",), is_staff=True)
    assert holds("Thank you.", article, member) == ["first"]
    say(member, article)
    assert holds("Thank you.", article, member) == []


def test_as_many_first_comments_wait_as_the_site_says(
    settings: Any, make_article: Callable[..., Article], member: User, another_member: User
) -> None:
    settings.HOLD_FIRST_COMMENTS = 2
    one, other = make_article(), make_article()
    say(another_member, one)
    say(member, one)
    assert holds("Thank you.", other, member) == ["first"]
    last = say(member, other)
    assert holds("Thank you.", other, member) == []
    assert holds("Edited.", other, member, comment=last) == ["first"]
    Comment.objects.filter(pk=last.pk).update(held_at=timezone.now())
    assert holds("Thank you.", other, member) == ["first"]
    settings.HOLD_FIRST_COMMENTS = 0
    assert holds("Thank you.", other, member) == []


def test_after_a_removal_comments_wait_for_thirty_days(
    article: Article, member: User, another_member: User
) -> None:
    comment = say(member, article)
    removed = Comment.objects.filter(pk=comment.pk)
    removed.update(removed_at=timezone.now() - timedelta(days=29))
    assert holds("Thank you.", article, member) == ["record"]
    assert holds("Thank you.", article, another_member) == []
    removed.update(removed_at=timezone.now() - timedelta(days=31))
    assert holds("Thank you.", article, member) == []


def test_all_comments_wait_where_the_editors_say_so(
    make_article: Callable[..., Article], member: User
) -> None:
    article = make_article(category="Health/Recovery")
    other = make_article(category="Health and more")
    Category.objects.filter(path="health").update(comments_held=True)
    assert holds("Thank you.", article, member) == ["switch"]
    assert holds("Thank you.", other, member) == []
    Article.objects.filter(pk=other.pk).update(comments_held=True)
    other.refresh_from_db()
    assert holds("Thank you.", other, member) == ["switch"]


def test_near_copies_elsewhere_or_by_others_wait(
    make_article: Callable[..., Article], member: User, another_member: User
) -> None:
    one, other = make_article(), make_article()
    first = say(member, one, LONG)
    Comment.objects.filter(pk=first.pk).update(likeness=likeness_of(LONG))
    changed = f"{LONG.upper()}!!! 12345"
    assert holds(changed, other, member) == ["shouting", "copies"]
    assert holds(f"{LONG} 😀 ok", other, another_member) == ["copies"]
    assert holds(LONG, one, another_member) == ["copies"]
    assert holds(LONG, one, member) == []  # the same form, sent twice
    assert holds(LONG, one, member, comment=first) == []
    assert holds("Thank you very much.", other, member) == []
    Comment.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert holds(LONG, other, another_member) == []


def test_short_texts_have_no_likeness_and_other_texts_another() -> None:
    assert likeness_of("Thank you so much for this article!") is None
    assert likeness_of("谢谢大家") is None
    chinese = "我从去年三月开始做针灸治疗面部痉挛情况好了一些"
    assert likeness_of(chinese) == likeness_of(f"{chinese}!")
    assert likeness_of(LONG) != likeness_of(
        LONG.replace("grandmother", "neighbour") + " " + chinese
    )


def test_signed_out_only_the_words_are_looked_at(
    settings: Any, article: Article, django_assert_num_queries: Any
) -> None:
    settings.HOLD_FIRST_COMMENTS = 1
    Article.objects.filter(pk=article.pk).update(comments_held=True)
    article.refresh_from_db()
    screen(Candidate("Thank you.", article))
    with django_assert_num_queries(1):
        assert screen(Candidate("Thank you.", article)).findings == ()


def test_two_questions_to_the_database_are_enough_for_a_member(
    article: Article, member: User, django_assert_num_queries: Any
) -> None:
    article = Article.objects.select_related("category").get(pk=article.pk)
    screen(Candidate(LONG, article, member))
    with django_assert_num_queries(2):
        screen(Candidate(LONG, article, member))


# --- the lists ----------------------------------------------------------------------------------


def test_a_changed_list_counts_at_once(article: Article) -> None:
    assert holds("frumious bandersnatch", article) == []
    added = phrase("hold", "frumious bandersnatch")
    assert holds("the FRUMIOUS, bandersnatch", article) == ["watched"]
    added.text = "slithy tove"
    added.save()
    assert holds("frumious bandersnatch", article) == []
    assert holds("slithy tove", article) == ["watched"]
    added.is_on = False
    added.save()
    assert holds("slithy tove", article) == []
    added.is_on = True
    added.save()
    added.delete()
    assert holds("slithy tove", article) == []


def test_a_phrase_is_harmless_in_the_longer_ones_behind_its_tilde(article: Article) -> None:
    phrase("hold", "could die ~ … of shame, I … laughing")
    assert holds("could die", article) == ["watched"]
    assert holds("You could die of shame. I could die laughing.", article) == []
    assert holds("could die of shame, could die", article) == ["watched"]
    assert holds("could die, of shame", article) == ["watched"]


def test_a_domain_holds_with_all_below_it(article: Article) -> None:
    phrase("domain", "pills.example")
    assert holds("https://www.pills.example/x", article) == ["links"]
    assert holds("https://cheap.Pills.example", article) == ["links"]
    assert holds("cheap.pills.example", article) == ["links"]
    assert holds("https://notpills.example/", article) == []


def test_links_to_the_site_itself_do_not_count(settings: Any, article: Article) -> None:
    settings.SITE_URL = "https://health.test"
    own = " ".join(f"https://health.test/articles/{number}/" for number in range(9))
    assert holds(own, article) == []
    assert holds(own.replace("health.test", "health.test.evil.example"), article) == ["links"]


def test_numbers_of_helplines_may_be_posted(article: Article) -> None:
    text = "Ring 020 7946 0999, they listen."
    assert [finding.check for finding in screen(Candidate(text, article)).asks] == ["personal"]
    HelpLine.objects.create(
        country="GB", kind="crisis", name="A line", number="+44 20 7946 0999",
        checked_on=timezone.localdate(),
    )  # fmt: skip
    assert screen(Candidate(text, article)).findings == ()
    text = "Ring 020 7946 0998."
    assert screen(Candidate(text, article)).findings
    phrase("number", "020 7946 0998")
    assert screen(Candidate(text, article)).findings == ()


def test_deleted_starters_stay_deleted_and_an_empty_list_is_filled(db: None) -> None:
    from django.apps import apps

    crisis = Phrase.objects.filter(kind="crisis", language="en")
    assert crisis.filter(is_starter=True, approved_at=None).count() > 50
    crisis.get(text="kms tonight").delete()
    Phrase.objects.filter(kind="method", language="es").delete()
    add_starters(apps.get_app_config("comments"), "default")
    assert not crisis.filter(text="kms tonight").exists()
    assert Phrase.objects.filter(kind="method", language="es").exists()


# --- the command --------------------------------------------------------------------------------


def explained(path: Path, text: str, **options: Any) -> str:
    file, out = path / "text.txt", StringIO()
    file.write_text(text, encoding="utf-8")
    call_command("screen", file, explain=True, stdout=out, **options)
    return out.getvalue()


def test_the_command_tells_what_each_check_says_and_never_what_matched(
    article: Article, member: User, tmp_path: Path
) -> None:
    text = "Ring jane.doe@example.org, a miracle cure"
    told = explained(tmp_path, text, article=article.slug)
    assert [line.split(":")[0] for line in told.splitlines()] == [check.name for check in CHECKS]
    assert "personal: ask, 1 place." in told
    assert "miracle cure" in told  # the phrase of the list
    assert "first: not asked (signed out)" in told
    assert "jane" not in told
    told = explained(tmp_path, text, member=str(member.public_id), answered=["personal"])
    assert "personal: hold, 1 place." in told
    assert "first: pass" in told
