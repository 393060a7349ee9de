"""Clinical reviews as they were signed: a list and a page of each; nobody types into them."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.read_only_admin import ReadOnlyAdmin
from articles.models import Review
from articles.publishing import name_of
from articles.sign_off_forms import TakeBackForm
from articles.sign_off_mail import tell_editors


class StandingFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return [
            ("standing", _("stands")),
            ("taken_back", _("taken back")),
            ("disputed", _("disputed")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        conditions = {
            "standing": Q(taken_back_at=None, disputed_at=None),
            "taken_back": Q(taken_back_at__isnull=False),
            "disputed": Q(disputed_at__isnull=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin[Review]):
    list_display = ("signed_at", "article", "number", "shown_name", "outcome", "state")
    list_filter = (StandingFilter, "outcome", "identity")
    list_per_page = 50
    search_fields = ("name", "revision__title", "revision__article__slug")
    search_help_text = _("A name, or a word of the title")
    show_full_result_count = False
    actions = None
    fields = (
        *("article", "number", "outcome", "sections", "covers_whole", "scope", "message"),
        *("name", "name_held", "profession", "credentials", "register_url", "interests"),
        *("identity", "signed_at", "state", "taken_back_reason"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        rows = super().get_queryset(request).select_related("revision__article", "contributor")
        return rows.defer(*(f"revision__{name}" for name in ("text", "plain_text", "section_html")))

    @admin.display(description=_("article"))
    def article(self, review: Review) -> SafeString:
        address = reverse("admin:articles_article_change", args=[review.revision.article_id])
        return format_html('<a href="{}">{}</a>', address, review.revision.title)

    @admin.display(description=_("revision"))
    def number(self, review: Review) -> int:
        return review.revision.number

    @admin.display(description=_("reviewer"))
    def shown_name(self, review: Review) -> str:
        return review.shown_name

    @admin.display(description=_("state"))
    def state(self, review: Review) -> str:
        if review.disputed_at:
            return str(_("disputed"))
        if review.taken_back_at:
            return str(_("taken back"))
        return str(_("counts") if review.stands else _("for the authors"))

    @admin.display(description=_("sections"))
    def sections(self, review: Review) -> SafeString:
        rows = review.reviewed_sections.select_related("section").order_by("section__position")
        lines = ((name_of(row.section), row.section.sha256) for row in rows)
        return format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{} <code>{}</code></li>", lines)
        )

    # --- taking it back ---------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.take_back)
        address = path("<int:pk>/take-back/", view, name="articles_review_take_back")
        return [address, *super().get_urls()]

    def take_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let one's own review count no more, after a page that says what follows."""
        review = get_object_or_404(Review.objects.select_related("revision__article"), pk=pk)
        article = review.revision.article
        if review.contributor.user_id != request.user.pk:
            raise PermissionDenied
        form = TakeBackForm(request.POST if request.method == "POST" else None)
        if review.taken_back_at:
            messages.info(request, _("You have taken this review back already."))
            return redirect("admin:articles_article_review", article.pk)
        if form.is_valid():
            with transaction.atomic():
                review.take_back(form.cleaned_data["reason"], by=request.user)
                tell_editors(review)
            messages.success(request, _("Your review is taken back: the page says so from now on."))
            return redirect("admin:articles_article_review", article.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take your review back?"),
            "opts": self.opts,
            "review": review,
            "article": article,
            "form": form,
        }
        return render(request, "admin/articles/review/take_back.html", context)
