"""What readers wrote to the editors: read it, answer it, and lead to the correction."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.admin_guard import GuardedAdmin, GuardedForm
from accounts.models import AuditAct
from articles.models import Correction, ReaderMessage
from articles.records import WordsField

State = ReaderMessage.State


class ReaderMessageForm(GuardedForm[ReaderMessage]):
    answer = WordsField(
        label=_("Answer"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Whoever has the number reads it."),
    )

    class Meta:
        model = ReaderMessage
        fields = ("state", "answer", "correction")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries = Correction.objects.filter(article=self.instance.article_id)
        if "correction" in self.fields:  # not for those who may only look
            self.fields["correction"].queryset = entries.for_list()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("state") == State.ANSWERED and not cleaned.get("answer"):
            self.add_error("answer", _("Write the answer, or choose another state."))
        if cleaned.get("state") == State.CORRECTED and not cleaned.get("correction"):
            self.add_error(
                "correction", _("Choose the correction, or publish it first by the link above.")
            )
        return cleaned


@admin.register(ReaderMessage)
class ReaderMessageAdmin(GuardedAdmin[ReaderMessage]):
    form = ReaderMessageForm
    change_form_template = "admin/articles/readermessage/change_form.html"
    list_display = ("number", "of_article", "heading", "at", "state")
    list_filter = ("state",)
    list_per_page = 50
    actions = None
    readonly_fields = ("number", "of_article", "heading", "at", "text")
    fieldsets = (
        (None, {"fields": ("number", "of_article", "heading", "at", "text")}),
        (_("What becomes of it"), {"fields": ("state", "answer", "correction")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReaderMessage]:
        rows = ReaderMessage.objects.select_related("article__live", "revision")
        unread = ("text", "plain_text", "contents", "section_html")
        return rows.defer(
            *(f"{of}__{name}" for of in ("article__live", "revision") for name in unread)
        )

    @admin.display(description=_("article"))
    def of_article(self, message: ReaderMessage) -> str:
        return str(message.article)

    def save_model(self, request: HttpRequest, obj: ReaderMessage, form: Any, change: bool) -> None:
        user: Any = request.user
        if changed := sorted(set(form.changed_data) - {"seen"}):
            obj.answered_at, obj.answered_by = timezone.now(), user
            AuditAct.objects.record("reader_message.answered", by=user, on=obj, fields=changed)
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
