"""The form on which an article is written: its words, its sources, and the facts beside them."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.admin_guard import GuardedForm
from articles.markdown import MAX_BYTES
from articles.models import Article, Category, OldAddress, Revision
from articles.models.article import RESERVED_SLUGS
from articles.models.category import TopicNode, topic_tree
from articles.records import LinesField, RecordField, WordsField, find_article
from articles.row_forms import AuthorRows, CitationRows, citation_initial

# What readers see at once when it is saved: on a page that is out, only who may publish changes it.
FACTS = (
    "slug", "language", "category", "translation_of", "risk_class", "funding", "license",
    "synonyms", "comments_open", "featured",
)  # fmt: skip
FARTHEST = timedelta(days=5 * 365)  # a schedule beyond it is a slip of the finger


class ArticleForm(GuardedForm[Article]):
    # Set for the person by ArticleAdmin.get_form.
    may_publish = False
    may_mark_minor = False
    saved: Any = None  # what came of saving (articles/admin/article_saving.py)

    title = WordsField(label=_("Title"), max_length=200)
    summary = WordsField(
        label=_("Summary"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The answer in two sentences, and how sure we are of it."),
    )
    text = WordsField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "true"}),
    )
    note = WordsField(
        label=_("What changed, and why"),
        max_length=300,
        required=False,
        help_text=_("Readers see it in the article’s history."),
    )
    is_minor = forms.BooleanField(
        label=_("No clinical effect (spelling)"),
        required=False,
        help_text=_(
            "Readers are told that only a spelling changed since the review. One in five is looked "
            "at by a reviewer."
        ),
    )
    category = forms.ModelChoiceField(Category.objects.all(), label=_("Category"))
    language = forms.ChoiceField(label=_("Language"))
    slug = forms.SlugField(
        label=_("Address"),
        required=False,
        max_length=150,
        help_text=_("Left empty, it is made from the title. Old addresses keep leading here."),
    )
    synonyms = LinesField(
        label=_("Other words that readers search for"), required=False, help_text=_("One a line.")
    )
    translation_of = RecordField(
        Article,
        find_article,
        label=_("Translation of"),
        required=False,
        suggest="articles.article.translation_of",
        help_text=_("The slug or the address of the article in the other language."),
    )
    publish_at = forms.DateTimeField(
        label=_("Publish on"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    class Meta:
        model = Article
        fields = FACTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        self.newest: Revision | None = instance.newest_revision if instance else None
        kwargs["initial"] = {**self._words(instance), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._fill_choices()
        if not (self.newest and self.may_mark_minor):
            del self.fields["is_minor"]
        if self.facts_are_fixed:
            for name in self.fields.keys() & set(FACTS):
                self.fields[name].disabled = True

    @cached_property
    def citations(self) -> Any:
        data = self.data if self.is_bound else None
        return CitationRows(data, initial=citation_initial(self.newest), prefix="sources")

    @cached_property
    def authors(self) -> Any:
        data = self.data if self.is_bound and not self.facts_are_fixed else None
        rows = [{"contributor": pk} for pk in self._author_ids]
        return AuthorRows(data, initial=rows, prefix="authors")

    @cached_property
    def facts_are_fixed(self) -> bool:
        """Tell whether readers see this article already and this person may not publish."""
        is_out = self._stored_article is not None and self._stored_article.published_at
        return bool(is_out) and not self.may_publish

    @property
    def deed(self) -> str:
        """Return which button was pressed; saving a draft is what happens without any."""
        deeds = ("publish", "schedule", "unpublish", "safety")
        return next((deed for deed in deeds if f"_{deed}" in self.data), "draft")

    # --- what was sent ------------------------------------------------------------------------

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if (size := len(text.encode())) > MAX_BYTES:
            message = _("This text has %(size)d bytes; at most %(limit)d are allowed.")
            raise forms.ValidationError(message, params={"size": size, "limit": MAX_BYTES})
        return text

    def clean_translation_of(self) -> Article | None:
        original: Article | None = self.cleaned_data["translation_of"]
        if original and original.pk == self.instance.pk:
            raise forms.ValidationError(_("An article is not a translation of itself."))
        return original

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = free_slug(cleaned.get("title", ""))
        for rows, message in (
            (self.citations, _("Something is not right in the list of sources.")),
            (self.authors, _("Something is not right in the list of authors.")),
        ):
            if rows.is_bound and not rows.is_valid():
                self.add_error(None, message)
        self._clean_deed(cleaned)
        return cleaned

    def _clean_deed(self, cleaned: dict[str, Any]) -> None:
        if self.deed == "draft":
            return
        if not self.may_publish:
            self.add_error(None, _("You may save drafts; publishing is for editors."))
        if self.deed in {"publish", "schedule"}:
            if not cleaned.get("text", "").strip() and "text" not in self.errors:
                self.add_error("text", _("There is nothing to publish yet."))
            if self.instance.withdrawn_at:
                self.add_error(None, _("A withdrawn article is not published again."))
        if self.deed == "schedule" and "publish_at" not in self.errors:
            self._clean_schedule(cleaned.get("publish_at"))

    def _clean_schedule(self, at: Any) -> None:
        if at is None:
            self.add_error("publish_at", _("Say when it shall be published."))
        elif not timezone.now() < at < timezone.now() + FARTHEST:
            self.add_error("publish_at", _("Choose a time in the future, within five years."))
        elif self.instance.is_published:
            self.add_error(
                "publish_at", _("This article is out already: publish, or save a draft.")
            )

    # --- the state it was filled from ----------------------------------------------------------

    def more_state(self) -> Any:
        article = self.instance
        return [
            self.newest.number if self.newest else 0,
            article.live_id,
            str(article.published_at),
            str(article.withdrawn_at),
            self._author_ids,
        ]

    def stored_texts(self) -> dict[str, str]:
        names = dict(self.authors.get_form_kwargs(None)["choices"])
        return {
            **super().stored_texts(),
            str(_("Sources")): _source_lines(citation_initial(self.newest)),
            str(_("Authors")): "\n".join(names.get(pk, "") for pk in self._author_ids),
        }

    def sent_texts(self) -> dict[str, str]:
        names = {str(pk): name for pk, name in self.authors.get_form_kwargs(None)["choices"]}
        people = [form["contributor"].value() for form in self.authors.forms]
        rows = [{name: row[name].value() for name in row.fields} for row in self.citations.forms]
        return {
            **super().sent_texts(),
            str(_("Sources")): _source_lines(rows),
            str(_("Authors")): "\n".join(names.get(str(pk), "") for pk in people if pk),
        }

    def last_saved(self) -> tuple[str, Any] | None:
        last = super().last_saved()
        if (
            self.newest
            and self.newest.created_by
            and (not last or last[1] < self.newest.created_at)
        ):
            return str(self.newest.created_by), self.newest.created_at
        return last

    # --------------------------------------------------------------------------------------------

    @cached_property
    def _stored_article(self) -> Article | None:
        return None if self.instance._state.adding else self.instance

    @cached_property
    def _author_ids(self) -> list[int]:
        if self.instance._state.adding:
            return []
        return list(self.instance.authorship_set.values_list("contributor_id", flat=True))

    def _words(self, article: Article | None) -> dict[str, Any]:
        words = {name: getattr(self.newest, name, "") for name in ("title", "summary", "text")}
        if article is None:
            return {**words, "language": settings.LANGUAGE_CODE}
        return {**words, "publish_at": article.published_at if article.is_scheduled else None}

    def _fill_choices(self) -> None:
        languages: dict[str, Any] = dict(settings.LANGUAGES)
        if self.instance.language:  # an import may have brought one that is not in the list
            languages.setdefault(self.instance.language, self.instance.language)
        self.fields["language"].choices = list(languages.items())  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", "—"), *tree_choices()]  # type: ignore[attr-defined]
        self.fields["publish_at"].help_text = _("Time zone: %(zone)s.") % {
            "zone": f"{timezone.get_current_timezone_name()} ({timezone.localtime():%Z, UTC%z})"
        }


def tree_choices(leave_out: Category | None = None) -> list[tuple[int, str]]:
    """Return every category in tree order, indented; `leave_out` and all below it are not in it."""
    return [
        (node.category.pk, f"{'— ' * node.category.depth}{node.name}")
        for node in in_tree_order(topic_tree())
        if not leave_out or not f"{node.category.path}/".startswith(f"{leave_out.path}/")
    ]


def in_tree_order(nodes: list[TopicNode]) -> list[TopicNode]:
    return [each for node in nodes for each in (node, *in_tree_order(node.children))]


def free_slug(title: str) -> str:
    """Return an address for `title` that no article has or had."""
    base = slugify(title)[:120].strip("-_") or f"article-{get_random_string(6).lower()}"
    slug, number = base, 1
    while _is_taken(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


def _is_taken(slug: str) -> bool:
    return (
        slug in RESERVED_SLUGS
        or Article.objects.filter(slug=slug).exists()
        or OldAddress.objects.taken(OldAddress.Kind.ARTICLE, slug).exists()
    )


def _source_lines(rows: list[dict[str, Any]]) -> str:
    """Return citation rows as lines of text, to be compared."""
    lines = (
        [str(row.get(name) or "") for name in ("key", "source", "as_printed", "accessed_on")]
        for row in rows
    )
    return "\n".join(" | ".join(parts) for parts in lines if any(parts))
