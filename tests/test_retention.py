"""What the privacy page says of how long things are kept is what the worker does."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import LegalHold, RateCount, User
from accounts.ratelimits import allow, forget_expired_entries, unreadable_key
from accounts.retention import RULES, Rule, forgets, rules
from accounts.schedule import JOBS
from accounts.sessions import NO_ADDRESS, network_of
from comments.models import Notification, Report
from tests.forgotten import CASES, KEPT_BY_A_HOLD, Cast, member, said

pytestmark = pytest.mark.django_db

A_LITTLE = timedelta(minutes=2)


# --- the tests ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.job)
def test_what_is_a_little_younger_stays_and_what_is_a_little_older_goes(
    rule: Rule, request: Cast
) -> None:
    assert rule.job in CASES, "A rule needs a case in this file: the privacy page relies on it."
    # The cast joins first: nobody is asked before they are there.
    member(request)
    request.getfixturevalue("article")
    with time_machine.travel(timezone.now() - rule.after, tick=False) as begun:
        is_there = CASES[rule.job](request)
        begun.shift(rule.after - A_LITTLE)
        JOBS[rule.job].run()
        assert is_there()
        begun.shift(2 * A_LITTLE)
        JOBS[rule.job].run()
        assert not is_there()
        JOBS[rule.job].run()  # whatever was killed runs again


@pytest.mark.parametrize("job", sorted(KEPT_BY_A_HOLD))
def test_what_a_legal_claim_needs_stays_as_long_as_the_hold(job: str, request: Cast) -> None:
    rule, held = RULES[job], member(request)
    request.getfixturevalue("article")
    with time_machine.travel(timezone.now() - rule.after, tick=False) as begun:
        is_there = CASES[job](request)
        LegalHold.objects.create(user=held, set_by=held, case="1 O 2/26", until="2090-01-01")
        begun.shift(rule.after + A_LITTLE)
        JOBS[job].run()
        assert is_there()
        LegalHold.objects.all().end()
        JOBS[job].run()
        assert not is_there()


def test_a_report_that_a_hold_kept_goes_with_what_was_told_of_it(
    member: User, request: Cast
) -> None:
    rule, comment = RULES["comments.tasks.forget_old_reports"], said(request)
    with time_machine.travel(timezone.now() - rule.after - A_LITTLE):
        report = Report.objects.create(comment=comment, reporter=member, reason="spam")
        Notification.objects.tell(member, Notification.Kind.OUTCOME, report=report)
    JOBS[rule.job].run()
    assert not Report.objects.exists()
    assert not Notification.objects.exists()


def test_the_page_tells_every_rule_in_plain_words(client: Client) -> None:
    page = html.unescape(client.get("/about/privacy/").content.decode())
    for rule in rules():
        said = f"{rule.period} {rule.since}".strip()
        assert f"<tr><td>{rule.what}</td><td>{said}</td></tr>" in page
    assert "<td>Unfinished comments</td><td>24 hours since they were last changed</td>" in page


def test_a_rule_that_is_changed_is_told_at_once(client: Client) -> None:
    """There is no second place where the period stands."""

    @forgets("Test rows", after=timedelta(days=11), every=timedelta(days=1))
    def forget_nothing() -> None: ...

    name = next(name for name in RULES if name.endswith("forget_nothing"))
    try:
        caches["pages"].clear()
        page = client.get("/about/privacy/").content.decode()
        assert "<tr><td>Test rows</td><td>11 days</td></tr>" in page
    finally:
        del RULES[name], JOBS[name]


def test_the_words_of_the_page_state_no_period_of_their_own() -> None:
    """They would go on to say it when the rule has changed; cookies are kept by browsers."""
    text = (settings.BASE_DIR / "content" / "pages" / "privacy.md").read_text()
    periods = re.findall(r"\d+ (?:hours?|days?|months?|years?)", text)
    assert periods == []


def test_no_other_page_about_the_site_tells_these_rules(client: Client) -> None:
    assert "How long we keep it" not in client.get("/about/moderation/").content.decode()


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=48), "48 hours"),
        (timedelta(days=7), "7 days"),
        (timedelta(days=365), "1 year"),
        (timedelta(days=6 * 365), "6 years"),
    ],
)
def test_a_period_is_told_in_the_unit_people_count_in(after: timedelta, words: str) -> None:
    assert Rule("Anything", after, "", "job").period == words


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0"),
        ("203.0.113.0", "203.0.113.0"),
        ("2001:db8:1:2:3::4", "2001:db8:1::"),
        ("2001:db8:1:2::/64", "2001:db8:1::"),
    ],
)
def test_an_address_is_shortened_to_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_an_address_that_is_gone_is_not_shown(client: Client, member: User) -> None:
    form = {"login": member.email, "password": "correct horse battery staple"}
    client.post("/accounts/login/", form, REMOTE_ADDR="203.0.113.7")
    assert "203.0.113.7" in client.get("/accounts/sessions/").content.decode()
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=31))
    JOBS["accounts.tasks.forget_addresses"].run()
    page = client.get("/accounts/sessions/").content.decode()
    assert "This browser" in page
    assert NO_ADDRESS not in page


@pytest.mark.parametrize(
    ("remote", "shown"), [("2001:db8:1:2:3::4", "2001:db8:1:2::"), ("", ""), ("unix:", "")]
)
def test_a_member_logs_in_from_any_kind_of_address(
    client: Client, member: User, remote: str, shown: str
) -> None:
    form = {"login": member.email, "password": "correct horse battery staple"}
    assert client.post("/accounts/login/", form, REMOTE_ADDR=remote).status_code == 302
    page = client.get("/accounts/sessions/").content.decode()
    assert f'<span dir="ltr">{shown}</span>' in page if shown else "0.0.0.0" not in page  # noqa: S104


# --- counts in the cache --------------------------------------------------------------------------


def test_what_is_counted_in_the_cache_cannot_be_read_there(
    client: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Allauth's keys name internet addresses, and its hashes of e-mail addresses have no key."""
    assert settings.CACHES["default"]["KEY_FUNCTION"] == "accounts.ratelimits.unreadable_key"
    key = unreadable_key("allauth:rl:ip:203.0.113.7", "", 1)
    assert re.fullmatch("[0-9a-f]{64}", key)
    assert key != unreadable_key("allauth:rl:ip:203.0.113.8", "", 1)


