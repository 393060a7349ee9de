"""What the acts on articles are called in the data of those who did them."""

from django.utils.translation import gettext_lazy as _

from accounts.retention import Words

WORDS: dict[str, Words] = {
    "contributor.copied": _("Copied a contributor’s data"),
    "contributor.unnamed": _("Replaced a contributor’s name by a role"),
    "article.revised": _("Wrote a revision of an article"),
    "article.restored": _("Brought an earlier revision back"),
    "article.published": _("Published a revision"),
    "article.published_as_safety_edit": _("Published a safety edit"),
    "article.imported_unreviewed": _("Published by import what was not reviewed"),
    "article.scheduled": _("Scheduled a revision"),
    "article.unscheduled": _("Took back a schedule whose text was no longer signed"),
    "article.unpublished": _("Took an article back to a draft"),
    "article.withdrawn": _("Withdrew an article"),
    "article.withdrawal_confirmed": _("Confirmed that an article is withdrawn"),
    "article.authors_changed": _("Changed who is named as author"),
    "article.risk_class_changed": _("Changed the risk class of an article"),
    "article.facts_changed": _("Changed facts about an article"),
    "note.written": _("Wrote a note on a section"),
    "note.answered": _("Answered a note on a section"),
    "note.resolved": _("Resolved a note on a section"),
    "review.signed": _("Signed a review"),
    "review.taken_back": _("Took a sign-off back"),
    "review.disputed": _("Said that a sign-off was not theirs"),
    "sign_off_link.sent": _("Asked somebody to sign"),
    "sign_off_link.revoked": _("Took a sign-off link back"),
    "revision.marked_minor": _("Marked a change as minor"),
    "minor_edit.accepted": _("Accepted that a change is minor"),
    "review_round.finished": _("Finished a round of review"),
    "minor_edit.refused": _("Refused that a change is minor"),
    "source.status_set": _("Set the status of a source"),
    "source_task.confirmed": _("Confirmed that a notice is about a source"),
    "source_task.dismissed": _("Said that a notice is about another work"),
    "source_task.reconsidered": _("Asked again whether a notice is about a source"),
    "source_task.resolved": _("Dealt with a section that rests on a changed source"),
    "source_task.shown": _("Readers were told of a changed source"),
}
