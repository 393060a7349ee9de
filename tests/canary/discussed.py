"""What else becomes of the canary in a discussion: held, reported, decided on, answered, told.

It happens under its handle and under a name for one discussion, and to a bystander as well.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from articles.models import Contributor
from comments.models import Appeal, Case, Comment, Decision, Rule
from tests.canary.visitor import Visitor
from tests.canary.world import work

if TYPE_CHECKING:
    from tests.canary.life import Life

CONTRIBUTOR = "ZongCheng"
UNTIL_TOLD = timedelta(seconds=31)


def be_discussed(life: "Life") -> None:
    bystander = life.logged_in("bystander")
    by_handle, by_another = ("knees", {"as": "handle"}), ("hips", {"as": "discussion"})
    for who, name in ((bystander, "bystander"), (life.member, "canary")):
        for slug, choices in (by_handle, by_another):
            label = f"{name}{slug}"
            follow(who, slug)
            be_held(life, who, slug, f"{label}held", **choices)
            be_approved(life, who, slug, f"{label}approved", **choices)
            be_answered(life, who, slug, f"{label}question", **choices)
            be_reported_and_removed(life, who, slug, f"{label}object", **choices)
        be_sanctioned(life, f"{name}{by_handle[0]}object")
        for slug, choices in (by_handle, by_another):
            be_held(life, who, slug, f"{name}{slug}record", **choices)
    read_what_was_told(life.member)


def follow(who: Visitor, slug: str) -> None:
    who.send(f"/articles/{slug}/comments/follow/", choice="follow")


def be_held(life: "Life", who: Visitor, slug: str, label: str, **choices: str) -> Case:
    """Post a number as it is, which a moderator reads first."""
    life.world.clock.shift(61)
    text = life.text_of(who, label)
    path = f"/articles/{slug}/comments/new/"
    number = {"text": f"{text} Ring 07700 900123.", "answer": "personal"}
    assert who.client.post(path, {**number, **choices}).status_code == 302
    comment = Comment.objects.get(text__startswith=text)
    assert comment.is_held, label
    life.said[label] = comment.pk
    return Case.objects.open().get(comment=comment)


def be_approved(life: "Life", who: Visitor, slug: str, label: str, **choices: str) -> None:
    decide(life, be_held(life, who, slug, label, **choices), "approve")


def say(life: "Life", who: Visitor, slug: str, label: str, **choices: str) -> None:
    """Post; of whom something was removed lately, a moderator reads it first."""
    life.write(who, slug, label, **choices)
    if case := Case.objects.open().filter(comment=life.said[label]).first():
        decide(life, case, "approve")


def be_answered(life: "Life", who: Visitor, slug: str, label: str, **choices: str) -> None:
    """Ask; have it answered by a reply, by the staff, and in the name of who was asked."""
    say(life, who, slug, label, question="on", **choices)
    question, editor = life.said[label], life.logged_in("editor")
    life.write(life.logged_in("second bystander"), slug, f"{label} reply", to=label, **choices)
    asked = {"contributor": Contributor.objects.get(name=CONTRIBUTOR).pk}
    editor.client.post(f"/admin/comments/question/{question}/ask/", {**asked, "ask": "1"})
    words = {**asked, "text": f"Rest, number {len(life.said)}."}
    editor.client.post(f"/comments/{question}/answer/", words)
    assert Comment.objects.filter(parent=question, role="answer").exists(), label


def be_reported_and_removed(
    life: "Life", who: Visitor, slug: str, label: str, **choices: str
) -> None:
    """Have it reported and removed, read why, and object: one is heard, and the other is not."""
    say(life, who, slug, label, **choices)
    told = {"reason": "spam", "words": f"It sells something, number {len(life.said)}."}
    life.logged_in("reader").send(f"/comments/{life.said[label]}/report/", **told)
    case = Case.objects.open().get(comment=life.said[label])
    decide(life, case, "remove", **by_rule(life, who))
    object_to(life, who, Decision.objects.get(comment=life.said[label], kind="remove"))


def object_to(life: "Life", who: Visitor, decision: Decision) -> None:
    page = f"/accounts/decisions/{decision.pk}/"
    is_theirs = who is life.member
    who.send(page, words=life.canary.hide("appeal") if is_theirs else "It sells nothing.")
    appeal = Appeal.objects.get(decision=decision)
    case = Case.objects.open().get(comment=decision.comment_id)
    life.world.clock.shift(61)
    answer = {"granted": "no", "answer": life.canary.hide("refused") if is_theirs else "It does."}
    at = f"/admin/comments/case/{case.pk}/appeal/{appeal.pk}/"
    life.logged_in("superuser").client.post(at, answer)
    appeal.refresh_from_db()
    assert appeal.decided_at


def be_sanctioned(life: "Life", label: str) -> None:
    """Have all held that is said from now on, under whichever name."""
    case = Case.objects.filter(comment=life.said[label]).latest("pk")
    theirs = {"kind": "hold-all", **by_rule(life, life.member if "canary" in label else None)}
    decide(life, case, "sanction", **theirs)


def decide(life: "Life", case: Case, deed: str, **fields: object) -> None:
    """Do it at the desk, and let a worker tell it."""
    life.world.clock.shift(61)
    done = Decision.objects.count()
    moderator = life.logged_in("moderator")
    moderator.client.post(f"/admin/comments/case/{case.pk}/act/", {"deed": deed, **fields})
    assert Decision.objects.count() == done + 1, deed
    life.world.clock.shift(UNTIL_TOLD)
    work()


def by_rule(life: "Life", who: Visitor | None) -> dict[str, object]:
    rule = Rule.objects.filter(ended_at=None).order_by("pk")[0]
    reason = life.canary.hide("removal") if who is life.member else "It sells something."
    return {"rule": rule.pk, "reason": reason}


def read_what_was_told(member: Visitor) -> None:
    inbox = member.get("/accounts/inbox/").text
    assert "answered your question" in inbox
    assert "removed your comment" in inbox
    assert "approved" in inbox
