"""Every row that is tied to a person is on the map, and becomes what the map promises."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from accounts import leaving, personal_data
from accounts.models import Fate, User
from accounts.my_data import sections_of
from accounts.personal_data import Tie
from articles.models import Article, Contributor
from comments.models import Badge, Voice
from tests.somebody import EMAIL, WORD, fill

pytestmark = pytest.mark.django_db

TIES = [(f"{tie.model} {', '.join(tie.fields)}", tie) for tie in personal_data.ties()]
# Fields that hold an address, or a random id by which a person is known.
TELLING = re.compile(r"(^|_)(email|ip|address|addresses|user_agent|session_key|actor|subject)($|_)")
PEOPLE = (User, Contributor)


def points_to_a_person_or_holds_an_address(field: Any) -> bool:
    return (
        field.related_model in PEOPLE
        or isinstance(field, (models.EmailField, models.GenericIPAddressField))
        or bool(TELLING.search(field.name))
    )


def to_be_classified(model: type[models.Model]) -> Iterator[str]:
    """Yield the fields of a table that must stand in a tie; an M2M is a table of its own."""
    for field in model._meta.local_fields:
        if points_to_a_person_or_holds_an_address(field):
            yield f"{model._meta.label}.{field.name}"


def classified() -> set[str]:
    return {f"{tie.model}.{field}" for _name, tie in TIES for field in tie.fields}


# --- the map is whole -----------------------------------------------------------------------------


def test_every_tie_to_a_person_is_classified() -> None:
    found = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in to_be_classified(model)
    ]
    assert len(found) > 30
    assert sorted(set(found) - classified()) == []


@isolate_apps("accounts", "articles", "comments")
def test_a_new_field_is_found() -> None:
    class Follow(models.Model):
        member = models.ForeignKey(User, models.PROTECT, related_name="+")
        contributor = models.OneToOneField(Contributor, models.PROTECT, related_name="+")
        ignored_by = models.ManyToManyField(User, related_name="+")
        reply_to = models.EmailField()
        seen_from = models.GenericIPAddressField()
        ip_network = models.CharField(max_length=40)
        actor = models.UUIDField()
        note = models.TextField()

        class Meta:
            app_label = "comments"

        def __str__(self) -> str:
            return ""

    through = Follow._meta.get_field("ignored_by").remote_field.through  # type: ignore[union-attr]
    found = {name.rpartition(".")[2] for name in to_be_classified(Follow)}
    assert found == {"member", "contributor", "reply_to", "seen_from", "ip_network", "actor"}
    assert list(to_be_classified(through)) == ["comments.Follow_ignored_by.user"]
    assert not set(to_be_classified(Follow)) & classified()


@pytest.mark.parametrize(("name", "tie"), TIES)
def test_a_tie_names_what_there_is(name: str, tie: Tie) -> None:
    columns = {field.name for field in apps.get_model(tie.model)._meta.local_fields}
    assert set(tie.fields) <= columns
    assert tie.erased.endswith(".")


def test_each_field_stands_in_one_tie() -> None:
    fields = [f"{tie.model}.{field}" for _name, tie in TIES for field in tie.fields]
    assert len(fields) == len(set(fields))


def test_a_tie_is_shown_or_says_why_not() -> None:
    for shown in ({}, {"section": "account", "not_shown": "Never."}):
        with pytest.raises(ValueError, match="say either"):
            Tie("accounts.User", ("email",), "emptied", "Gone.", **shown)


# --- and it is true -------------------------------------------------------------------------------

# Where nobody can tell from a row whose it is.
UNTRACEABLE = {"accounts.RateCount", "django_tasks_database.DBTaskResult"}


@pytest.fixture
def somebody(make_user: Any, moderator: User, article: Article) -> User:
    user: User = make_user("Zwetschge", email=EMAIL, is_staff=True)
    fill(user, moderator, article)
    return user


class Named:
    """Tells whether a value of a field names `user`: by a key, a random id, or their word."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.keys: dict[type[models.Model], set[Any]] = {
            User: {user.pk},
            Contributor: {user.contributor.pk},
            Voice: set(Voice.objects.filter(user=user).values_list("pk", flat=True)),
            Badge: set(Badge.objects.filter(user=user).values_list("pk", flat=True)),
            apps.get_model("account.EmailAddress"): set(
                user.emailaddress_set.values_list("pk", flat=True)
            ),
        }
        self.sessions = list(user.usersession_set.values_list("session_key", flat=True))

    def by(self, row: models.Model, name: str) -> bool:
        field = row._meta.get_field(name)
        value = getattr(row, field.attname)  # type: ignore[union-attr]
        if field.related_model in self.keys:
            return value in self.keys[field.related_model]
        if value in self.sessions or str(value) == str(self.user.public_id):
            return True
        return WORD in str(value).lower()

    def rows(self, tie: Tie) -> list[Any]:
        """Return the rows in which a field of this tie names them."""
        model = apps.get_model(tie.model)
        return [
            row
            for row in model._base_manager.all()
            if any(self.by(row, field) for field in tie.fields)
        ]


@pytest.mark.parametrize(("name", "tie"), [t for t in TIES if t[1].model not in UNTRACEABLE])
def test_somebody_has_rows_of_each_kind(name: str, tie: Tie, somebody: User) -> None:
    assert Named(somebody).rows(tie)


def test_each_section_that_a_tie_names_shows_something(somebody: User) -> None:
    shown = {section.key: list(section.rows) for section in sections_of(somebody)}
    named = {tie.section for _name, tie in TIES if tie.section}
    assert sorted(key for key in named if not shown.get(key)) == []


def test_no_section_is_named_twice_and_each_row_has_its_columns(somebody: User) -> None:
    sections = list(sections_of(somebody))
    assert len({section.key for section in sections}) == len(sections)
    for section in sections:
        for row in section.rows:
            assert set(row) == set(section.columns), section.key


@pytest.fixture
def before_and_after(somebody: User) -> list[tuple[Tie, Any, Any]]:
    """Erase somebody; return each of their rows as it was and as it is, None when it is gone."""
    named = Named(somebody)
    rows = [(tie, row) for _name, tie in TIES for row in named.rows(tie)]
    User.objects.filter(pk=somebody.pk).update(is_active=False)
    leaving.erase(somebody, Fate.ERASE)
    return [(tie, row, type(row)._base_manager.filter(pk=row.pk).first()) for tie, row in rows]


def test_erasing_somebody_does_what_each_tie_promises(
    before_and_after: list[tuple[Tie, Any, Any]],
) -> None:
    broken = [
        f"{tie.model}.{field} is not {tie.promise}"
        for tie, row, now in before_and_after
        for field in tie.fields
        if not is_as_promised(tie, field, row, now)
    ]
    assert sorted(set(broken)) == []


def is_as_promised(tie: Tie, field: str, before: Any, now: Any) -> bool:
    if tie.promise == "deleted":
        return now is None
    if now is None:
        return False
    attribute = before._meta.get_field(field).attname
    was, is_now = getattr(before, attribute), getattr(now, attribute)
    if tie.promise == "kept":
        return bool(was == is_now)
    return WORD not in str(is_now).lower() and (not was or was != is_now)
