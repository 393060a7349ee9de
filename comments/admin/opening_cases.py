"""The button by which a moderator opens a case on a comment that nobody has reported."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from comments.admin import desk_rights
from comments.admin.case_views import button, staff
from comments.models import Comment
from comments.moderation.deciding import CannotDecide
from comments.moderation.opening import open_case


@button
def open_about(request: HttpRequest, comment: int) -> HttpResponse:
    """Open a case, unless one waits already, and lead to it."""
    if not desk_rights.may(request.user, "remove"):
        raise PermissionDenied
    about = get_object_or_404(Comment, pk=comment)
    try:
        opened = open_case(about, by=staff(request))
    except CannotDecide as problem:
        messages.error(request, str(problem))
        return redirect("admin:comments_comment_change", comment)
    return redirect("admin:comments_case_change", opened.pk)
