"""What happens when the form of an article is saved: its words first, then what was asked for.

The words are kept whatever becomes of the rest: what is refused is said above the form.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.advice import advice
from articles.forms import FACTS, ArticleForm
from articles.models import Article, Revision
from articles.publishing import needs_signing
from articles.signing import mark_minor

RISK = "risk_class"


@dataclass
class Saved:
    """What came of saving: the revision, whether it is new, and what was refused."""

    revision: Revision
    is_new: bool
    deed: str  # what was done beside saving; "draft" where it was refused
    refused: list[str] = field(default_factory=list)


def save(request: HttpRequest, article: Article, form: ArticleForm) -> Saved:
    """Write the words of a valid form, then do what its button says."""
    user: Any = request.user
    if not form.facts_are_fixed:
        article.set_authors(form.authors.contributors(), by=user)
    revision = article.revise(
        title=form.cleaned_data["title"],
        summary=form.cleaned_data["summary"],
        text=form.cleaned_data["text"],
        citations=form.citations.citations(),
        by=user,
        note=form.cleaned_data["note"],
    )
    saved = Saved(revision, revision != form.newest, form.deed)
    if saved.is_new and form.newest and form.cleaned_data.get("is_minor"):
        saved.refused += _refusals(lambda: mark_minor(revision, form.newest, by=user))
    if refusals := _refusals(lambda: _carry_out(article, revision, form, user)):
        saved.deed, saved.refused = "draft", [*saved.refused, *refusals]
    return saved


def record_facts(article: Article, form: ArticleForm, by: Any) -> None:
    """Write down which facts about a saved article somebody changed."""
    changed = [name for name in FACTS if name in form.changed_data]
    if RISK in changed:
        article.record("article.risk_class_changed", by=by, fields=[RISK])
    if others := [name for name in changed if name != RISK]:
        article.record("article.facts_changed", by=by, fields=others)


def tell(request: HttpRequest, article: Article, saved: Saved) -> None:
    """Say what came of it, and what should be looked at again."""
    if saved.is_new:
        said = gettext("Saved as revision %(number)d.") % {"number": saved.revision.number}
    else:
        said = gettext("The words are the same as before: no new revision was made.")
    messages.success(request, f"{said} {_done(article, saved)}".strip())
    for sentence in saved.refused:
        messages.error(request, sentence)
    for sentence in advice(article, saved.revision):
        messages.warning(request, sentence)


def _carry_out(article: Article, revision: Revision, form: ArticleForm, user: Any) -> None:
    if form.deed == "unpublish":
        article.unpublish(by=user)
    elif form.deed == "publish":
        article.publish(revision, by=user)
    elif form.deed == "schedule":
        article.publish(revision, at=form.cleaned_data["publish_at"], by=user)


def _refusals(deed: Any) -> list[str]:
    """Do `deed`, or nothing of it; return why it was refused."""
    try:
        with transaction.atomic():
            deed()
    except ValidationError as error:
        return error.messages
    return []


def _done(article: Article, saved: Saved) -> str:
    if saved.deed == "schedule":
        at = date_format(timezone.localtime(article.published_at), "j F Y, H:i")
        said = gettext("It will be published on %(when)s.") % {"when": at}
        if needs_signing(saved.revision):
            unless = gettext("If a review is taken back before then, it stays a draft.")
            said = f"{said} {unless}"
        return said
    done = {
        "publish": _("Readers see it now."),
        "unpublish": _("Readers no longer see it."),
    }
    return str(done.get(saved.deed, ""))
