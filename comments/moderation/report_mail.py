"""Mail to those who report; it names no topic and quotes nothing."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail
from comments.models import Report


def confirm_notice(report: Report) -> None:
    """Tell the sender of a formal notice that it came (EU DSA article 16 (4))."""
    if address := report.email or (report.reporter.email if report.reporter else ""):
        words = written("notice", report)
        send_mail(_("We have your notice"), words, None, [address])


def mail_outcome(report: Report) -> bool:
    """Answer a visitor who left an address, once, and forget the address; tell whether we did."""
    address = report.email
    left = Report.objects.filter(pk=report.pk, told_at=None).exclude(email="")
    if not address or not left.update(told_at=timezone.now(), email=""):
        return False
    send_mail(_("What became of your report"), written("outcome", report), None, [address])
    report.refresh_from_db(fields=["told_at", "email"])
    return True


def written(template: str, report: Report) -> str:
    """Return the words of a mail about a report."""
    address = settings.SITE_URL + report.comment.get_absolute_url()
    about = {"report": report, "address": address, "contact": settings.CONTACT_EMAIL}
    return mail.written(f"comments/mail/{template}.txt", **about)
