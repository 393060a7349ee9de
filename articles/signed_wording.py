"""A section exactly as somebody signed it: the proof behind each note that it was changed since."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.wording import Piece
from articles.caching import public_page
from articles.claims import claims_of
from articles.differences import for_readers
from articles.markdown import stored
from articles.models import Article, Citation, Review, Section
from articles.section_texts import differences_of
from articles.views import article as article_page


@dataclass(frozen=True)
class SignedWording:
    """What was signed, and how the page that readers see differs from it."""

    review: Review
    section: Section
    html: SafeString
    citations: list[Citation]
    today: Section | None  # where the article says it now; None: nowhere
    changes: list[Piece]

    @property
    def is_unchanged(self) -> bool:
        return bool(self.today and self.today.sha256 == self.section.sha256)


@require_safe
def signed_wording(request: HttpRequest, slug: str, review: int, position: int) -> HttpResponse:
    """Show a section as it was signed.

    Of a withdrawn article it shows why it was withdrawn, as its own address does: words that may
    hurt are not left readable next door because somebody once signed them.
    """
    article = Article.objects.with_page().filter(slug=slug).first()
    if article is None or not article.is_published:
        return article_page(request, slug)
    signed = get_object_or_404(shown_reviews(article), pk=review)
    section = get_object_or_404(signed.revision.sections.all(), position=position)
    if not signed.reviewed_sections.filter(section=section).exists():
        raise Http404(_("This section was not signed."))

    def answer() -> HttpResponse:
        wording = wording_of(article, signed, section)
        context = {"article": article, "wording": wording, "review": signed}
        return render(request, "articles/signed.html", context)

    return public_page(request, made_of=article.state(), render=answer)


def shown_reviews(article: Article) -> QuerySet[Review]:
    """Return the sign-offs whose wording readers may see.

    One that was taken back stays, and says so: what a page once called signed can be looked up.
    One that the person named disputes was never theirs.
    """
    found = Review.objects.public().filter(revision__article=article, disputed_at=None)
    return found.select_related("revision", "contributor")


def wording_of(article: Article, review: Review, section: Section) -> SignedWording:
    assert article.live
    revision, article.live.article = review.revision, article
    section.revision = revision
    revision.article = article
    keys = revision.cited_keys()[section.position]
    citations = revision.citations.filter(key__in=keys).select_related("source")
    today = today_of(article, section)
    return SignedWording(
        review=review,
        section=section,
        html=stored(revision.section_html[section.position]),
        citations=list(citations.order_by("number")),
        today=today,
        changes=for_readers(differences_of(section, today)) if today else [],
    )


def today_of(article: Article, section: Section) -> Section | None:
    """Return the section of the live text that stands where this one stood, under either name."""
    assert article.live
    found = claims_of(article.live).sections
    same = [c.section for c in found if c.signed and c.signed.sha256 == section.sha256]
    named = [c.section for c in found if c.section.anchor == section.anchor]
    return next(iter(named + same), None)
