"""What the acts on articles are called in the data of those who did them."""

from django.utils.translation import gettext_lazy as _

from accounts.retention import Words

WORDS: dict[str, Words] = {
    "contributor.copied": _("Copied a contributor’s data"),
    "contributor.unnamed": _("Replaced a contributor’s name by a role"),
    "review.signed": _("Signed a review"),
    "revision.marked_minor": _("Marked a change as minor"),
    "minor_edit.accepted": _("Accepted that a change is minor"),
    "minor_edit.refused": _("Refused that a change is minor"),
}
