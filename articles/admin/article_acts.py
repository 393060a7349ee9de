"""Acts on an article that have a page of their own: withdraw, compare revisions, restore one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles import previews
from articles.differences import word_differences
from articles.models import Article, Revision
from articles.publishing import PUBLISH
from articles.records import RecordField, WordsField, find_article


class WithdrawForm(forms.Form):
    reason = WordsField(
        label=_("Why it is withdrawn"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Readers see it at the article’s address, from now on."),
    )
    replaced_by = RecordField(
        Article,
        find_article,
        label=_("A better article"),
        required=False,
        suggest="articles.article.replaced_by",
        help_text=_("Its slug or its address. Readers are shown the way."),
    )


def withdraw(request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Article]) -> HttpResponse:
    """Ask for a reason, then take the article down for good."""
    article = get_object_or_404(Article, pk=pk)
    if not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    if article.withdrawn_at or not article.live:
        messages.error(request, _("Only an article that was published can be withdrawn, and once."))
        return redirect("admin:articles_article_change", pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _withdrawn(article, form, request.user):
        model_admin.log_change(request, article, f"Withdrawn: {form.cleaned_data['reason']}")
        messages.success(
            request,
            _(
                "The article is withdrawn. Its address says why, and that a second person has yet "
                "to confirm it."
            ),
        )
        return redirect("admin:articles_article_change", pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Withdraw this article?"),
        "opts": Article._meta,
        "article": article,
        "form": form,
    }
    return render(request, "admin/articles/article/withdraw.html", context)


@require_POST
def confirm_withdrawal(
    request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Article]
) -> HttpResponse:
    """Confirm, as a second person, that an article is withdrawn."""
    article = get_object_or_404(Article, pk=pk)
    if not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    try:
        article.confirm_withdrawal(by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        model_admin.log_change(request, article, "Withdrawal confirmed")
        messages.success(request, _("The withdrawal is confirmed."))
    return redirect("admin:articles_article_change", pk)


def history_context(request: HttpRequest, object_id: str) -> dict[str, Any]:
    """Return the revisions of an article, and what differs between the two that were picked."""
    if not object_id.isdigit() or len(object_id) > 18:
        return {}
    article = Article.objects.select_related("live").filter(pk=object_id).first()
    if article is None:
        return {}
    revisions = list(
        article.revisions.select_related("created_by").defer("text", "plain_text", "section_html")
    )
    for revision in revisions:
        revision.article = article  # its slug is in the preview's address
    before, after = _picked(request, article)
    return {
        "article": article,
        "title": _("Revisions"),
        "rows": [(revision, previews.preview_url(revision)) for revision in revisions],
        "before": before,
        "after": after,
        "pieces": word_differences(before, after) if before and after else None,
        "may_restore": request.user.has_perm("articles.change_article"),
    }


@require_POST
def restore(
    request: HttpRequest, pk: int, number: int, *, model_admin: ModelAdmin[Article]
) -> HttpResponse:
    """Copy an old revision as the newest one; readers see it when it is published."""
    if not request.user.has_perm("articles.change_article"):
        raise PermissionDenied
    with transaction.atomic():
        article = get_object_or_404(Article, pk=pk)
        new = article.restore(get_object_or_404(article.revisions, number=number), by=request.user)
        model_admin.log_change(request, article, f"Restored revision {number} as {new.number}")
    said = _("Revision %(old)d is back, as revision %(new)d. Readers see it once it is published.")
    messages.success(request, said % {"old": number, "new": new.number})
    return redirect("admin:articles_article_change", pk)


def _withdrawn(article: Article, form: WithdrawForm, by: Any) -> bool:
    replaced_by = form.cleaned_data["replaced_by"]
    if replaced_by and replaced_by.pk == article.pk:
        form.add_error("replaced_by", _("This is the article that you are withdrawing."))
        return False
    try:
        article.withdraw(reason=form.cleaned_data["reason"], replaced_by=replaced_by, by=by)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _picked(request: HttpRequest, article: Article) -> tuple[Revision | None, Revision | None]:
    """Return the two revisions whose numbers the address names, the older first."""
    asked = (request.GET.get("before", ""), request.GET.get("after", ""))
    if not all(number.isascii() and number.isdigit() and len(number) < 10 for number in asked):
        return None, None
    low, high = sorted(map(int, asked))
    by_number = {
        revision.number: revision for revision in article.revisions.filter(number__in=(low, high))
    }
    return by_number.get(low), by_number.get(high)
