"""What waits for a moderator, shown to its writer in its place; nobody else is given a word of it.

A page is rendered once and kept for everyone. In what is kept, marks say where a comment that waits
would stand; they never leave the server. For its writer they are filled, for others taken out.
"""

import re

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.models import Comment, Decision
from comments.moderation.reading_hours import is_moderated
from comments.threads import Threads, address_in_discussion

# A place, by the thread at whose end it is (0: among the threads); a quiet line, by its comment.
PLACE = re.compile(r"<!--held in (\d+)-->")
LINE = re.compile(r"<!--held (\d+)-->(.*?)<!--/held-->", re.DOTALL)
LINE_ENDS = SafeString("<!--/held-->")

DO_NOT_WAIT = gettext_lazy(
    "If you may be in danger, do not wait for us: “Need help now?” stands at the top of this page."
)


def place_in(thread: int) -> SafeString:
    """Return the mark of where replies come to stand that wait; it is for pages kept for all."""
    return format_html("<!--held in {}-->", thread)


def place_of_threads(threads: Threads, where: str) -> SafeString:
    """Return the mark of where a new thread comes to stand, "before" the others or "after" them."""
    oldest_first = threads.sort == "oldest"
    on_this_page = not threads.page.has_next() if oldest_first else threads.page.number == 1
    if threads.whole or not on_this_page or oldest_first != (where == "after"):
        return SafeString("")
    return place_in(0)


def line_before(comment: Comment) -> str:
    """Return what stands before the quiet line of a comment that waits because of an edit."""
    return format_html("<!--held {}-->", comment.pk) if comment.is_held else ""


def line_after(comment: Comment) -> str:
    return LINE_ENDS if comment.is_held else ""


def finish_page(request: HttpRequest, html: str) -> str:
    """Return a kept page with what this visitor has waiting in it.

    The gate of the discussion has fetched that before (templatetags/comments_tags.py).
    """
    if "<!--held " not in html:
        return html
    waiting: dict[int, Comment] = {
        comment.pk: comment for comment in getattr(request, "own_held", ()) if not comment.hidden_at
    }

    def in_line(found: re.Match[str]) -> str:
        comment = waiting.pop(int(found[1]), None)
        return rendered(request, comment) if comment else found[2]

    def in_place(found: re.Match[str]) -> str:
        here = [one for one in waiting.values() if (one.root_id or 0) == int(found[1])]
        if not here:
            return ""
        context = {"items": [rendered(request, one) for one in here], "is_reply": found[1] != "0"}
        return render_to_string("comments/_held_list.html", context)

    return PLACE.sub(in_place, LINE.sub(in_line, html))


def rendered(request: HttpRequest, comment: Comment) -> str:
    context = {"comment": comment, "editable": comment.editable_by(request.user)}
    return render_to_string("comments/_held.html", context)


def why_only_you(comment: Comment) -> str:
    """Tell the writer of a comment that waits what it waits for."""
    if comment.edit_asked_at:
        told = _("Only you see this. A moderator asks you to change it: %(reason)s")
        return told % {"reason": asked_because(comment)}
    known = getattr(comment, "is_moderated", None)
    if not (is_moderated() if known is None else known):
        told = _("Only you see this. A moderator reads it before others do.")
        return f"{told} {DO_NOT_WAIT}" if "crisis" in comment.held_for else told
    hours = settings.READ_WITHIN_HOURS
    told = ngettext(
        "Only you see this. Usually read within %(hours)d hour.",
        "Only you see this. Usually read within %(hours)d hours.",
        hours,
    ) % {"hours": hours}
    return f"{told} {DO_NOT_WAIT}" if "crisis" in comment.held_for else told


def asked_because(comment: Comment) -> str:
    """Return why a moderator asked for another wording."""
    asked = comment.decisions.standing().filter(kind=Decision.Kind.ASK_EDIT)
    return asked.values_list("reason", flat=True).first() or ""


def address_for_writer(comment: Comment) -> str:
    """Return where the writer sees a comment: its own address leads on while all may read it."""
    top = comment.root or comment
    if not comment.is_held or comment.hidden_at or (comment.root_id and not top.is_shown):
        return comment.get_absolute_url()
    if top is comment:
        address = f"{comment.article.get_absolute_url()}#"
    else:
        address = address_in_discussion(top)
    return f"{address.partition('#')[0]}#comment-{comment.pk}"
