"""What a curious moderator, or superuser, tries: no page of admin joins a name to an account."""

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory

from accounts.models import AuditAct, User
from accounts.offered_filters import OfferedFiltersOnly
from articles.models import Article, Contributor
from comments import answering
from comments.models import Appeal, Case, Comment, Decision, Report
from comments.moderation import deciding
from comments.screening import reason_of
from tests.discussing import COMPOSER, PAGE, disguised, say

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"
CASES = "/admin/comments/case/"


@pytest.fixture(params=["moderator", "superuser"])
def curious(request: pytest.FixtureRequest, as_moderator: Client, as_superuser: Client) -> Client:
    return {"moderator": as_moderator, "superuser": as_superuser}[request.param]


def waiting(member: User, comment: Comment) -> Case:
    Report.objects.file(comment=comment, reporter=member, reason="spam", words="Spam.")
    return Case.objects.open().get(comment=comment)


def test_no_page_of_admin_joins_a_comment_to_its_writer(
    curious: Client, article: Article, member: User, moderator: User
) -> None:
    comment = disguised(member, article, "Hidden words.")
    answered = say(moderator, article, parent=comment)
    report, _first = Report.objects.file(comment=comment, reporter=member, reason="spam")
    comment.edit("Other words.")
    comment.remove(by=moderator, reason="Advertising")
    other = waiting(member, disguised(member, article, "More words."))
    done = Case.objects.create(
        comment=comment, queue="held", due_at=comment.created_at, closed_at=comment.created_at
    )
    for address in (
        LIST,
        f"{LIST}?q=words",
        f"{LIST}?state=removed",
        f"{LIST}?o=4.-3",
        f"{LIST}{comment.pk}/change/",
        f"{LIST}{comment.pk}/history/",
        f"{LIST}{answered.pk}/change/",
        "/admin/comments/report/",
        f"/admin/comments/report/{report.pk}/change/",
        f"/admin/comments/report/{report.pk}/history/",
        CASES,
        f"{CASES}?queue=reported",
        f"{CASES}{other.pk}/change/",
        f"{CASES}{other.pk}/history/",
        f"{CASES}{done.pk}/change/",
        f"{CASES}choices/",
        "/admin/",
        "/admin/comments/",
    ):
        answer = curious.get(address)
        assert answer.status_code == 200, address
        assert "Quiet Heron" not in answer.text, address
        assert f"/accounts/user/{member.pk}/" not in answer.text, address
        assert str(member.public_id) not in answer.text, address


@pytest.mark.parametrize(
    "query",
    [
        "author={user}",
        "author__exact={user}",
        "author__id__exact={user}",
        "author__in={user}",
        "author__handle=Quiet+Heron",
        "author__handle__startswith=Q",
        "author_id={user}",
        "voice={voice}",
        "voice__user={user}",
        "voice__user__id__exact={user}",
        "nonce__isnull=True",
        "badge__user={user}",
        "reports__reporter={user}",
        "removed_by={user}",
        "text__startswith=H",
    ],
)
def test_comments_are_narrowed_by_no_member(
    curious: Client, article: Article, member: User, query: str
) -> None:
    comment = disguised(member, article)
    query = query.format(user=member.pk, voice=comment.voice_id)
    answer = curious.get(f"{LIST}?{query}")
    assert answer.status_code in {302, 400}
    if answer.status_code == 302:
        assert answer.headers["Location"].endswith("?e=1")


@pytest.mark.parametrize(
    "query",
    [
        "comments={comment}",
        "comments__id__exact={comment}",
        "comments__text__startswith=H",
        "voices={voice}",
        "voices__name__startswith=A",
        "reports={report}",
        "email__startswith=q",
        "email=quiet%20heron@example.org",
        "groups__user__email__startswith=q",
        "password__startswith=a",
        "public_id={public_id}",
    ],
)
def test_members_are_narrowed_by_no_comment(
    as_superuser: Client, article: Article, member: User, query: str
) -> None:
    comment = disguised(member, article)
    report, _first = Report.objects.file(comment=comment, reporter=member, reason="spam")
    known = {"comment": comment.pk, "voice": comment.voice_id, "report": report.pk}
    query = query.format(**known, public_id=member.public_id)
    assert as_superuser.get(f"/admin/accounts/user/?{query}").status_code in {302, 400}


@pytest.mark.parametrize(
    "deed", ["approve", "keep", "remove", "ask-edit", "hide-name", "reply", "correct", "sanction"]
)
def test_no_deed_tells_who_wrote_a_comment(
    curious: Client, article: Article, member: User, deed: str
) -> None:
    case = waiting(member, disguised(member, article, "Hidden words."))
    fields = {"reason": "Spam.", "text": "A reply.", "kind": "suspend", "length": "1-day"}
    answer = curious.post(f"{CASES}{case.pk}/act/", {**fields, "deed": deed}, follow=True)
    for address in (f"{CASES}{case.pk}/change/", CASES):
        for page in (answer.text, curious.get(address).text):
            assert "Quiet Heron" not in page
            assert f"/accounts/user/{member.pk}/" not in page
            assert str(member.public_id) not in page


