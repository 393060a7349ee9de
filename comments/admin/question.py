"""Questions that nobody has answered: the list of those who answer, and whom they ask to."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments import answering
from comments.admin.read_only import ReadOnlyAdmin
from comments.answer_form import AskForm
from comments.forms import as_id
from comments.models import AnswerRequest, Comment, Question
from comments.models.answer import QuestionQuerySet
from comments.models.comment_query import ParentGone, Refused

GONE = _("The question is no longer here.")


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin[Question]):
    """Unanswered ones that readers see, the oldest first."""

    list_display = ("beginning", "name", "in_article", "published_at", "asked")
    list_display_links = None
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("text",)
    search_help_text = _("Words of questions")
    ordering = ("published_at", "pk")
    actions = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return answering.may_answer_questions(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return answering.may_answer_questions(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        rows = cast("QuestionQuerySet", super().get_queryset(request)).unanswered()
        asked = AnswerRequest.objects.open().select_related("contributor").order_by("asked_at")
        unread = ("article__live__text", "article__live__plain_text", "article__live__section_html")
        return cast(
            "QuerySet[Question]",
            rows.select_related("voice", "article__live")
            .defer(*unread)
            .prefetch_related(Prefetch("answer_requests", asked, to_attr="asked_of")),
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"title": _("Unanswered questions"), **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.ask)
        return [path("<int:pk>/ask/", view, name="comments_question_ask"), *super().get_urls()]

    def ask(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show who is asked, ask another contributor, or take a request back."""
        user = request.user
        if not answering.may_answer_questions(user):
            raise PermissionDenied
        question = _question(pk)
        form = AskForm(request.POST if "ask" in request.POST else None)
        if "take_back" in request.POST:
            return self._take_back(request, question)
        if form.is_valid() and self._asked(request, question, form):
            return redirect("admin:comments_question_ask", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Ask a contributor"),
            "opts": self.opts,
            "question": question,
            "requests": answering.asked_of(question).select_related("contributor", "asked_by"),
            "form": form,
        }
        status = 400 if form.is_bound else 200
        return render(request, "admin/comments/question/ask.html", context, status=status)

    def _asked(self, request: HttpRequest, question: Comment, form: AskForm) -> bool:
        contributor = form.cleaned_data["contributor"]
        try:
            answering.ask(question, contributor, by=cast("User", request.user))
        except ParentGone:
            form.add_error(None, GONE)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            said = (
                _("%(name)s is asked, and is told.")
                if contributor.user_id
                else _("%(name)s is asked, and has no account here: please write to them.")
            )
            self.message_user(request, said % {"name": contributor}, messages.SUCCESS)
        return form.is_valid()

    def _take_back(self, request: HttpRequest, question: Comment) -> HttpResponse:
        asked = answering.asked_of(question).filter(pk=as_id(request.POST["take_back"]) or 0)
        for one in asked.select_related("contributor"):
            answering.take_back(one, by=cast("User", request.user))
            self.message_user(request, _("It is taken back."), messages.SUCCESS)
        return redirect("admin:comments_question_ask", question.pk)

    @admin.display(description=_("question"))
    def beginning(self, question: Question) -> SafeString:
        """Show it with what can be done: on a phone the other columns lie beyond the edge."""
        text = Truncator(question.text).chars(140)
        return format_html(
            '<a href="{}"><bdi>{}</bdi></a><p class="row-acts">{}</p>',
            question.get_absolute_url(),
            text,
            acts_on(question),
        )

    @admin.display(description=_("name"))
    def name(self, question: Question) -> SafeString:
        return format_html("<bdi>{}</bdi>", question.speaker)

    @admin.display(description=_("article"))
    def in_article(self, question: Question) -> str:
        return Truncator(question.article).chars(60)

    @admin.display(description=_("asked to answer"))
    def asked(self, question: Any) -> Any:
        names = [str(one.contributor) for one in question.asked_of]
        return ", ".join(names) or _("nobody yet")


def acts_on(question: Comment) -> SafeString:
    pages = (
        (reverse("comment_answer", args=[question.pk]), _("Answer")),
        (reverse("admin:comments_question_ask", args=[question.pk]), _("Ask a contributor…")),
        (reverse("comment_led_to", args=[question.pk]), _("It led to a change…")),
    )
    return format_html_join("", '<a href="{}">{}</a>', pages)


def _question(pk: int) -> Comment:
    comments = Comment.objects.select_related("voice", "article__live")
    question = get_object_or_404(comments, pk=pk)
    if not question.is_question or not question.is_visible:
        raise Http404(GONE)
    return question
