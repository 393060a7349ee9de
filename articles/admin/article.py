"""Articles on the desk: the list, the page on which one is written, and what may be done to it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.admin_guard import GuardedAdmin
from articles import previews
from articles.admin import (
    article_acts,
    article_saving,
    correct,
    finish_review,
    notes,
    preview,
    review_page,
    safety_edit,
    sign_offs,
    standing,
)
from articles.admin.article_filters import CategoryFilter, StateFilter, state_of
from articles.admin.image import newest_images
from articles.admin.preview import modules
from articles.forms import FACTS, ArticleForm
from articles.models import Article
from articles.publishing import PUBLISH

MARK = "articles.add_minoredit"


@admin.register(Article)
class ArticleAdmin(GuardedAdmin[Article]):
    """Saving makes the next revision; publishing points readers at one. Nothing is overwritten."""

    form = ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    list_display = ("title", "state", "numbers", "category", "language", "updated")
    list_filter = (
        *(StateFilter, CategoryFilter, "review_state"),
        *("language", "risk_class", "featured"),
    )
    list_per_page = 50
    search_fields = ("newest_title", "live__title", "slug")
    search_help_text = _("A word of the title or of the address")
    actions = None
    fieldsets = (
        (None, {"fields": ("title", "summary", "text")}),
        (_("Where it stands"), {"fields": ("category", "language", "slug", "translation_of")}),
        (_("What readers should know"), {"fields": ("risk_class", "funding", "license")}),
        (_("How it is found"), {"fields": ("synonyms", "featured", "comments_open")}),
        (_("This revision"), {"fields": ("note",)}),
    )

    class Media:
        js = modules("live-preview", "markdown-tools", "record-input", "row-adder")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        articles: QuerySet[Article] = (
            Article.objects.with_newest()
            .select_related("live", "category")
            .defer("live__text", "live__plain_text", "live__contents", "live__section_html")
            .order_by("-newest_at", "-pk")
        )
        return articles

    # --- the list -------------------------------------------------------------------------------

    @admin.display(description=_("title"), ordering="newest_title")
    def title(self, article: Any) -> str:
        return str(article.newest_title or article.slug)

    @admin.display(description=_("state"))
    def state(self, article: Any) -> SafeString:
        state = state_of(article)
        waiting = article.live and article.newest_number > article.live.number
        return format_html(
            '<span class="state" data-state="{}">{}</span>{}',
            state.name.lower(),
            state.label,
            format_html(' <span class="state__more">{}</span>', _("newer draft"))
            if waiting
            else "",
        )

    @admin.display(description=_("live / newest"))
    def numbers(self, article: Any) -> str:
        return f"{article.live.number if article.live else '–'} / {article.newest_number}"

    @admin.display(description=_("last written"), ordering="newest_at")
    def updated(self, article: Any) -> str:
        return date_format(timezone.localtime(article.newest_at), "j M Y")

    # --- for those who may only look --------------------------------------------------------------

    @admin.display(description=_("Summary"))
    def summary(self, article: Article) -> str:
        newest = article.newest_revision
        return newest.summary if newest else ""

    @admin.display(description=_("Text"))
    def text(self, article: Article) -> str:
        newest = article.newest_revision
        return newest.text if newest else ""

    # --- the form -------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Offer to mark a spelling to whoever may, where there is something to correct."""
        *others, (name, _options) = self.fieldsets
        if obj and self.has_change_permission(request, obj) and request.user.has_perm(MARK):
            return [*others, (name, {"fields": ("note", "is_minor")})]
        return self.fieldsets

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.may_publish = request.user.has_perm(PUBLISH)
        form.may_mark_minor = request.user.has_perm(MARK)
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context["original"]
        newest = article.newest_revision if article else None
        context |= {
            "article": article,
            "newest": newest,
            "state": state_of(article) if article else None,
            "is_out": bool(article and article.published_at and not article.withdrawn_at),
            "preview_url": previews.preview_url(newest) if newest else "",
            "may_publish": request.user.has_perm(PUBLISH),
            "images": newest_images(),
            **(standing.context(article, newest, request.user) if article and newest else {}),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool
    ) -> None:
        if not change or any(name in form.changed_data for name in FACTS):
            super().save_model(request, obj, form, change)
        if change:
            article_saving.record_facts(obj, form, by=request.user)
        form.saved = article_saving.save(request, obj, form)
        article_saving.tell(request, obj, form.saved)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Do nothing: `save_model` has saved authors and citations with the words."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Log the deed as well: the log is what says who published."""
        changes = super().construct_change_message(request, form, formsets, add)
        number, deed = form.saved.revision.number, form.saved.deed
        return [*changes, {"changed": {"name": deed, "object": str(number), "fields": []}}]

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return self.response_change(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Stay where one writes; a safety edit goes on to what readers are told of it."""
        is_urgent = "_safety" in request.POST and request.user.has_perm(PUBLISH)
        name = "safety" if is_urgent else "change"
        return HttpResponseRedirect(reverse(f"admin:articles_article_{name}", args=[obj.pk]))

    # --- what else is to be had under an article's address ----------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            wrapped = self.admin_site.admin_view(view)
            given = {"model_admin": self}
            named = f"articles_article_{name}"
            found: URLPattern = path(f"<int:pk>/{address}", wrapped, given, name=named)
            return found

        return [
            path("preview/", self.admin_site.admin_view(preview.preview), name="articles_preview"),
            page("withdraw/", article_acts.withdraw, "withdraw"),
            page("confirm-withdrawal/", article_acts.confirm_withdrawal, "confirm_withdrawal"),
            page("restore/<int:number>/", article_acts.restore, "restore"),
            page("review/", review_page.review, "review"),
            page("review/<int:number>/", review_page.review, "review_revision"),
            page("correct/", correct.correct_article, "correct"),
            page("safety/", safety_edit.safety_edit, "safety"),
            page("finish-review/", finish_review.finish_review, "finish_review"),
            page("notes/", notes.notes, "notes"),
            page("ask/", sign_offs.ask, "ask"),
            page("ask/<int:link>/revoke/", sign_offs.revoke, "ask_revoke"),
            page("ask/<int:link>/again/", sign_offs.send_again, "ask_again"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = article_acts.history_context(request, object_id)
        return super().history_view(request, object_id, {**(extra_context or {}), **context})

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False  # what readers saw stays on record: it is unpublished or withdrawn
