"""A safety edit: the words are out at once, with an entry that says what to do now.

It needs no clinical review first and no second person; the page says what is pending.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles.differences import word_differences
from articles.models import Article, Revision, Section
from articles.publishing import PUBLISH, name_of
from articles.records import WordsField
from articles.safety import publish_safety_edit, why_no_safety_edit


def _words(label: Any, help_text: Any = "", *, required: bool = True) -> WordsField:
    return WordsField(
        label=label,
        max_length=2_000,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SafetyForm(forms.Form):
    """What readers are told: the fields of a correction (articles/models/correction.py)."""

    before = _words(_("What it said"), _("In plain words."))
    after = _words(_("What is right"), _("In plain words."))
    to_do = _words(
        _("What to do now"), _("For a reader who acted on what it said: it stands above the text.")
    )
    why = _words(_("Why"), required=False)
    section = forms.ChoiceField(label=_("Section"), required=False)
    noticed_by = WordsField(
        label=_("Who noticed"),
        max_length=200,
        required=False,
        help_text=_("As readers shall see it; ask them first."),
    )

    def __init__(self, sections: list[Section], data: Any = None) -> None:
        super().__init__(data)
        self.sections = {str(section.position): section for section in sections}
        named = [(position, name_of(section)) for position, section in self.sections.items()]
        self.fields["section"].choices = [("", _("The article as a whole")), *named]  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, Any]:
        """Return the fields of the correction."""
        told = dict(self.cleaned_data)
        section = self.sections.get(told.pop("section"))
        place = {"anchor": section.anchor, "heading": section.heading} if section else {}
        return told | place


@require_http_methods(["GET", "HEAD", "POST"])
def safety_edit(request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Article]) -> HttpResponse:
    """Show what the newest revision changes, ask for the entry, and publish both."""
    user: Any = request.user
    if not user.has_perm(PUBLISH):
        raise PermissionDenied
    article = get_object_or_404(Article.objects.select_related("live"), pk=pk)
    newest = article.newest_revision
    if problem := why_no_safety_edit(article, newest):
        messages.error(request, problem)
        return redirect("admin:articles_article_change", pk)
    assert newest
    assert article.live
    form = SafetyForm(
        list(newest.sections.all()), request.POST if request.method == "POST" else None
    )
    if form.is_valid() and _published(request, article, newest, form):
        model_admin.log_change(request, article, f"Safety edit: revision {newest.number}")
        messages.success(
            request,
            _("Readers see the safety edit now. A second person has yet to confirm the entry."),
        )
        return redirect("admin:articles_article_change", pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Publish as a safety edit"),
        "opts": Article._meta,
        "article": article,
        "newest": newest,
        "pieces": word_differences(article.live, newest),
        "form": form,
    }
    status = 400 if form.is_bound else 200
    return render(request, "admin/articles/article/safety.html", context, status=status)


def _published(
    request: HttpRequest, article: Article, revision: Revision, form: SafetyForm
) -> bool:
    """Publish the revision that the page showed; put into the form what stands against it."""
    user: Any = request.user
    if request.POST.get("revision") != str(revision.number):
        form.add_error(None, _("The article was changed while you had this open: look again."))
        return False
    try:
        publish_safety_edit(article, revision, by=user, **form.words)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True
