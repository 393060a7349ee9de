"""The way out of mail: a link in each, which works without logging in (RFC 8058).

Whoever follows the link sees a button: programs that look for harm in mail follow links as well.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.models import User
from comments.models import Delivery, NotificationChoice
from comments.models.notification_choice import Kind
from comments.views import shows_and_takes_a_form

# No time in it: a mail that is found years later still lets go of its reader.
SIGNER = Signer(salt="comments.telling.unsubscribing")


def address(user: User, kinds: Iterable[str]) -> str:
    """Return the whole address that ends mail of these kinds; it tells not who `user` is."""
    token = SIGNER.sign(f"{user.public_id.hex}.{'.'.join(sorted(kinds))}")
    return settings.SITE_URL + reverse("account_unsubscribe", args=[token])


@csrf_exempt  # a mail provider presses the button, without cookie or token of ours
@never_cache
@shows_and_takes_a_form
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; end these mails when it is pressed, or by a provider's one click."""
    user, kinds = read(token)
    ended = kinds
    if request.method == "POST":
        ended = list(Kind) if request.POST.get("what") == "all" else kinds
        if user:
            NotificationChoice.objects.choose(user, dict.fromkeys(ended, Delivery.OFF))
    context = {"kinds": [kind.label for kind in ended], "is_done": request.method == "POST"}
    return render(request, "comments/unsubscribe.html", context)


def read(token: str) -> tuple[User | None, list[Kind]]:
    """Return whose mail of which kinds it ends; raise Http404 for what we did not sign.

    For somebody who has left there is nothing to end, and the page says no more than to others.
    """
    try:
        public_id, *names = SIGNER.unsign(token).split(".")
        kinds = [Kind(name) for name in names]
        user = User.objects.filter(public_id=public_id, erased_at=None).first()
    except (BadSignature, ValueError, ValidationError) as error:
        raise Http404(
            _("This link is not whole. Please copy all of it from the mail, or log in instead.")
        ) from error
    return user, kinds