@pytest.mark.parametrize("query", ["reporter={user}", "comment__author={user}", "email=x"])
def test_reports_are_narrowed_by_no_member(
    curious: Client, article: Article, member: User, query: str
) -> None:
    answer = curious.get(f"/admin/comments/report/?{query.format(user=member.pk)}")
    assert answer.status_code in {302, 400}


def test_a_handle_finds_no_comment_under_another_name(
    curious: Client, article: Article, member: User
) -> None:
    disguised(member, article)
    assert "0 comments" in curious.get(f"{LIST}?q=Quiet+Heron").text


@pytest.mark.parametrize("field", ["author", "voice", "removed_by"])
def test_no_field_of_a_comment_is_completed(
    curious: Client, article: Article, member: User, field: str
) -> None:
    disguised(member, article)
    query = f"app_label=comments&model_name=comment&field_name={field}&term="
    answer = curious.get(f"/admin/autocomplete/?{query}")
    # Members are listed for who may see them; which of them wrote what is not.
    assert answer.status_code == 403 or "Hidden" not in answer.text


@pytest.mark.parametrize("offered", ["state=visible", "reports=open", "p=1", "all=", "_facets=1"])
def test_what_is_offered_still_works(curious: Client, article: Article, offered: str) -> None:
    assert curious.get(f"{LIST}?{offered}").status_code == 200


@pytest.mark.parametrize(
    "offered", ["is_staff__exact=1", "is_active__exact=0", "groups__id__exact=1", "q=quiet"]
)
def test_the_filters_of_members_still_work(as_superuser: Client, offered: str) -> None:
    assert as_superuser.get(f"/admin/accounts/user/?{offered}").status_code == 200


def test_every_list_of_people_is_narrowed_by_what_it_offers_alone() -> None:
    """A new admin page of accounts or comments has to say so too."""
    open_lists = [
        model._meta.label
        for model, listed in admin.site._registry.items()
        if model._meta.app_label in {"accounts", "comments"}
        and not isinstance(listed, OfferedFiltersOnly)
    ]
    assert open_lists == []


def test_what_a_filter_of_django_appends_is_allowed(rf: RequestFactory, moderator: User) -> None:
    request = rf.get("/")
    request.user = moderator
    for label, lookup in (
        ("comments.Report", "reason__exact"),
        ("accounts.User", "groups__id__exact"),
        ("accounts.OutgoingMail", "sent_at__isempty"),
    ):
        listed = next(
            one for model, one in admin.site._registry.items() if model._meta.label == label
        )
        assert listed.lookup_allowed(lookup, "1", request)
        assert not listed.lookup_allowed("pk__in", "1", request)


def test_a_superuser_who_edits_a_member_sees_no_comment(
    as_superuser: Client, article: Article, member: User
) -> None:
    comment = disguised(member, article)
    address = f"/admin/accounts/user/{member.pk}/change/"
    as_superuser.post(address, {"is_staff": "on", "is_active": "on"})
    for where in (address, f"/admin/accounts/user/{member.pk}/history/"):
        text = as_superuser.get(where).text
        assert str(comment.pk) not in text
        assert comment.voice.name not in text


def test_a_superuser_does_not_become_a_member_by_a_password(
    as_superuser: Client, member: User, author: User
) -> None:
    new = "trombone harbour seventeen"
    form = {"password1": new, "password2": new, "usable_password": "true"}
    page = f"/admin/accounts/user/{member.pk}/password/"
    assert "../password/" not in as_superuser.get(f"/admin/accounts/user/{member.pk}/change/").text
    assert as_superuser.get(page).status_code == 403
    assert as_superuser.post(page, form).status_code == 403
    member.refresh_from_db()
    assert not member.check_password(new)

    as_superuser.post(f"/admin/accounts/user/{author.pk}/password/", form)
    author.refresh_from_db()
    assert author.check_password(new)
    assert AuditAct.objects.about(author).get().deed == "member.password_set"


def test_the_audit_trail_does_not_tell_it_a_second_time(
    as_moderator: Client, as_superuser: Client, article: Article, member: User, moderator: User
) -> None:
    comment = disguised(member, article)
    as_moderator.post(f"{LIST}{comment.pk}/look-up/", {"reason": "Spam."})
    trail = "/admin/accounts/auditact/"
    act = AuditAct.objects.get(deed="voice.looked_up")
    for address in (trail, f"{trail}{act.pk}/change/", f"{trail}?q={comment.pk}"):
        page = as_superuser.get(address).text
        assert "voice.looked_up" in page
        assert "Mona Reads" in page
        assert str(comment.pk) in page
        assert str(member.public_id) not in page
    assert "Mona Reads" in as_superuser.get(f"{trail}?q={moderator.public_id}").text
    assert str(comment.pk) not in as_superuser.get(f"{trail}?q={member.public_id}").text
    assert as_superuser.get(f"{trail}?subject={member.public_id}").status_code in {302, 400}


