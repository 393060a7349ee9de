"""What articles rest on: found again by title, DOI, PubMed number or address; and if it holds."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_guard import GuardedAdmin
from articles import source_tasks
from articles.admin.source_form import PasteForm, SourceForm
from articles.models import Article, Source
from articles.pasted_references import NotAReference, Pasted, read

FILL = "_fill"  # the button that fills the form from what was pasted


@admin.register(Source)
class SourceAdmin(GuardedAdmin[Source]):
    form = SourceForm
    add_form_template = "admin/articles/source/add_form.html"
    list_display = ("title", "publisher", "published_on", "standing", "cited_by")
    list_filter = ("status",)
    search_fields = ("title", "publisher", "doi", "pmid", "url")
    search_help_text = _("Title, publisher, DOI, PubMed number or address")
    actions = None
    fieldsets = (
        (None, {"fields": ("title", "publisher", "published_on")}),
        (_("Where to read it"), {"fields": ("doi", "pmid", "url")}),
        (
            _("Whether it holds"),
            {"fields": ("status", "status_on", "learned_from", "superseded_by", "notices")},
        ),
        (_("What rests on it"), {"fields": ("articles",)}),
    )
    readonly_fields = ("articles", "notices")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        citing = (
            Article.objects.filter(live__citations__source=OuterRef("pk"))
            .order_by()
            .values("live__citations__source")
            .annotate(count=Count("pk", distinct=True))
            .values("count")
        )
        count = Coalesce(Subquery(citing, output_field=IntegerField()), 0)
        return super().get_queryset(request).annotate(citing=count)

    # --- filling the form -----------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the empty form, save it, or fill it from a reference that was pasted."""
        paste = PasteForm(request.POST if FILL in request.POST else None)
        context = {**(extra_context or {}), "paste": paste}
        if paste.is_bound and self.has_add_permission(request):
            # From here on it is the page of a form that nobody has sent yet.
            request.method = "GET"
            request.GET = request.GET.copy()  # type: ignore[assignment] # a copy can be changed
            request.GET.update(self.filled_from(request, paste))
        return super().add_view(request, form_url, context)

    def filled_from(self, request: HttpRequest, paste: PasteForm) -> dict[str, str]:
        """Return what the form starts with: nothing, where nothing was understood."""
        try:
            found = read(paste.data.get("pasted", ""))
        except NotAReference as why:
            paste.add_error("pasted", why)
            return {}
        self.say(request, found)
        return found.fields

    def say(self, request: HttpRequest, found: Pasted) -> None:
        known = Source.objects.matching(
            doi=found.fields.get("doi"), pmid=found.fields.get("pmid"), url=""
        )
        if known:
            address = reverse("admin:articles_source_change", args=[known.pk])
            said = format_html(
                gettext("This source is on record already: {}."),
                format_html('<a href="{}">{}</a>', address, known),
            )
            messages.warning(request, said)
        if found.records > 1:
            words = ngettext(
                "The form holds the first of %(count)d reference.",
                "The form holds the first of %(count)d references. Paste the others one by one.",
                found.records,
            )
            messages.warning(request, words % {"count": found.records})
        messages.info(request, _("The form is filled. Look it over, and save it."))

    # --- saving ---------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """Save; whoever sets a status by hand has confirmed it, for every section at once."""
        super().save_model(request, obj, form, change)
        if form.is_another_standing and (change or obj.status != Source.Status.CURRENT):
            user: Any = request.user
            source_tasks.set_by_hand(obj, by=user)

    # --- what is shown --------------------------------------------------------------------------

    @admin.display(description=_("status"), ordering="status")
    def standing(self, source: Source) -> str:
        return source.get_status_display()

    @admin.display(description=_("cited by (articles)"), ordering="citing")
    def cited_by(self, source: Any) -> int:
        return int(source.citing)

    @admin.display(description=_("Articles"))
    def articles(self, source: Source | None) -> str | SafeString:
        """Name the articles that cite it now; those that did are in their histories."""
        if source is None or not source.pk:
            return "–"
        citing = Article.objects.filter(live__citations__source=source).select_related("live")
        return links_to(citing.distinct()[:50]) or gettext("No article that readers can see.")

    @admin.display(description=_("Notices"))
    def notices(self, source: Source | None) -> str | SafeString:
        """Lead to the list where notices are confirmed and dealt with."""
        if source is None or not source.pk or not (count := source.tasks.open().count()):
            return gettext("Nothing waits.")
        words = ngettext("%(count)d section to look at", "%(count)d sections to look at", count)
        waits = source.tasks.waiting().exists()
        query = {"state": "to_confirm" if waits else "to_deal_with"}
        address = reverse("admin:articles_sourcetask_changelist", query=query)
        return format_html('<a href="{}">{}</a>', address, words % {"count": count})


def links_to(articles: QuerySet[Article]) -> SafeString:
    """Return a list of links to the pages where these articles are written."""
    items = format_html_join(
        "",
        '<li><a href="{}">{}</a></li>',
        ((reverse("admin:articles_article_change", args=[a.pk]), str(a)) for a in articles),
    )
    return format_html("<ul>{}</ul>", items) if items else items
