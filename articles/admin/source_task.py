"""Cited works that were retracted or corrected: is it this work, and what becomes of the text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.read_only_admin import ReadOnlyAdmin
from articles import source_tasks
from articles.models import SourceTask
from articles.models.source_task import UNANSWERED
from articles.records import WordsField

DECIDE = "articles.change_sourcetask"
PAGE_SIZE = 50
STATES = {
    "to_confirm": _("To confirm"),
    "to_deal_with": _("To deal with"),
    "done": _("Done"),
}


@dataclass(frozen=True)
class Deed:
    do: Callable[..., None]
    done: str | Promise
    keeps: str  # under what name the deed takes the words that came with it


DEEDS = {
    "confirm": Deed(
        source_tasks.confirm, _("It is noted, and readers are told at each section."), ""
    ),
    "dismiss": Deed(source_tasks.dismiss, _("It is noted that this is another work."), "reason"),
    "resolve": Deed(source_tasks.resolve, _("The section is dealt with."), "note"),
    "reconsider": Deed(source_tasks.reconsider, _("The answer is taken back."), "reason"),
}


class WordsForm(forms.Form):
    words = WordsField(required=False, max_length=500)


@dataclass(frozen=True)
class Match:
    """A notice about a source, and the sections that rest on it."""

    first: SourceTask
    tasks: list[SourceTask]

    @property
    def notice_url(self) -> str:
        """Return where the notice itself can be read, where it has a DOI or a PubMed number."""
        number = self.first.notice
        if number.startswith("10."):
            return f"https://doi.org/{quote(number)}"
        pubmed = number.removeprefix("PubMed ")
        return f"https://pubmed.ncbi.nlm.nih.gov/{pubmed}/" if pubmed.isdigit() else ""


@admin.register(SourceTask)
class SourceTaskAdmin(ReadOnlyAdmin[SourceTask]):
    """The list is the queue: each notice with what it says, and the sections that cite the work."""

    actions = None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.decide))
        return [
            path("<int:pk>/decide/", view, name="articles_sourcetask_decide"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.page(request, request.GET.get("state", ""))

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        """Lead to the list: there stands what there is to see."""
        return redirect("admin:articles_sourcetask_changelist")

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(DECIDE):
            raise PermissionDenied
        task = get_object_or_404(SourceTask, pk=pk)
        state = request.POST.get("state", "")
        deed = DEEDS.get(request.POST.get("deed", ""))
        form = WordsForm(request.POST)
        if deed is None:
            messages.error(request, _("Say what shall be done."))
        elif not form.is_valid():
            messages.error(request, str(form.errors["words"][0]))
            return self.page(request, state, refused=pk, words=request.POST["words"])
        else:
            words = {deed.keeps: form.cleaned_data["words"]} if deed.keeps else {}
            try:
                deed.do(task, by=request.user, **words)
            except ValidationError as error:
                messages.error(request, error.messages[0])
            else:
                messages.success(request, str(deed.done))
        state = state if state in STATES else "to_confirm"
        query = {"state": state}
        return redirect(reverse("admin:articles_sourcetask_changelist", query=query))

    def page(
        self, request: HttpRequest, state: str, *, refused: int = 0, words: str = ""
    ) -> HttpResponse:
        """Show the tasks of a state; what was typed and refused stands where it was typed."""
        state = state if state in STATES else "to_confirm"
        page = Paginator(tasks_of(state), PAGE_SIZE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name_plural,
            "opts": self.opts,
            "page": page,
            "matches": matches_of(page),
            "state": state,
            "states": [(key, name, tasks_of(key).count()) for key, name in STATES.items()],
            "may_decide": request.user.has_perm(DECIDE),
            "hours": int(UNANSWERED.total_seconds() // 3_600),
            "refused": refused,
            "words": words,
        }
        status = 400 if refused else 200
        return render(request, "admin/articles/sourcetask/queue.html", context, status=status)


def tasks_of(state: str) -> QuerySet[SourceTask]:
    """Return the tasks of a state, the oldest first; those that are done the newest first."""
    unread = ("article__live__text", "article__live__plain_text", "article__live__section_html")
    tasks = SourceTask.objects.select_related("source", "article__live", "decided_by").defer(
        *unread
    )
    if state == "to_confirm":
        return tasks.waiting()
    if state == "to_deal_with":
        return tasks.open().exclude(confirmed_at=None)
    return tasks.exclude(pk__in=SourceTask.objects.open().values("pk")).order_by("-found_at", "-pk")


def matches_of(tasks: Iterable[SourceTask]) -> list[Match]:
    found: dict[tuple[Any, ...], Match] = {}
    for task in tasks:
        key = (task.source_id, task.status, task.notice)
        found.setdefault(key, Match(task, [])).tasks.append(task)
    return list(found.values())
