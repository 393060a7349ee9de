"""The pages of the moderators' desk, and what their buttons do. A GET changes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from comments.admin import case_page, desk_rights
from comments.admin.case_deeds import DEEDS, done
from comments.admin.case_forms import AppealForm, CaseForm
from comments.admin.case_queues import A_PAGE, ALL, TITLES, queue_url, rows, tabs, waiting_in
from comments.admin.hand_over import KEYS, ChoicesForm, NoteForm, choices_of, last_notes
from comments.admin.late_words import late_words
from comments.admin.taking_cases import claim, holder_of, put_back, take_next
from comments.admin.wrong_holds import note_wrong
from comments.forms import as_id
from comments.models import Case, Decision, Sanction
from comments.moderation import deciding
from comments.moderation.deciding import CannotDecide

View = Callable[..., HttpResponse]


def at_the_desk(view: View) -> View:
    """Let in who works here."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not desk_rights.may_see_cases(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def button(view: View) -> View:
    """Act on POST alone; whoever comes by GET, as after a log-in, is led to the page it is on."""

    @wraps(view)
    def pressed(request: HttpRequest, pk: int | None = None, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("admin:comments_case_change", pk) if pk else redirect(queue_url())
        return view(request, **({} if pk is None else {"pk": pk}), **kwargs)

    return at_the_desk(pressed)


# --- the queues -----------------------------------------------------------------------------------


@at_the_desk
def queue(request: HttpRequest) -> HttpResponse:
    return queue_page(request, NoteForm())


def queue_page(request: HttpRequest, note_form: NoteForm, *, status: int = 200) -> HttpResponse:
    asked = request.GET.get("queue", ALL)
    name = asked if asked in TITLES else ALL
    user = staff(request)
    every = tabs(user)
    this = next(tab for tab in every if tab.queue == name)
    pages = Paginator(waiting_in(name, user), A_PAGE)
    pages.count = this.count  # known already
    page = pages.get_page(request.GET.get("page"))
    return shown(
        request,
        "queue",
        title=_("Moderators’ desk"),
        tabs=every,
        this=this,
        page=page,
        rows=list(rows(page.object_list, user)),
        pages=page.paginator.get_elided_page_range(page.number),
        notes=last_notes(),
        note_form=note_form,
        status=status,
        choices=choices_of(user),
        undoable=case_page.undoable(user),
        may_decide=desk_rights.may(user, "approve"),
    )


@button
def take(request: HttpRequest) -> HttpResponse:
    """Give the moderator the case that is due first; what they put back goes to others."""
    asked = request.POST.get("queue", ALL)
    name, user = asked if asked in TITLES else ALL, staff(request)
    if but := as_id(request.POST.get("but")):
        put_back(but, user)
    if next_one := take_next(user, name, but=but):
        return redirect("admin:comments_case_change", next_one.pk)
    messages.info(request, _("Nothing waits here that nobody else has taken."))
    return redirect(queue_url(name))


@button
def note(request: HttpRequest) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return queue_page(request, form, status=400)
    form.instance.by = staff(request)
    form.save()
    messages.success(request, _("Your note is there for whoever comes next."))
    return redirect(queue_url())


@at_the_desk
def choices(request: HttpRequest) -> HttpResponse:
    """Let a moderator say how they work."""
    mine = choices_of(staff(request))
    form = ChoicesForm(request.POST or None, choices=mine)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The desk works this way for you from now on."))
        return redirect(queue_url())
    return shown(request, "choices", title=_("How I work at the desk"), form=form)


@button
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what this moderator decided a moment ago: one decision, or all of them."""
    asked, user = request.POST.get("decision", ""), staff(request)
    mine = [each.decision for each in case_page.undoable(user)]
    chosen = [one for one in mine if asked in {"all", str(one.pk)}]
    undone = 0
    for decision in chosen:
        try:
            deciding.undo(decision, by=user)
            undone += 1
        except CannotDecide as problem:
            messages.error(request, str(problem))
    if undone:
        said = ngettext("It is as it was before.", "They are as they were before.", undone)
        messages.success(request, said)
    elif not chosen:
        messages.error(request, _("The 30 seconds are over. It can still be decided otherwise."))
    return redirect(back_to(request, chosen))


# --- one case -------------------------------------------------------------------------------------


@at_the_desk
def case(request: HttpRequest, pk: int) -> HttpResponse:
    return case_shown(request, found(request, pk))


@button
def take_this(request: HttpRequest, pk: int) -> HttpResponse:
    this, user = found(request, pk), staff(request)
    if not claim(this, user):
        messages.error(request, why_not_claimed(this, user))
    return redirect("admin:comments_case_change", pk)


@button
def put_this_back(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    if put_back(this.pk, staff(request)):
        messages.success(request, _("You put it back. Others can take it."))
    return redirect(queue_url(this.queue))


@button
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one deed to a comment, and to the copies that are ticked; keep the words if it fails."""
    this, user = found(request, pk), staff(request)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None or not desk_rights.may(user, deed.name):
        raise PermissionDenied
    copies = case_page.copies_of(this.comment, user)
    form = CaseForm(request.POST, copies=copies, deed=deed.name)
    if form.is_valid():
        if problem := why_not_now(this, user):
            form.add_error(None, problem)
        else:
            try:
                handled = list(done(deed, this.comment, form, by=user, copies=copies))
                messages.success(request, said(str(deed.done), len(handled)))
                return redirect("admin:comments_case_change", pk)
            except CannotDecide as problem:
                form.add_error(None, str(problem))
    return case_shown(request, found(request, pk), form=form)


@button
def appeal(request: HttpRequest, pk: int, appeal: int) -> HttpResponse:
    this, user = found(request, pk), staff(request)
    objection, form = case_page.appeal_of(this, appeal), AppealForm(request.POST)
    if objection is None:
        messages.error(request, _("Somebody has decided on this appeal already."))
        return case_shown(request, this, late=form)
    if form.is_valid():
        try:
            if problem := why_not_now(this, user) or deciding.why_not_decided_by(objection, user):
                raise CannotDecide(problem)
            deciding.decide_appeal(objection, by=user, **form.cleaned_data)
            messages.success(request, _("The appeal is decided, and its writer is told."))
            return redirect("admin:comments_case_change", pk)
        except CannotDecide as problem:
            form.add_error(None, str(problem))
    return case_shown(request, this, appeal_form=form)


@button
def lift(request: HttpRequest, pk: int, sanction: int) -> HttpResponse:
    """End a sanction before its time, where it was decided."""
    this, user = found(request, pk), staff(request)
    if not desk_rights.may(user, "sanction"):
        raise PermissionDenied
    step = get_object_or_404(Sanction, pk=sanction, decision__comment=this.comment)
    try:
        deciding.lift(step, by=user)
        messages.success(request, _("It is lifted, and its writer is told."))
    except CannotDecide as problem:
        messages.error(request, str(problem))
    return redirect("admin:comments_case_change", pk)


@button
def wrong(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep that a check was wrong about this comment."""
    this = found(request, pk)
    if note_wrong(this.comment, request.POST.get("check", ""), by=staff(request)):
        messages.success(request, _("Thank you. Those who mend the checks see it."))
    return redirect("admin:comments_case_change", pk)


# --- what they share ------------------------------------------------------------------------------


def staff(request: HttpRequest) -> User:
    return cast("User", request.user)


def found(request: HttpRequest, pk: int) -> Case:
    joined = ("comment__voice", "comment__article__live", "comment__parent__voice", "claimed_by")
    case = get_object_or_404(Case.objects.select_related(*joined), pk=pk)
    if not desk_rights.readable_by(request.user, case):
        raise Http404
    return case


def why_not_now(case: Case, user: User) -> str:
    """Say why `user` cannot decide an open case now; "" if they can, and then they have it."""
    if case.closed_at:
        return ""
    if problem := desk_rights.why_not_by(user, case):
        return problem
    return "" if claim(case, user) else why_not_claimed(case, user)


def why_not_claimed(case: Case, user: User) -> str:
    case.refresh_from_db(fields=["claimed_by", "claimed_until", "closed_at"])
    if holder := holder_of(case, user):
        return _("%(name)s has taken this case. Nothing was changed.") % {"name": holder}
    return _("Somebody has decided on this meanwhile. Nothing was changed.")


def case_shown(
    request: HttpRequest, case: Case, *, late: AppealForm | None = None, **forms: Any
) -> HttpResponse:
    context = case_page.context(case, staff(request), **forms)
    context["kept"] = late_words(context, late)
    status = 400 if forms or late else 200
    return shown(request, "case", status=status, title=str(case), keys=KEYS, **context)


def said(done: str, number: int) -> str:
    if number == 1:
        return done
    also = ngettext(
        "%(done)s So is %(count)d copy.", "%(done)s So are %(count)d copies.", number - 1
    )
    return also % {"done": done, "count": number - 1}


def back_to(request: HttpRequest, decisions: list[Decision]) -> str:
    """Return the page to go to after an undo: the case, if it was about one."""
    if len(decisions) == 1:
        about = Case.objects.filter(comment=decisions[0].comment_id).order_by("-pk").first()
        if about and desk_rights.readable_by(request.user, about):
            return reverse("admin:comments_case_change", args=[about.pk])
    return queue_url()


def shown(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    whole = {**admin.site.each_context(request), "opts": Case._meta, **context}
    return render(request, f"admin/comments/case/{name}.html", whole, status=status)
