"""The page on which a reviewer with an account reads a revision and signs it.

It shows what changed since they last signed, and all of it when asked. What is signed is the
revision that the page showed, be it the newest no more.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles.models import Article, Contributor, Review, Revision, SignOffLink
from articles.notes import asked_of_authors, open_notes
from articles.sign_off_changes import Shown, shown_to
from articles.sign_off_forms import VerdictForm
from articles.signing import own_positions, sign

REVIEW = "articles.add_review"


@require_http_methods(["GET", "HEAD", "POST"])
def review(
    request: HttpRequest, pk: int, number: int = 0, *, model_admin: ModelAdmin[Article]
) -> HttpResponse:
    """Show a revision, the newest unless one is named, and take a verdict on it."""
    if not request.user.has_perm(REVIEW):
        raise PermissionDenied
    article = get_object_or_404(Article, pk=pk)
    newest = article.newest_revision
    if newest is None:
        raise Http404(_("Nothing is written here yet."))
    if request.method == "POST" and not number:
        return redirect("admin:articles_article_review", pk)  # which words were meant, nobody knows
    revision = get_object_or_404(article.revisions, number=number) if number else newest
    revision.article = article
    contributor = Contributor.objects.filter(user=request.user.pk).first()
    if contributor is None:
        return _page(request, model_admin, revision, newest, status=200)
    shown = shown_to(contributor, revision, own_positions(revision, contributor))
    form = _form(request, revision, contributor, shown)
    if form.is_bound and form.is_valid() and _signed(request, revision, contributor, form):
        model_admin.log_change(request, article, f"Reviewed revision {revision.number}")
        return redirect("admin:articles_article_review_revision", pk, revision.number)
    status = 400 if form.is_bound else 200
    more = {"contributor": contributor, "shown": shown, "form": form, "to_read": shown.to_read(())}
    return _page(request, model_admin, revision, newest, status=status, **more)


def _form(
    request: HttpRequest, revision: Revision, contributor: Contributor, shown: Shown
) -> VerdictForm:
    """Return the form that a personal link has too: of one that was never sent."""
    link = SignOffLink(revision=revision, contributor=contributor)
    return VerdictForm(link, shown, request.POST if request.method == "POST" else None)


def _signed(
    request: HttpRequest, revision: Revision, contributor: Contributor, form: VerdictForm
) -> bool:
    """Sign what was chosen, once; put into the form what stands against it."""
    user: Any = request.user
    try:
        with transaction.atomic():
            revision.article.lock()
            if _is_signed_already(revision, contributor, form):
                messages.info(request, _("You have signed this already: it is there once."))
                return True
            sign(revision, contributor, identity=Review.Identity.ACCOUNT, by=user, **form.verdict)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Your review of revision %d is noted.") % revision.number)
    return True


def _is_signed_already(revision: Revision, contributor: Contributor, form: VerdictForm) -> bool:
    """Tell whether their last word on this revision is the same: a form that was sent twice."""
    theirs = Review.objects.filter(revision=revision, contributor=contributor)
    last = theirs.order_by("-signed_at", "-pk").first()
    if not last or last.taken_back_at or last.disputed_at:
        return False
    said = dict(form.verdict)
    covered = set(last.reviewed_sections.values_list("section__position", flat=True))
    return covered == set(said.pop("positions")) and all(
        getattr(last, name) == value for name, value in said.items()
    )


def _page(
    request: HttpRequest,
    model_admin: ModelAdmin[Article],
    revision: Revision,
    newest: Revision,
    *,
    status: int,
    **more: Any,
) -> HttpResponse:
    article, user = revision.article, request.user
    mine = Review.objects.filter(revision__article=article, contributor__user=user.pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Clinical review"),
        "opts": Article._meta,
        "article": article,
        "revision": revision,
        "newest": newest,
        "show_all": "all" in request.GET,
        "citations": revision.citations.select_related("source"),
        "mine": mine.select_related("revision").order_by("-signed_at", "-pk"),
        "asked_changes": asked_of_authors(article),
        "open_notes": open_notes(article).count(),
        "may_change_contributor": user.has_perm("articles.change_contributor"),
        **more,
    }
    return render(request, "admin/articles/article/review.html", context, status=status)
