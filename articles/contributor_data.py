"""What stands about a contributor: as a copy for them, and where their name is printed.

They have it put right in the admin's form, and their name replaced by a role with
`Contributor.replace_name`.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from accounts.models import Erasure
from accounts.my_data import Section
from accounts.packing import pack
from articles.models import (
    Article,
    Authorship,
    Contributor,
    Correction,
    Image,
    Page,
    Review,
    ReviewRound,
    Revision,
    SectionNote,
)

CHUNK = 500


def copy_of(contributor: Contributor) -> bytes:
    """Return a ZIP of all that stands about `contributor`, their picture included."""
    file = BytesIO()
    title = _("What this site holds about you")
    pack(file, sections_of(contributor), title=title, pictures=portrait_of(contributor))
    return file.getvalue()


def sections_of(contributor: Contributor) -> Iterator[Section]:
    yield profile(contributor)
    yield authorships(contributor)
    yield reviews(contributor)
    yield sign_off_links(contributor)
    yield named_in(contributor)


def replay(erasure: Erasure) -> bool:
    """Do again what the ledger says of a contributor; their role is not in it."""
    if erasure.kind != "contributor":
        return False
    named = Contributor.objects.filter(unnamed_at=None)
    for contributor in named.filter(pk=erasure.subject) if erasure.subject.isdecimal() else ():
        contributor.forget_name(_("a contributor"))
    return True


def profile(contributor: Contributor) -> Section:
    row = {
        "name": contributor.name,
        "address": settings.SITE_URL + contributor.get_absolute_url(),
        "profession": contributor.profession,
        "credentials": contributor.credentials,
        "register_url": contributor.register_url,
        "biography": contributor.biography,
        "interests": contributor.interests,
        "email": contributor.email,
        "has_account": contributor.user_id is not None,
        "unnamed": contributor.unnamed_at,
        **picture_row(contributor.photo),
    }
    headings = {
        "name": _("Name"),
        "address": _("Address"),
        "profession": _("Profession"),
        "credentials": _("Credentials"),
        "register_url": _("Public register"),
        "biography": _("Biography"),
        "interests": _("Declared interests"),
        "email": _("E-mail address for sign-off links; readers never see it"),
        "has_account": _("A staff account is linked"),
        "unnamed": _("Without a name since"),
        "photo": _("Photo"),
        "photo_alt": _("The photo in words"),
        "photo_caption": _("Below the photo"),
        "photo_credit": _("Made by"),
        "photo_consent": _("Your consent to be shown"),
    }
    return Section("contributor", _("You as a contributor"), headings, [row])


def picture_row(photo: Image | None) -> dict[str, Any]:
    fields = ("alt", "caption", "credit", "consent")
    told = {f"photo_{field}": getattr(photo, field) if photo else "" for field in fields}
    return {"photo": photo.key if photo else "", **told}


def authorships(contributor: Contributor) -> Section:
    found = Authorship.objects.filter(contributor=contributor).select_related("article__live")
    rows = (
        {
            "article": str(row.article),
            "address": settings.SITE_URL + row.article.get_absolute_url(),
            "published": row.article.published_at,
        }
        for row in found.order_by("article").iterator(CHUNK)
    )
    headings = {"article": _("Article"), "address": _("Address"), "published": _("Published")}
    return Section("authorships", _("Articles that name you"), headings, rows)


def reviews(contributor: Contributor) -> Section:
    """Return what they signed, with who they were that day by what stands beside it."""
    found = contributor.reviews.select_related("revision__article__live").order_by("-signed_at")
    rows = (review_row(review) for review in found.iterator(CHUNK))
    headings = {
        "article": _("Article"),
        "revision": _("Revision"),
        "sections": _("Sections"),
        "outcome": _("Outcome"),
        "scope": _("What was checked"),
        "signed": _("Signed"),
        "identity": _("Identity checked by"),
        "named_as": _("Named as"),
        "name_held": _("Name held by the publisher"),
        "interests": _("Declared interests"),
        "message": _("Message to the author"),
        "taken_back": _("Taken back"),
        "why_taken_back": _("Why it was taken back"),
        "disputed": _("Disputed"),
    }
    return Section("reviews", _("Reviews you signed"), headings, rows)


def review_row(review: Review) -> dict[str, Any]:
    named = (review.name, review.profession, review.credentials, review.register_url)
    sections = review.reviewed_sections.select_related("section").order_by("section__position")
    return {
        "article": str(review.revision.article),
        "revision": review.revision.number,
        "sections": [str(row.section) for row in sections],
        "outcome": review.get_outcome_display(),
        "scope": review.scope,
        "signed": review.signed_at,
        "identity": review.get_identity_display(),
        "named_as": [text for text in named if text],
        "name_held": review.name_held,
        "interests": review.interests,
        "message": review.message,
        "taken_back": review.taken_back_at,
        "why_taken_back": review.taken_back_reason,
        "disputed": review.disputed_at,
    }


def sign_off_links(contributor: Contributor) -> Section:
    found = contributor.sign_off_links.select_related("revision__article__live")
    rows = (
        {
            "article": str(link.revision.article),
            "revision": link.revision.number,
            "to": link.email,
            "message": link.message,
            "sent": link.created_at,
            "ends": link.expires_at,
            "state": link.state.label,
        }
        for link in found.order_by("-created_at").iterator(CHUNK)
    )
    headings = {
        "article": _("Article"),
        "revision": _("Revision"),
        "to": _("Sent to"),
        "message": _("Message"),
        "sent": _("Sent"),
        "ends": _("Ends"),
        "state": _("State"),
    }
    return Section("sign_off_links", _("Links that were sent to you to sign"), headings, rows)


def named_in(contributor: Contributor) -> Section:
    rows = ({"what": what, "where": where} for what, where in places_naming(contributor))
    headings = {"what": _("What"), "where": _("Where")}
    note = _("Words that somebody typed: an editor changes them by hand.")
    return Section("named_in", _("Texts in which your name stands"), headings, rows, note)


def places_naming(contributor: Contributor) -> Iterator[tuple[str, str]]:
    """Yield the texts in which the name stands: no deed changes what somebody typed."""
    if contributor.unnamed_at:
        return
    for model, fields in TEXTS.items():
        named = Q()
        for field in fields:
            named |= Q(**{f"{field}__contains": contributor.name})
        found: Iterable[Model] = model._default_manager.filter(named).order_by("pk").iterator(CHUNK)
        for row in found:
            yield str(model._meta.verbose_name), str(row)


TEXTS: dict[type[Model], tuple[str, ...]] = {
    Article: ("funding", "withdrawn_reason"),
    Revision: ("title", "summary", "text", "note"),
    Image: ("alt", "caption", "credit", "consent"),
    Page: ("title", "summary", "text"),
    Correction: ("before", "after", "why", "to_do", "noticed_by"),
    ReviewRound: ("evidence_searched_in", "note"),
    SectionNote: ("text",),
}


def portrait_of(contributor: Contributor) -> Iterator[tuple[str, bytes]]:
    if contributor.photo and contributor.photo.file:
        with contributor.photo.file.open("rb") as file:
            yield f"photo-{contributor.photo.key}.webp", file.read()
