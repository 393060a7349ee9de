"""Articles on the desk: the list, the page on which one is written, and what may be done to it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_guard import GuardedAdmin
from articles import previews
from articles.admin import article_acts, preview
from articles.admin.article_filters import CategoryFilter, StateFilter, state_of
from articles.admin.image import newest_images
from articles.admin.preview import modules
from articles.advice import advice
from articles.forms import ArticleForm
from articles.models import Article, Revision

PUBLISH = "articles.publish_article"


@admin.register(Article)
class ArticleAdmin(GuardedAdmin[Article]):
    """Saving makes the next revision; publishing points readers at one. Nothing is overwritten."""

    form = ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    list_display = ("title", "state", "numbers", "category", "language", "updated")
    list_filter = (StateFilter, CategoryFilter, "language", "risk_class", "featured")
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

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.may_publish = request.user.has_perm(PUBLISH)
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
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool
    ) -> None:
        if not change or any(name in form.changed_data for name in form.Meta.fields):
            super().save_model(request, obj, form, change)
        if not form.facts_are_fixed:
            obj.set_authors(form.authors.contributors())
        before = form.newest
        revision = obj.revise(
            title=form.cleaned_data["title"],
            summary=form.cleaned_data["summary"],
            text=form.cleaned_data["text"],
            citations=form.citations.citations(),
            by=request.user,
            note=form.cleaned_data["note"],
        )
        if form.deed == "unpublish":
            obj.unpublish()
        elif form.deed in {"publish", "schedule"}:
            obj.publish(
                revision, at=form.cleaned_data["publish_at"] if form.deed == "schedule" else None
            )
        self._tell(request, obj, revision, form.deed, is_new=revision != before)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Do nothing: `save_model` has saved authors and citations with the words."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Log the deed as well: the log is what says who published."""
        changes = super().construct_change_message(request, form, formsets, add)
        number = form.instance.newest_revision.number
        return [*changes, {"changed": {"name": form.deed, "object": str(number), "fields": []}}]

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[obj.pk]))

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[obj.pk]))

    def _tell(
        self, request: HttpRequest, article: Article, revision: Revision, deed: str, *, is_new: bool
    ) -> None:
        """Say what came of it, and what should be looked at again."""
        if is_new:
            said = gettext("Saved as revision %(number)d.") % {"number": revision.number}
        else:
            said = gettext("The words are the same as before: no new revision was made.")
        if deed == "schedule":
            at = date_format(timezone.localtime(article.published_at), "j F Y, H:i")
            said = f"{said} {_('It will be published on %(when)s.') % {'when': at}}"
        elif deed != "draft":
            done = {
                "publish": gettext("Readers see it now."),
                "unpublish": gettext("Readers no longer see it."),
            }
            said = f"{said} {done[deed]}"
        self.message_user(request, said, messages.SUCCESS)
        for sentence in advice(article, revision):
            self.message_user(request, sentence, messages.WARNING)

    # --- what else is to be had under an article's address ----------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("preview/", wrap(preview.preview), name="articles_preview"),
            path(
                "<int:pk>/withdraw/",
                wrap(article_acts.withdraw),
                {"model_admin": self},
                name="articles_article_withdraw",
            ),
            path(
                "<int:pk>/restore/<int:number>/",
                wrap(article_acts.restore),
                {"model_admin": self},
                name="articles_article_restore",
            ),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = article_acts.history_context(request, object_id)
        return super().history_view(request, object_id, {**(extra_context or {}), **context})

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False  # what readers saw stays on record: it is unpublished or withdrawn
