"""What can be done with a case: each deed by its name, in the words of its button."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments import answering
from comments.admin.case_forms import CaseForm
from comments.admin.desk_rights import may
from comments.models import Case, Comment, Decision
from comments.models.comment_query import NonceUsed, ParentGone, Refused
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide

Do = Callable[[Comment, User, CaseForm, str], Any]


@dataclass(frozen=True)
class Deed:
    """One button. `do` gets the comment, who presses, the form, and what they had seen."""

    name: str
    button: str | Promise
    done: str | Promise
    offered: Callable[[Comment], bool]
    do: Do
    for_copies: bool = False  # can be done to the same text elsewhere at once


def standing(comment: Comment) -> bool:
    """Tell whether its text is there to be judged."""
    return bool(comment.text) and not comment.removed_at and not comment.withdrawn_at


NOT_TO_BLAME = _("Nothing that was decided about this comment is against it.")


def reported(comment: Comment) -> bool:
    return not comment.is_held and not comment.removed_at and deciding.is_looked_at(comment)


def to_blame(comment: Comment) -> bool:
    """Tell whether a step about its writer can follow: it waits, or was decided against.

    Nothing follows from what was found to be right, or has no text, or no writer any more.
    """
    if not comment.text or comment.author.erased_at:
        return False
    if Case.objects.open().filter(comment=comment).exists():
        return True
    against = comment.decisions.standing().filter(kind__in=Decision.RESTRICTS)
    taken_back = Decision.objects.standing().exclude(reverses=None).values("reverses")
    return bool(against.exclude(pk__in=taken_back).exists())


def by_rule(form: CaseForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("rule", "reason")}


def approve(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    deciding.approve(comment, by=by, seen=seen)


def keep(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    deciding.keep(comment, by=by, reason=form.cleaned_data["reason"], seen=seen)


def remove(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    facts = form.cleaned_data["facts"]
    deciding.remove(comment, by=by, **by_rule(form), facts=facts, seen=seen)


def ask_for_edit(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    deciding.ask_for_edit(comment, by=by, **by_rule(form), seen=seen)


def hide_name(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    deciding.hide_name(comment, by=by, **by_rule(form), seen=seen)


def show_name(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    deciding.show_name(comment, by=by, seen=seen)


def restore(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    deciding.restore(comment, by=by, reason=form.cleaned_data["reason"], seen=seen)


def sanction(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    if not to_blame(comment):
        raise CannotDecide(str(NOT_TO_BLAME))
    kind = form.cleaned_data["kind"]
    deciding.sanction(comment, by=by, kind=kind, until=form.until(), **by_rule(form))


def reply(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    answered(comment, by, form, Comment.Role.OFFICIAL)


def correct(comment: Comment, by: User, form: CaseForm, seen: str) -> None:
    answered(comment, by, form, Comment.Role.CORRECTION)


def answered(comment: Comment, by: User, form: CaseForm, role: Comment.Role) -> None:
    """Reply for the site; a form sent twice leads to one reply, by its nonce."""
    said = {name: form.cleaned_data[name] for name in ("text", "nonce")}
    try:
        answering.reply_officially(comment, by=by, role=role, **said)
    except ParentGone:
        raise CannotDecide(
            _("Readers do not see it any more, so nothing can stand under it.")
        ) from None
    except NonceUsed:
        raise CannotDecide(_("You have sent this form before, with other words.")) from None
    except Refused as problem:
        raise CannotDecide(str(problem)) from problem


APPROVE = Deed(
    "approve", _("Approve"), _("It is approved."),
    lambda comment: comment.is_held, approve, for_copies=True,
)  # fmt: skip
KEEP = Deed(
    "keep", _("Leave it as it is"), _("It stays as it is, and whoever reported it is told."),
    reported, keep, for_copies=True,
)  # fmt: skip
REMOVE = Deed("remove", _("Remove"), _("It is removed."), standing, remove, for_copies=True)
ASK_EDIT = Deed(
    "ask-edit", _("Ask for an edit"), _("Its writer is asked for another wording."),
    lambda comment: standing(comment) and not comment.edit_asked_at, ask_for_edit,
)  # fmt: skip
HIDE_NAME = Deed(
    "hide-name", _("Hide the name"), _("Its name is hidden."),
    lambda comment: comment.has_name and standing(comment) and not comment.name_hidden_at,
    hide_name,
)  # fmt: skip
SHOW_NAME = Deed(
    "show-name", _("Show the name again"), _("Its name is shown again."),
    lambda comment: bool(comment.name_hidden_at), show_name,
)  # fmt: skip
RESTORE = Deed(
    "restore", _("Restore"), _("It is back."),
    lambda comment: bool(comment.removed_at and comment.text), restore,
)  # fmt: skip
REPLY = Deed(
    "reply", _("Reply officially"), _("Your reply stands under it."),
    lambda comment: comment.is_visible, reply,
)  # fmt: skip
CORRECT = Deed(
    "correct", _("Answer by a correction"), _("Your correction is pinned under it."),
    lambda comment: comment.is_visible, correct,
)  # fmt: skip
SANCTION = Deed(
    "sanction", _("Decide this step"), _("The step is decided, and its writer is told."),
    to_blame, sanction,
)  # fmt: skip

DEEDS = {
    deed.name: deed
    for deed in (
        *(APPROVE, KEEP, REMOVE, ASK_EDIT, HIDE_NAME, SHOW_NAME, RESTORE),
        *(REPLY, CORRECT, SANCTION),
    )
}


def offered(comment: Comment, user: User) -> dict[str, Deed]:
    """Return what `user` can do with `comment` now, by name."""
    return {
        deed.name: deed for deed in DEEDS.values() if may(user, deed.name) and deed.offered(comment)
    }


def done(
    deed: Deed, comment: Comment, form: CaseForm, *, by: User, copies: list[Comment]
) -> Iterator[Comment]:
    """Do it to `comment` and to the ticked ones of `copies`; yield those that it was done to.

    Raises CannotDecide for `comment` itself; a copy that somebody decided on meanwhile is skipped.
    """
    deed.do(comment, by, form, form.cleaned_data["seen"])
    yield comment
    ticked = set(form.cleaned_data["copies"]) if deed.for_copies else set()
    for copy in copies:
        if copy.pk in ticked and deed.offered(copy):
            try:
                deed.do(copy, by, form, "")
            except CannotDecide:
                continue
            yield copy
