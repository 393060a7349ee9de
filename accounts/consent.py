"""The consent to publish: shown, taken back, given anew; and what becomes of all one's comments.

Comments are another app's. What was decided here is carried out by the hooks of accounts/hooks.py.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.tasks import task
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import hooks
from accounts.leaving_forms import EXPLANATIONS, LeaveForm
from accounts.models import Consent, Departure, Fate, LegalHold, User
from accounts.models.consent import WORDS, choice_of, choose, take_back
from accounts.tasks import retrying
from accounts.views import MemberRequest

shows_and_takes_a_form = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@shows_and_takes_a_form
@login_required
def account_consent(request: MemberRequest) -> HttpResponse:
    """Show what was agreed to; one button takes it back, another one gives it anew."""
    if request.method == "POST":
        decide(request.user, agrees="agree" in request.POST)
        return redirect("account_consent")
    context = {
        "consent": Consent.objects.to_publish(request.user),
        "words": WORDS[settings.CONSENT_VERSION],
        **choice(request.user),
        "form": LeaveForm(),
    }
    return render(request, "accounts/consent.html", context)


@never_cache
@shows_and_takes_a_form
@login_required
def all_comments(request: MemberRequest) -> HttpResponse:
    """Let a member choose what becomes of all they wrote: the choice, a question, the deed."""
    form = LeaveForm(request.POST or (request.GET if "fate" in request.GET else None))
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        context = {"form": form, **choice(request.user)}
        return render(request, "accounts/all_comments.html", context, status=status)
    fate = Fate(form.cleaned_data["fate"])
    if request.method != "POST":
        context = {"fate": fate, "explanation": EXPLANATIONS[fate], **choice(request.user)}
        return render(request, "accounts/all_comments_sure.html", context)
    with transaction.atomic():
        choose(request.user, fate)
        follow.enqueue(request.user.pk)
    messages.success(request, _("It has begun. With many comments it takes some minutes."))
    return redirect("account_comments_all")


def choice(user: User) -> dict[str, object]:
    """Return what the pages say of what was chosen, and of what stands in its way."""
    chosen = choice_of(user)
    return {
        "chosen": chosen and {"at": chosen.at, "label": Fate(chosen.deed).label},
        "hold": LegalHold.objects.in_force().filter(user=user).first(),
    }


def decide(user: User, *, agrees: bool) -> None:
    with transaction.atomic():
        if agrees:
            Consent.objects.agree(user)
        else:
            take_back(user)
        follow.enqueue(user.pk)


@task
@retrying(times=5, first_pause=timedelta(minutes=1))
def follow(user_id: int) -> None:
    """Do with a member's comments what they last decided; anew, if they change their mind.

    It may run twice at once: each goes on until what was decided last is what it did last.
    """
    done = None
    while (decided := decision_of(user_id)) != done:
        carry_out(decided)
        done = decided


def decision_of(user_id: int) -> tuple[User, bool, object] | None:
    """Return who decided what; None for somebody who leaves, which settles everything else."""
    user = User.objects.get(pk=user_id)
    if user.erased_at or (not user.is_active and Departure.objects.filter(user=user).exists()):
        return None
    return user, user.has_withdrawn_consent, choice_of(user)


def carry_out(decided: tuple[User, bool, object] | None) -> None:
    if decided is None:
        return
    user, has_withdrawn, chosen = decided
    if chosen:
        hooks.run("replay_erasure", chosen)
    else:
        hooks.run("hide_comments" if has_withdrawn else "show_comments", user)
