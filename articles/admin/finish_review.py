"""The page on which a review of an article is finished, by ticking what was done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from articles.claims import claims_of
from articles.models import Article, ReviewRound, Source
from articles.models.due import months_between
from articles.publishing import PUBLISH
from articles.records import WordsField
from articles.review_effort import minutes_in_words, minutes_of
from articles.review_rounds import CHECKS, Outcome, finish, last_round, may_finish
from articles.trust import summary_of

LABELS = {
    "sources_rechecked": _("I rechecked each source: it says what the text says."),
    "links_checked": _("I opened the links."),
    "comments_read": _("I read the comments under the article since the last review."),
    "says_benefits_and_harms": _("It says the benefits and the harms of each option."),
    "says_without_treatment": _("It says what happens without treatment."),
    "says_when_to_seek_help": _("It says when to seek help."),
}
OUTCOMES = (
    (Outcome.UNCHANGED, _("Unchanged: what readers see still holds")),
    (Outcome.UPDATED, _("Updated: the text was changed, and is published")),
    (Outcome.WITHDRAW, _("To be withdrawn: go on to the page where that is done")),
)


class FinishForm(forms.Form):
    """What was done; `review_rounds.finish` decides whether that is enough."""

    evidence_searched_on = forms.DateField(
        label=_("Evidence searched on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    evidence_searched_in = WordsField(
        label=_("Evidence searched in"),
        required=False,
        max_length=500,
        help_text=_("Guidelines and databases, with the words searched for. Readers see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, widget=forms.RadioSelect)
    note = WordsField(
        label=_("Note"),
        required=False,
        max_length=2_000,
        help_text=_("For those who review it next; readers do not see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        today = timezone.localdate().isoformat()
        self.fields["evidence_searched_on"].widget.attrs["max"] = today
        for name in CHECKS:
            self.fields[name] = forms.BooleanField(label=LABELS[name], required=False)
        searched = ("evidence_searched_on", "evidence_searched_in")
        self.order_fields([*searched, *CHECKS, "outcome", "note"])

    @property
    def done(self) -> dict[str, Any]:
        """Return what `review_rounds.finish` takes."""
        told = dict(self.cleaned_data)
        return {"checks": {name: told.pop(name) for name in CHECKS}, **told}


@require_http_methods(["GET", "HEAD", "POST"])
def finish_review(
    request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Article]
) -> HttpResponse:
    """Show what to go through, and finish the review of what readers see."""
    if not may_finish(request.user):
        raise PermissionDenied
    article = get_object_or_404(Article.objects.select_related("live"), pk=pk)
    if not article.is_published:
        messages.error(request, _("Only what readers see is reviewed again."))
        return redirect("admin:articles_article_change", pk)
    form = FinishForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _finished(request, article, form):
        outcome = form.cleaned_data["outcome"]
        model_admin.log_change(request, article, f"Review finished: {outcome}")
        if outcome == Outcome.WITHDRAW and request.user.has_perm(PUBLISH):
            return redirect("admin:articles_article_withdraw", pk)
        return redirect("admin:articles_reviewround_changelist")
    status = 400 if form.is_bound else 200
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Finish a review"),
        "opts": Article._meta,
        "form": form,
        **_to_look_at(article),
    }
    return render(request, "admin/articles/article/finish_review.html", context, status=status)


def _finished(request: HttpRequest, article: Article, form: FinishForm) -> bool:
    """Finish the review of the revision that the page showed; say on it what stands against it."""
    assert article.live
    if request.POST.get("revision") != str(article.live.number):
        form.add_error(None, _("The article was changed while you had this open: look again."))
        return False
    shown = request.POST.get("after", "")
    after = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 19 else 0
    try:
        finish(article, by=request.user, after=after, **form.done)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    if form.cleaned_data["outcome"] == Outcome.WITHDRAW:
        messages.info(request, _("It is noted. Say now why the article is withdrawn."))
    else:
        day = date_format(article.next_due) if article.next_due else ""
        said = _("The review is finished. The next one is due on %(day)s.")
        messages.success(request, said % {"day": day})
    return True


def _to_look_at(article: Article) -> dict[str, Any]:
    """Return what whoever reviews wants to have before them."""
    revision = article.live
    assert revision
    revision.article = article
    sources = [row.source for row in revision.citations.select_related("source")]
    rounds = ReviewRound.objects.filter(article=article).select_related("finished_by")
    sections = revision.sections.count()
    return {
        "article": article,
        "revision": revision,
        "newest": article.newest_revision,
        "months": months_between(article),
        "after": last_round(article),
        "last": rounds.order_by("-finished_at", "-pk").first(),
        "claims": summary_of(claims_of(revision)),
        "sources": len(sources),
        "changed_sources": sum(one.status != Source.Status.CURRENT for one in sources),
        "effort": minutes_in_words(minutes_of(revision.words, sections)),
    }