def test_the_audit_trail_joins_no_two_names_of_whom_something_was_decided_about(
    as_superuser: Client, article: Article, member: User, moderator: User
) -> None:
    AuditAct.objects.record("badge.asked", by=member, about=member)
    comments = [say(member, article), disguised(member, article)]
    for comment in comments:
        decision = deciding.remove(comment, by=moderator, rule=None, reason="Advertising")
        Decision.objects.filter(pk=decision.pk).update(told_at=decision.at)
        Appeal.objects.make(decision, words="It sells nothing.")
    trail = "/admin/accounts/auditact/"
    page = as_superuser.get(trail).text
    assert page.count("comment.removed") >= 2
    assert page.count("appeal.made") >= 2
    assert page.count(str(member.public_id)) == 2  # who asked for a badge, about whom
    for act in AuditAct.objects.filter(deed__in=["comment.removed", "appeal.made"]):
        assert str(member.public_id) not in as_superuser.get(f"{trail}{act.pk}/change/").text
    theirs = as_superuser.get(f"{trail}?q={member.public_id}").text
    assert not any(str(comment.pk) in theirs for comment in comments)
    assert "comments.Appeal" not in theirs
    of_staff = as_superuser.get(f"{trail}?q={moderator.public_id}").text
    assert all(str(comment.pk) in of_staff for comment in comments)


def test_why_a_comment_waits_does_not_tell_of_whom_all_is_held(
    as_moderator: Client, as_member: Client, article: Article, member: User, moderator: User
) -> None:
    seen = say(member, article)
    deciding.sanction(seen, by=moderator, kind="hold-all", rule=None, reason="Look.")
    as_member.post(COMPOSER, {"text": "My next words.", "as": "discussion"})
    held = Case.objects.open().get(comment__text="My next words.")
    with_removed = reason_of("record")
    page = as_moderator.get(f"{CASES}{held.pk}/change/").text
    assert with_removed in page
    assert "sanction" not in page.partition('id="case-form"')[0]


def test_who_owns_one_kind_of_report_reads_no_other_and_no_appeal(
    as_reviewer: Client, article: Article, member: User, moderator: User
) -> None:
    comment = say(member, article)
    comment.edit("Drink bleach.", ["crisis"])
    comment.publish()
    decision = deciding.hide_name(comment, by=moderator, rule=None, reason="A name.")
    Decision.objects.filter(pk=decision.pk).update(told_at=decision.at)
    Appeal.objects.make(decision, words="It is nobody’s name.")
    notice = {"name": "Jo Doe", "place": "bleach", "good_faith": True, "words": "It harms me."}
    Report.objects.file(comment=comment, reporter=None, reason="legal", **notice)
    Report.objects.file(comment=comment, reporter=None, reason="unsafe", words="It is poison.")
    page = as_reviewer.get(f"{CASES}{Case.objects.open().get().pk}/change/").text
    assert "It is poison." in page
    for word in ("Jo Doe", "It harms me.", "It is nobody’s name.", reason_of("crisis")):
        assert word not in page


def test_the_desk_tells_no_name_beneath_an_answer(
    as_moderator: Client, article: Article, member: User, another_member: User, editor: User
) -> None:
    doctor = Contributor.objects.create(name="Dr Doe", user=member)
    question = Comment.objects.post(
        author=another_member, article=article, text="Does it hurt?", is_question=True
    )[0]
    answering.ask(question, doctor, by=editor)
    reply = answering.answer(question, by=member, contributor=doctor, text="No.").comment
    own = disguised(member, article, "My own words.")
    assert own.voice == reply.voice
    assert own.member_number != reply.member_number
    cases = [waiting(another_member, reply), waiting(another_member, say(editor, article, "So?"))]
    Comment.objects.filter(pk=cases[1].comment_id).update(parent=reply, root=question)
    pages = [f"{CASES}{case.pk}/change/" for case in cases]
    for address in (*pages, CASES, f"{LIST}{reply.pk}/change/", f"{LIST}?q=No."):
        page = as_moderator.get(address).text
        assert own.voice.name not in page, address
        assert own.member_number not in page, address
    assert "Dr Doe" in as_moderator.get(pages[0]).text


def test_readers_still_see_the_name_alone(client: Client, article: Article, member: User) -> None:
    comment = disguised(member, article)
    Article.objects.filter(pk=article.pk).bump()
    page = client.get(PAGE).text
    assert comment.voice.name in page
    assert "Quiet Heron" not in page
    assert comment.member_number not in page
