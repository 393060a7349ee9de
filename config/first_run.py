"""The first steps of a new site: each ticks itself when it is done."""

from typing import NamedTuple

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import OutgoingMail, User
from articles.admin.page import TO_DO
from articles.models import Article, Page
from comments.models import Phrase


class Step(NamedTuple):
    title: str
    done: bool
    help: str
    url: str = ""


def steps_for(user: User) -> list[Step]:
    """Return the steps in order, or none when all are done or another person takes care of them."""
    if not user.has_perm("articles.publish_article"):
        return []
    steps = [*_own_steps(user), *_steps_of_the_site(), *_steps_of_the_staff()]
    return steps if any(not step.done for step in steps) else []


def _own_steps(user: User) -> list[Step]:
    return [
        Step(
            _("Protect your account with a second factor"),
            is_mfa_enabled(user),
            _("A passkey or an app: a stolen password alone then opens nothing."),
            reverse("mfa_index"),
        ),
    ]


def _steps_of_the_site() -> list[Step]:
    unfilled = Page.objects.filter(text__contains=TO_DO)
    return [
        Step(
            _("Give the site its name"),
            settings.SITE_NAME != "Bedside",
            _("The setting SITE_NAME; docs/running.md tells where it is."),
        ),
        Step(
            _("Say in which country you are, and when moderators read"),
            bool(settings.COUNTRY and settings.READING_HOURS),
            _("The settings COUNTRY and READING_HOURS: whoever is in danger is shown both."),
        ),
        Step(
            _("Write what only you know on the pages about the site"),
            not unfilled.exists(),
            _("Privacy, contact, review: each place to fill in is marked."),
            reverse("admin:articles_page_changelist"),
        ),
        Step(
            _("Publish an article of your own"),
            Article.objects.published().filter(live__created_by__isnull=False).exists(),
            _("Write, look at the preview, publish."),
            reverse("admin:articles_article_add"),
        ),
        Step(
            _("Let the site send real mail"),
            not settings.TRIAL and OutgoingMail.objects.sent().exists(),
            _("On this trial, mail lies in var/mail/; docs/running.md tells how to send it.")
            if settings.TRIAL
            else _("No mail has left this site yet. Is the worker running?"),
        ),
    ]


def _steps_of_the_staff() -> list[Step]:
    staff = User.objects.filter(is_staff=True, is_active=True)
    return [
        Step(
            _("Bring in a second person"),
            staff.count() > 1,
            _("They sign up like anyone; then a superuser makes them staff and names their group."),
            reverse("admin:accounts_user_changelist"),
        ),
        Step(
            _("Name a moderator"),
            staff.filter(groups__name="Moderators").exists(),
            _("Someone in the group Moderators, who reads what is held and what readers report."),
            reverse("admin:accounts_user_changelist"),
        ),
        Step(
            _("Have a clinician look at the words of crisis"),
            not Phrase.objects.to_approve().exists(),
            _("They work from the start. Correct the lists, then mark each phrase as approved."),
            reverse("admin:comments_phrase_changelist", query={"approved": "no"}),
        ),
    ]
