"""What is put to a writer before their words are posted: help first, then what others would see.

Nobody is refused or punished for words of crisis: they are shown where help is, and choose. Of that
only the fact and the outcome are counted, by day.
"""

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comments import text as comment_text
from comments.models import HelpShown
from comments.moderation.reading_hours import is_moderated, when_read
from comments.screened_form import ScreenedForm
from comments.screening import Candidate, Finding, Verdict, screen

Span = tuple[int, int]


def ask(
    request: HttpRequest, form: ScreenedForm, candidate: Candidate, address: str
) -> HttpResponse | Verdict:
    """Screen the words; return the page that asks about them, or the verdict when nothing is asked.

    What it asks is sent to `address`, as the form was. A signed-out visitor is asked one thing: the
    rest is for those who can post.
    """
    verdict = screen(candidate, answered=form.answered_checks)
    if verdict.needs_help:
        return help_first(request, form, candidate, address)
    if verdict.asks and candidate.author:
        return before_posting(request, form, candidate, address, verdict)
    return verdict


def help_first(
    request: HttpRequest, form: ScreenedForm, candidate: Candidate, address: str
) -> HttpResponse:
    """Show where help is, with the words, and let their writer choose what becomes of them."""
    note(HelpShown.Outcome.NONE)
    context = {
        "when_read": when_read(),
        "is_moderated": is_moderated(),
        "is_edit": bool(candidate.comment),
    }
    return page(request, "help_first", form, candidate, address, **context)


def before_posting(
    request: HttpRequest, form: ScreenedForm, candidate: Candidate, address: str, verdict: Verdict
) -> HttpResponse:
    """Show what was found marked in the words, and let their writer choose."""
    checks = [finding.check for finding in verdict.asks]
    as_it_is = screen(candidate, answered=[*form.answered_checks, *checks])
    context = {
        "asks": checks,
        "as_it_is": " ".join(checks),
        "marked": marked(candidate.text, spans_of(verdict.asks)),
        "removable": bool(spans_of(verdict.asks)),
        "is_held": bool(as_it_is.holds),
    }
    return page(request, "before_posting", form, candidate, address, **context)


def page(
    request: HttpRequest,
    name: str,
    form: ScreenedForm,
    candidate: Candidate,
    address: str,
    **more: Any,
) -> HttpResponse:
    then = {"then": "signup"} if request.POST.get("then") == "signup" else {}
    context = {
        "form": form,
        "article": candidate.article,
        "address": address,
        "carried": {**form.carried, **then},
        **more,
    }
    return render(request, f"comments/{name}.html", context)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return what is asked, for a client that asks for JSON."""
    asked = ["crisis"] if verdict.needs_help else []
    spans = {finding.check: finding.spans for finding in verdict.asks}
    told: dict[str, Any] = {"ask": [*asked, *spans], "spans": spans}
    return told | ({"help": reverse("help")} if verdict.needs_help else {})


# --- what was found -------------------------------------------------------------------------------


def spans_of(findings: list[Finding]) -> list[Span]:
    """Return the places that findings mean, in order; those that touch are one."""
    spans: list[Span] = []
    for start, end in sorted(span for finding in findings for span in finding.spans):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def marked(text: str, spans: list[Span]) -> SafeString:
    """Return `text` with these places marked, each line of it in the direction of its own words."""
    parts: list[SafeString] = []
    end = 0
    for start, stop in spans:
        parts.append(format_html("{}<mark>{}</mark>", text[end:start], text[start:stop]))
        end = stop
    parts.append(format_html("{}", text[end:]))
    return format_html(
        '<div class="marked" dir="auto">{}</div>', format_html_join("", "{}", ((p,) for p in parts))
    )


def without_what_was_found(form: ScreenedForm, candidate: Candidate) -> str:
    """Return the words with the mark of a cut in each place that is asked about."""
    text = candidate.text
    for start, end in reversed(spans_of(screen(candidate, answered=form.answered_checks).asks)):
        text = f"{text[:start]}{comment_text.CUT}{text[end:]}"
    return text


# --- help -----------------------------------------------------------------------------------------

OUTCOMES = {
    "crisis": HelpShown.Outcome.SUPPORT,
    "later": HelpShown.Outcome.LATER,
    "discard": HelpShown.Outcome.DISCARDED,
}


def note_outcome(form: ScreenedForm) -> None:
    """Count what somebody chose who was shown help, in the place of no choice yet."""
    if outcome := OUTCOMES.get(form.pressed):
        today = HelpShown.objects.filter(on=timezone.localdate(), count__gt=0)
        today.filter(outcome=HelpShown.Outcome.NONE).update(count=F("count") - 1)
        note(outcome)


def note(outcome: str) -> None:
    today = HelpShown.objects.filter(on=timezone.localdate(), outcome=outcome)
    if not today.update(count=F("count") + 1):
        HelpShown.objects.get_or_create(on=timezone.localdate(), outcome=outcome)
        today.update(count=F("count") + 1)
