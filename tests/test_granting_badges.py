"""Staff who look members up in a register: two people where there are two."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Category
from comments.models import Badge
from comments.models.badge import years_from_now
from comments.models.badge_query import NotDone
from tests.badges import DESK, LIST, REGISTER, asked, granted, wear
from tests.conftest import logged_in
from tests.discussing import say

pytestmark = pytest.mark.django_db

DEEDS = ["check", "grant", "refuse", "take-back"]


def page_of(badge: Badge, deed: str = "change") -> str:
    return f"{DESK}{badge.pk}/{deed}/"


def grant_form(**changes: Any) -> dict[str, Any]:
    return {"expires_on": f"{years_from_now(1)}", **changes}


# --- who decides ----------------------------------------------------------------------------------


def test_two_people_decide_where_there_are_two(
    member: User, moderator: User, editor: User, as_moderator: Client, as_editor: Client
) -> None:
    badge = asked(member)
    page = as_moderator.get(page_of(badge)).text
    assert "Two people decide: one looks at the register, another one grants." in page
    assert page_of(badge, "grant") not in page

    as_moderator.post(page_of(badge, "check"))
    refused = as_moderator.post(page_of(badge, "grant"), grant_form(), follow=True)
    assert "You looked at the register, so somebody else grants this badge." in refused.text
    assert not Badge.objects.in_force().exists()

    answer = as_editor.post(page_of(badge, "grant"), grant_form(), follow=True)
    assert "The badge is granted, and the member is told by mail." in answer.text
    badge.refresh_from_db()
    assert (badge.checked_by, badge.granted_by) == (moderator, editor)
    assert badge.is_in_force


def test_one_alone_may_check_and_grant_and_is_told_so(
    member: User, editor: User, as_moderator: Client
) -> None:
    User.objects.filter(pk=editor.pk).update(is_active=False)
    badge = asked(member)
    assert "Nobody else here may grant badges" in as_moderator.get(page_of(badge)).text
    as_moderator.post(page_of(badge, "check"))
    as_moderator.post(page_of(badge, "grant"), grant_form())
    assert Badge.objects.in_force().exists()


def test_who_asked_does_not_count_as_the_second_person(
    moderator: User, editor: User, as_moderator: Client
) -> None:
    badge = asked(editor)
    as_moderator.post(page_of(badge, "check"))
    as_moderator.post(page_of(badge, "grant"), grant_form())
    assert Badge.objects.in_force().exists()


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_decides_on_their_own(
    moderator: User, editor: User, as_moderator: Client, deed: str
) -> None:
    badge = granted(moderator, editor) if deed == "take-back" else asked(moderator)
    assert page_of(badge, deed) not in as_moderator.get(page_of(badge)).text
    fields = {**grant_form(), "reason": "Mine."}
    answer = as_moderator.post(page_of(badge, deed), fields, follow=True)
    assert "You asked for this badge yourself, so somebody else decides on it." in answer.text
    badge.refresh_from_db()
    assert not badge.checked_at or deed == "take-back"
    assert not badge.ended_at


def test_a_badge_is_not_granted_before_somebody_looked(member: User, as_moderator: Client) -> None:
    badge = asked(member)
    answer = as_moderator.post(page_of(badge, "grant"), grant_form(), follow=True)
    assert "Somebody has to look at the register first." in answer.text


@pytest.mark.parametrize("deed", ["change", *DEEDS])
def test_the_desk_is_closed_to_others(
    client: Client, as_member: Client, as_author: Client, member: User, moderator: User, deed: str
) -> None:
    address = page_of(granted(member, moderator), deed)
    assert client.get(address).status_code == 302
    assert as_member.get(address).status_code == 302
    assert as_member.post(address, {"reason": "No."}).status_code == 302
    assert as_author.get(address).status_code == 403
    assert as_author.post(address, {"reason": "No."}).status_code == 403
    assert Badge.objects.in_force().exists()


def test_a_permission_without_the_staff_tick_opens_nothing(member: User, moderator: User) -> None:
    User.objects.filter(pk=moderator.pk).update(is_staff=False)
    with pytest.raises(NotDone):
        asked(member).mark_checked(by=User.objects.get(pk=moderator.pk))


# --- what they see --------------------------------------------------------------------------------


def test_they_see_the_entry_the_number_and_the_evidence(
    member: User, moderator: User, as_moderator: Client
) -> None:
    badge = asked(member, evidence="<b>Write</b> to Elm Street.")
    for deed in ("change", "check"):
        page = as_moderator.get(page_of(badge, deed)).text
        assert f'<a href="{REGISTER}" rel="noreferrer noopener nofollow"' in page
        assert "PH-77123" in page
        assert "&lt;b&gt;Write&lt;/b&gt; to Elm Street." in page
        assert "Quiet Heron" in page
    badge.mark_checked(by=moderator)
    assert "Mona Reads, " in as_moderator.get(page_of(badge)).text


def test_who_may_only_look_sees_neither_number_nor_evidence(
    make_user: Callable[..., User], member: User
) -> None:
    from django.contrib.auth.models import Permission

    looker = make_user("Lou Looks", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_badge"))
    badge = asked(member)
    page = logged_in(looker).get(page_of(badge)).text
    assert "physiotherapist" in page
    for secret in ("PH-77123", REGISTER, "Elm Street"):
        assert secret not in page
    assert logged_in(looker).get(page_of(badge, "check")).status_code == 403


def test_the_desk_joins_no_comment_to_the_holder(
    member: User, moderator: User, as_moderator: Client, article: Article
) -> None:
    from comments.models import Comment, Voice

    badge = granted(member, moderator)
    comment = wear(badge, say(member, article, "Words of mine."), interests="Shares.")
    voice = Voice.objects.in_discussion(member, article)
    Comment.objects.filter(pk=comment.pk).update(voice=voice)
    for address in (DESK, page_of(badge), page_of(badge, "take-back")):
        page = as_moderator.get(address).text
        assert "Quiet Heron" in page
        for trace in (voice.name, "Words of mine", "Shares", str(comment.pk), article.slug):
            assert trace not in page


@pytest.mark.parametrize("asked_for", ["user__voices__name", "number__startswith", "user"])
def test_the_list_is_narrowed_by_nothing_that_tells_more(
    member: User, as_moderator: Client, asked_for: str
) -> None:
    asked(member)
    assert as_moderator.get(f"{DESK}?{asked_for}=1").status_code == 400


def test_nothing_is_typed_into_a_badge(as_superuser: Client, member: User) -> None:
    badge = asked(member)
    assert as_superuser.post(page_of(badge), {"profession": "surgeon"}).status_code == 403
    assert as_superuser.get(f"{DESK}add/").status_code == 403
    assert as_superuser.post(page_of(badge, "delete"), {"post": "yes"}).status_code == 403
    badge.refresh_from_db()
    assert badge.profession == "physiotherapist"


def test_what_waits_longest_stands_first(
    make_user: Callable[..., User], member: User, another_member: User, as_moderator: Client
) -> None:
    old, new = asked(member, profession="nurse"), asked(another_member, profession="midwife")
    done = asked(make_user("Done Deal"), profession="surgeon")
    for badge, days in ((old, 3), (new, 1), (done, 9)):
        asked_at = timezone.now() - timedelta(days=days)
        Badge.objects.filter(pk=badge.pk).update(asked_at=asked_at)
    done.give_back(by=done.user)
    page = as_moderator.get(DESK).text
    assert page.index("nurse, HCPC") < page.index("midwife, HCPC") < page.index("surgeon, HCPC")
    only = as_moderator.get(f"{DESK}?state=to_check").text
    assert "nurse" in only
    assert "surgeon, HCPC" not in only


def test_the_list_costs_the_same_with_many_badges(
    make_user: Callable[..., User], member: User, as_moderator: Client
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_moderator.get(DESK).status_code == 200
        return len(queries)

    asked(member)
    few = cost()
    for number in range(5):
        asked(make_user(f"Many {number}"))
    assert cost() == few


# --- the desk -------------------------------------------------------------------------------------


def test_badges_wait_on_the_desk_of_those_who_can_go_on(
    member: User, another_member: User, as_moderator: Client, as_editor: Client, as_author: Client
) -> None:
    badge = asked(member)
    asked(another_member)
    for desk in (as_moderator, as_editor):
        page = desk.get("/admin/").text
        assert "Badges to check" in page
        assert "2 requests" in page
        assert "Badges to confirm" not in page
    assert "Badges to check" not in as_author.get("/admin/").text

    as_moderator.post(page_of(badge, "check"))
    assert "Badges to confirm" not in as_moderator.get("/admin/").text
    assert "Badges to confirm" in as_editor.get("/admin/").text


def test_ones_own_request_waits_on_no_desk_of_ones_own(
    moderator: User, as_moderator: Client, as_editor: Client
) -> None:
    asked(moderator)
    assert "Badges to check" not in as_moderator.get("/admin/").text
    assert "Badges to check" in as_editor.get("/admin/").text


def test_what_one_alone_checked_comes_back_to_them(member: User, as_moderator: Client) -> None:
    as_moderator.post(page_of(asked(member), "check"))
    assert "Badges to confirm" in as_moderator.get("/admin/").text


# --- granting, refusing, taking back --------------------------------------------------------------


def test_topics_and_the_last_day_are_set_when_it_is_granted(
    member: User, editor: User, as_moderator: Client
) -> None:
    health = Category.objects.at(["Health"])
    badge = asked(member)
    badge.mark_checked(by=editor)
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False):
        as_moderator.force_login(User.objects.get(handle="Mona Reads"))
        assert 'value="2027-11-22"' in as_moderator.get(page_of(badge, "grant")).text
        for day in ("2026-11-22", "2028-11-23", "soon", ""):
            form = {"expires_on": day, "topics": [health.pk]}
            answer = as_moderator.post(page_of(badge, "grant"), form)
            assert answer.status_code == 200
            assert "errorlist" in answer.text
        assert not Badge.objects.in_force().exists()
        form = {"expires_on": "2028-11-22", "topics": [health.pk]}
        as_moderator.post(page_of(badge, "grant"), form)
    badge.refresh_from_db()
    assert badge.expires_on == date(2028, 11, 22)
    assert list(badge.topics.all()) == [health]


def test_two_years_from_a_leap_day_end_in_february() -> None:
    with time_machine.travel("2028-02-29T10:00:00Z", tick=False):
        assert years_from_now(2) == date(2030, 2, 28)


@pytest.mark.parametrize("deed", ["refuse", "take-back"])
def test_a_reason_is_asked_for(
    member: User, moderator: User, as_moderator: Client, deed: str
) -> None:
    badge = granted(member, moderator) if deed == "take-back" else asked(member)
    for reason in ("", " \u200b", "x" * 301):
        answer = as_moderator.post(page_of(badge, deed), {"reason": reason})
        assert "errorlist" in answer.text
    badge.refresh_from_db()
    assert not badge.ended_at


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("grant", "Your badge was granted."),
        ("refuse", "Your request for a badge was refused."),
        ("take-back", "Your badge was taken back."),
    ],
)
def test_the_member_is_told_by_mail_that_names_nothing(
    member: User, moderator: User, as_moderator: Client, deed: str, said: str
) -> None:
    badge = granted(member, moderator) if deed == "take-back" else asked(member)
    if deed == "grant":
        badge.mark_checked(by=moderator)
    fields = grant_form(reason="The physiotherapist’s entry ended.")
    as_moderator.post(page_of(badge, deed), fields)
    [sent] = mail.outbox
    assert sent.to == [member.email]
    assert sent.subject == "News about your badge"
    assert said in sent.body
    assert LIST in sent.body
    for word in ("physio", "HCPC", "PH-77123", "entry ended"):
        assert word not in f"{sent.subject} {sent.body}"


def test_what_never_was_true_is_ticked(
    client: Client, member: User, moderator: User, as_moderator: Client, article: Article
) -> None:
    badge = granted(member, moderator)
    comment = wear(badge, say(member, article))
    address = comment.get_absolute_url()
    assert "posting as" in client.get(address, follow=True).text
    as_moderator.post(page_of(badge, "take-back"), {"reason": "Not theirs.", "was_false": "on"})
    assert "posting as" not in client.get(address, follow=True).text
