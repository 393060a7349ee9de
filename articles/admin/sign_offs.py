"""Asking somebody without an account to sign: the form, and what came of each link."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from articles import sign_off_links
from articles.models import Article, Contributor, Revision, SignOffLink
from articles.records import WordsField

ASK = "articles.add_signofflink"


class AskForm(forms.Form):
    """Whom to ask, where, and about which sections of one revision."""

    contributor = forms.ModelChoiceField(
        Contributor.objects.filter(unnamed_at=None),
        label=_("Whom do you ask?"),
        help_text=_("Not in the list? Add them as a contributor first, with their profession."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("The link and its code go there. Empty: the address on record for them."),
    )
    positions = forms.TypedMultipleChoiceField(
        label=_("Sections"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all of them, or what changed since they last signed."),
        error_messages={"invalid_choice": _("Choose sections of this revision.")},
    )
    message = WordsField(
        label=_("Message"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It stands in the mail, and above the text."),
    )
    # The revision that the page showed: a newer one may have other sections.
    number = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, revision: Revision, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial={**(initial or {}), "number": revision.number})
        self.revision = revision
        self.fields["positions"].choices = [  # type: ignore[attr-defined]
            (section.position, section.heading or _("Title, summary and beginning"))
            for section in revision.sections.all()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("number") != self.revision.number:
            raise ValidationError(
                _("Somebody wrote a newer revision meanwhile. Look at it, and send the form again.")
            )
        if not cleaned.get("email") and (contributor := cleaned.get("contributor")):
            cleaned["email"] = contributor.email
            if not contributor.email and "email" not in self.errors:
                self.add_error("email", _("No address is on record for them: give one."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Article]) -> HttpResponse:
    """Show the form and the links of this article; a POST mails one."""
    article = _article(request, pk)
    revision = article.newest_revision
    if revision is None:
        raise Http404(_("Nothing is written here yet."))
    revision.article = article
    form = AskForm(revision, request.POST if request.method == "POST" else None, _named(request))
    if form.is_bound and form.is_valid() and _asked(request, article, form):
        model_admin.log_change(request, article, f"Asked for a review of {revision.number}")
        return redirect("admin:articles_article_ask", pk)
    if form.is_bound:  # of the revision that is shown now
        form.data = request.POST.copy()
        form.data["number"] = str(revision.number)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Ask somebody to sign"),
        "opts": Article._meta,
        "article": article,
        "revision": revision,
        "form": form,
        "links": _links(article),
    }
    status = 400 if form.errors else 200
    return render(request, "admin/articles/article/ask.html", context, status=status)


@require_POST
def revoke(
    request: HttpRequest, pk: int, link: int, *, model_admin: ModelAdmin[Article]
) -> HttpResponse:
    """Let a link do nothing any more."""
    found = get_object_or_404(_links(_article(request, pk)), pk=link)
    if sign_off_links.revoke(found, by=_staff(request)):
        messages.success(request, _("The link is taken back: nobody can sign by it."))
    else:
        messages.info(request, _("This link had ended already."))
    return redirect("admin:articles_article_ask", pk)


@require_POST
def send_again(
    request: HttpRequest, pk: int, link: int, *, model_admin: ModelAdmin[Article]
) -> HttpResponse:
    """Mail a new link for the same; the old one ends, for nobody knows it any more."""
    found = get_object_or_404(_links(_article(request, pk)), pk=link)
    try:
        sign_off_links.invite(
            found.revision,
            found.contributor,
            email=found.email,
            message=found.message,
            asked_positions=found.asked_positions,
            by=_staff(request),
        )
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("A new link is on its way; the old one has ended."))
    return redirect("admin:articles_article_ask", pk)


def _asked(request: HttpRequest, article: Article, form: AskForm) -> bool:
    told = form.cleaned_data
    try:
        sign_off_links.invite(
            form.revision,
            told["contributor"],
            email=told["email"],
            message=told["message"],
            asked_positions=told["positions"],
            by=_staff(request),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The link is on its way. It is good for 14 days, and once."))
    return True


def _article(request: HttpRequest, pk: int) -> Article:
    if not request.user.has_perm(ASK):
        raise PermissionDenied
    return get_object_or_404(Article, pk=pk)


def _named(request: HttpRequest) -> dict[str, Any]:
    """Return what stands in the form when `?contributor=` says who is asked."""
    asked = request.GET.get("contributor", "")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 18:
        return {}
    contributor = Contributor.objects.filter(pk=asked).first()
    return {"contributor": contributor.pk, "email": contributor.email} if contributor else {}


def _links(article: Article) -> Any:
    found = SignOffLink.objects.filter(revision__article=article)
    return found.select_related("revision", "contributor", "created_by", "review")


def _staff(request: HttpRequest) -> Any:
    return request.user
