"""What groups of staff may do here."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions

from accounts.groups import grant

MODERATORS = "Moderators"
REVIEWERS = "Reviewers"
EDITORS = "Editors"  # what else they may do, articles say


def grant_groups(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Give these groups their permissions; a receiver of post_migrate.

    Django makes an app's permissions in a receiver of its own, which may come after this one.
    """
    create_permissions(sender, verbosity=0, using=using)
    grant(
        MODERATORS,
        [
            *("comments.view_comment", "comments.moderate_comment", "comments.look_up_member"),
            *("comments.view_report", "comments.view_case"),
            # Whoever talks with people in need knows first that a number no longer answers.
            *(f"articles.{verb}_helpline" for verb in ("add", "change", "view")),
            "comments.view_rule",
        ],
    )
    grant(EDITORS, [f"comments.{verb}_rule" for verb in ("add", "change", "view")])
    for group in (MODERATORS, EDITORS, REVIEWERS):
        grant(group, ["comments.answer_question"])
    # Of these they see what was reported to them (comments/admin/desk_rights.py).
    for group in (EDITORS, REVIEWERS):
        grant(group, ["comments.view_case"])
    # More people than moderate: granting one takes two, and small sites have few of either.
    for group in (MODERATORS, EDITORS):
        grant(group, [f"comments.{verb}_phrase" for verb in ("add", "change", "delete", "view")])
        grant(group, ["comments.view_badge", "comments.grant_badge"])