def test_expired_entries_of_the_cache_do_not_stay_in_their_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = settings.CACHES["default"] | {"LOCATION": "bedside_cache"}
    cache = DatabaseCache("bedside_cache", {})
    monkeypatch.setitem(settings.CACHES, "default", table)
    monkeypatch.setattr("accounts.ratelimits.caches", {"default": cache})
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bedside_cache"
            " (cache_key varchar(255) PRIMARY KEY, value text, expires timestamp)"
            if connection.vendor == "sqlite"
            else "CREATE TABLE IF NOT EXISTS bedside_cache"
            " (cache_key varchar(255) PRIMARY KEY, value text, expires timestamptz)"
        )
        cache.set("old", 1, 60)
        cache.set("new", 1, 7200)
        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            forget_expired_entries()
        cursor.execute("SELECT count(*) FROM bedside_cache")
        assert cursor.fetchone() == (1,)
    assert cache.get("new") == 1


def test_nobody_is_counted_over_longer_than_the_page_says() -> None:
    from accounts.models.rates import LONGEST_WINDOW
    from comments import posting_limits
    from comments.moderation import reporting

    limits = [limit for limit in vars(posting_limits).values() if isinstance(limit, tuple)]
    windows = {reporting.HOUR, *(seconds for _number, seconds in limits)}
    assert len(limits) == 4
    assert max(windows) == LONGEST_WINDOW.total_seconds()
    allow("draft", "203.0.113.7", 1, max(windows))
    assert RateCount.objects.get().expires_at <= timezone.now() + LONGEST_WINDOW
