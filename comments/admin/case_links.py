"""From a comment to its case."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comments.models import Case, Comment
from comments.models.comment_query import is_moderator
from comments.models.voice import Visitor


def case_link(comment: Comment) -> SafeString | str:
    """Return a link to the page where `comment` is, or was last, decided on; "–" without one."""
    case = Case.objects.filter(comment=comment).order_by("-pk").first()
    if case is None:
        return "–"
    words = _("Its case, which is done") if case.closed_at else _("Decide about it")
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:comments_case_change", args=[case.pk]), words
    )


def case_can_be_opened(comment: Comment | None, user: Visitor) -> bool:
    """Tell whether `user` may open a case about it: nothing waits, and there is what to judge."""
    if comment is None or not is_moderator(user):
        return False
    if not comment.text or comment.withdrawn_at or comment.hidden_at:
        return False
    return not Case.objects.open().filter(comment=comment).exists()
