"""What is told by mail. No mail names the topic of an article, or quotes a comment."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from comments.groups import MODERATORS
from comments.models import Report


def tell_of_report(report: Report) -> None:
    """Tell the contact address and every moderator that a comment was reported."""
    address = settings.SITE_URL + reverse("admin:comments_report_change", args=[report.pk])
    body = render_to_string(
        "comments/mail/report.txt",
        {
            "address": address,
            "site_name": settings.SITE_NAME,
            "reason": report.get_reason_display(),
        },
    )
    moderators = User.objects.filter(groups__name=MODERATORS, is_active=True)
    for recipient in {settings.CONTACT_EMAIL, *moderators.values_list("email", flat=True)}:
        send_mail(_("A comment was reported"), body, None, [recipient])
