"""What stands under a staff account among the articles, and about the contributor behind it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.my_data import Section
from articles.contributor_data import sections_of
from articles.models import Contributor, Revision

CHUNK = 500


def member_data(user: User) -> Iterator[Section]:
    """Yield nothing for a member who never wrote an article: most never do."""
    contributor = Contributor.objects.select_related("photo").filter(user=user).first()
    if contributor:
        yield from sections_of(contributor)
    written = Revision.objects.filter(created_by=user)
    if user.is_staff or written.exists():
        rows = (
            {"article": title, "number": number, "written": when, "note": note}
            for title, number, when, note in written.order_by("-created_at")
            .values_list("title", "number", "created_at", "note")
            .iterator(CHUNK)
        )
        headings = {
            "article": _("Article"),
            "number": _("Revision"),
            "written": _("Written"),
            "note": _("Note"),
        }
        yield Section("revisions", _("Revisions you wrote"), headings, rows)
