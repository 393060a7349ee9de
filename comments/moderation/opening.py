"""A moderator lets a comment wait for a decision that nobody has reported."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditAct, User
from comments.models import Case, Comment, Discussion
from comments.models.counting import CHANGING
from comments.moderation.deed import refuse_if


def open_case(comment: Comment, *, by: User) -> Case:
    """Return the case of `comment` that is open, or open one. Raises CannotDecide."""
    with transaction.atomic():
        Discussion.objects.hold(comment.article_id)
        if waiting := Case.objects.open().filter(comment=comment).first():
            return waiting
        comment.refresh_from_db(fields=CHANGING)
        refuse_if(
            comment.withdrawn_at or comment.hidden_at,
            _("Its writer has taken this comment back meanwhile."),
        )
        refuse_if(not comment.text, _("The text of this comment has been deleted meanwhile."))
        case = Case.objects.open_by_hand(comment)
        AuditAct.objects.record("case.opened", by=by, on=case, about=comment.author)
        return case
