"""Names that a member does not want to read: the deed, the list, and the discussion without them.

A page is rendered once and kept for everyone. In what is kept, boundaries say whose each comment
is; they never leave the server. For a member who ignores somebody the same fragments are put
together with a quiet line in place of theirs; for all others the boundaries are taken out.
"""

import re

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.views import MemberRequest
from comments import unfinished
from comments.forms import as_id
from comments.models import Comment, Ignored
from comments.models.ignored import why_not_ignored
from comments.threads import address_in_discussion
from comments.views import comment_page, find, gone, shows_and_takes_a_form

NAMES_A_PAGE = 100

ACT, ENDS = SafeString("<!--ignore-->"), SafeString("<!--/voice-->")
BOUNDARY = re.compile(r"<!--(?:voice \d+ \d+|/voice|ignore)-->")
OF_A_VOICE = re.compile(r"<!--voice (\d+) (\d+)-->(.*?)<!--/voice-->", re.DOTALL)
FRAGMENT = "<!--fragment-->"


# --- the deed -------------------------------------------------------------------------------------


@shows_and_takes_a_form
@login_required
def comment_ignore(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what ignoring the name on a comment does, and do it."""
    comment = find(pk)
    if not comment.is_visible:
        return gone(request, comment)
    problem = _why_not_by_name(comment) or why_not_ignored(comment.voice, request.user)
    if problem or request.method != "POST":
        status = 400 if request.method == "POST" else 200
        return comment_page(request, "ignore", comment, problem=problem, status=status)
    Ignored.objects.add(request.user, comment.voice)
    return redirect(address_in_discussion(comment))


@shows_and_takes_a_form
@login_required
def comment_unignore(request: MemberRequest, pk: int) -> HttpResponse:
    comment = find(pk)
    if not comment.is_visible:
        return gone(request, comment)
    if _why_not_by_name(comment):  # the page would tell it
        return redirect(address_in_discussion(comment))
    if request.method != "POST":
        return comment_page(request, "unignore", comment)
    Ignored.objects.by(request.user).filter(voice=comment.voice).delete()
    return redirect(address_in_discussion(comment))


@never_cache
@shows_and_takes_a_form
@login_required
def ignored_names(request: MemberRequest) -> HttpResponse:
    """List whom the member ignores; each can be read again from here."""
    ignored = Ignored.objects.by(request.user)
    if request.method == "POST":
        ignored.filter(pk=as_id(request.POST.get("stop")) or 0).delete()
        return redirect("account_ignored")
    page = Paginator(ignored.for_list(), NAMES_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "comments/ignored.html", {"page": page})


# --- the discussion -------------------------------------------------------------------------------


def boundary_before(comment: Comment) -> str:
    """Return what stands before a comment in a page that is kept for all.

    "" for a quiet line; for a comment over a hidden name, which a folded line would tell; and for a
    reply with a role: a correction is for those who read what it corrects, whoever wrote it.
    """
    if not comment.is_visible or not comment.voice.name or _why_not_by_name(comment):
        return ""
    return format_html("<!--voice {} {}-->", comment.voice_id, comment.pk)


def _why_not_by_name(comment: Comment) -> str:
    """Say in one sentence why nobody can ignore the name on this comment; "" when they can."""
    if comment.role:
        return _("Replies by the staff cannot be ignored.")
    return _("The name on this comment is hidden.") if comment.name_hidden_at else ""


def boundary_after(comment: Comment) -> str:
    return ENDS if boundary_before(comment) else ""


def finish_page(request: HttpRequest, html: str) -> str:
    """Return a kept page as this visitor gets it; the personal marks in it are filled already."""
    if "<!--voice " not in html:
        return html
    if unfinished.has_session(request) and request.user.is_authenticated:
        html = _for_member(request, html)
    return BOUNDARY.sub("", html)


def _for_member(request: HttpRequest, html: str) -> str:
    """Fold the comments of ignored names away, and offer to ignore the others but oneself."""
    ignored = _ignored_in(request, html)
    own: set[int] = getattr(request, "own_voices", set())

    def seen(found: re.Match[str]) -> str:
        voice, comment, fragment = int(found[1]), found[2], found[3]
        if voice in ignored:
            return _folded(comment, ignored[voice], fragment)
        if voice in own:
            return fragment
        return fragment.replace(ACT, render_to_string("comments/_ignore.html", {"pk": comment}))

    return OF_A_VOICE.sub(seen, html)


def _ignored_in(request: HttpRequest, html: str) -> dict[int, str]:
    """Return the names that the member ignores of those on the page, by voice: at most one query.

    Filling the account corner has told whether they ignore anybody at all (comments/unfinished.py).
    """
    if not getattr(request, "ignores_somebody", False):
        return {}
    here = {int(voice) for voice, _comment, _fragment in OF_A_VOICE.findall(html)}
    rows = Ignored.objects.by(request.user).filter(voice__in=here)
    return dict(rows.values_list("voice", "voice__name"))


def _folded(comment: str, name: str, fragment: str) -> str:
    """Return a quiet line that holds the comment: shown on demand, without another request.

    It takes over the comment's anchor, or a browser would unfold it for whoever comes by a link.
    """
    line = render_to_string("comments/_ignored.html", {"pk": comment, "name": name})
    return line.replace(FRAGMENT, fragment.replace(f' id="comment-{comment}"', "", 1))
