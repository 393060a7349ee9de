"""Publishing a correction: what it said, what is right, and what a reader should do now."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles.admin.safety_edit import SafetyForm
from articles.correcting import CORRECT, correct
from articles.models import Article, Correction, ReaderMessage
from articles.telling_editors import message_of

KINDS = {
    Correction.Kind.CLARIFICATION: _("Clarification: it was right, and could be misunderstood."),
    Correction.Kind.UPDATE: _("Update: it was right, and is no longer."),
    Correction.Kind.CORRECTION: _("Correction: it was wrong. Those who may rely on it are mailed."),
    Correction.Kind.SAFETY: _(
        "Safety: it could do harm. It stands above the text, and those who may rely on it are "
        "mailed."
    ),
}


class CorrectForm(SafetyForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=list(KINDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of correction it is.")},
    )
    field_order = ("kind", "section", "before", "after", "why", "to_do", "noticed_by")

    def __init__(self, article: Article, data: Any = None, initial: Any = None) -> None:
        assert article.live
        super().__init__(list(article.live.sections.all()), data)
        self.initial = initial or {}
        self.fields["to_do"].required = False
        self.fields["to_do"].help_text = _(
            "For a reader who acted on what it said. A safety entry needs it."
        )


@require_http_methods(["GET", "HEAD", "POST"])
def correct_article(
    request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Article]
) -> HttpResponse:
    """Ask for the entry, and publish it: readers see it at once."""
    if not request.user.has_perm(CORRECT):
        raise PermissionDenied
    article = get_object_or_404(Article.objects.select_related("live"), pk=pk)
    if not article.live or not article.published_at:
        messages.error(request, _("Only what was published can be corrected."))
        return redirect("admin:articles_article_change", pk)
    message = message_of(request.GET.get("message"), article)
    form = CorrectForm(
        article,
        request.POST if request.method == "POST" else None,
        initial=prefilled(article, message),
    )
    if form.is_valid() and (entry := published(request, article, form, message)):
        model_admin.log_change(request, article, f"Correction {entry.pk} published")
        messages.success(
            request, _("Readers see the correction now. A second person has yet to confirm it.")
        )
        return redirect("admin:articles_article_change", pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Publish a correction"),
        "opts": Article._meta,
        "article": article,
        "form": form,
        "message": message,
    }
    status = 400 if form.is_bound else 200
    return render(request, "admin/articles/article/correct.html", context, status=status)


def prefilled(article: Article, message: ReaderMessage | None) -> dict[str, Any]:
    """Return where the reader says it is wrong; their words stand beside the form."""
    assert article.live
    if not message or not message.anchor:
        return {}
    place = article.live.sections.filter(anchor=message.anchor).first()
    return {"section": str(place.position) if place else "", "noticed_by": _("A reader")}


def published(
    request: HttpRequest, article: Article, form: CorrectForm, message: ReaderMessage | None
) -> Correction | None:
    """Publish it; put into the form what stands against it."""
    user: Any = request.user
    try:
        return correct(article, by=user, message=message, **form.words)
    except ValidationError as error:
        for name, problems in problems_in(error).items():
            form.add_error(name if name in form.fields else None, problems)
    return None


def problems_in(error: ValidationError) -> dict[str, Any]:
    """Return what stands against it, by field."""
    return error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
