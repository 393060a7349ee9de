"""One page of a discussion, ready to be shown, and where in it a comment stands."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Now
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Section
from comments.models import Comment, LedTo
from comments.models.comment_query import SORTS, CommentQuerySet
from comments.models.discussion import discussion_of

THREADS_A_PAGE = 20
REPLIES_SHOWN = 5
REPLIES_A_PAGE = 1_000  # of a thread shown whole

SORT_LABELS = {
    "newest": gettext_lazy("Newest"),
    "oldest": gettext_lazy("Oldest"),
    "answered": gettext_lazy("Most answered"),
}


@dataclass
class Reply:
    """A reply where it is shown."""

    comment: Comment
    parent_is_above: bool  # directly, so that no words are needed to see what it answers
    parent_address: str


@dataclass
class Thread:
    """A top-level comment with the replies that are shown under it."""

    top: Comment
    replies: list[Reply]

    @property
    def address(self) -> str:
        """Return the address that shows this thread whole."""
        return f"?thread={self.top.pk}#comment-{self.top.pk}"

    @property
    def has_more(self) -> bool:
        return self.top.reply_count > sum(reply.comment.is_visible for reply in self.replies)


@dataclass
class Threads:
    """A page of the threads of a discussion; or of the replies of one thread, shown whole."""

    threads: list[Thread]
    page: "Page[int]"
    sort: str
    query: str  # what links to other pages begin with
    whole: Comment | None = None


def threads_of(article: Article, asked: QueryDict) -> Threads:
    """Return the page of threads that the query of an article's address asks for.

    Two queries, and one for the counts, however many comments there are. Raises Http404 for a page
    or a thread that is not there.
    """
    if "thread" in asked:
        return whole_thread(article, asked)
    sort = asked.get("sort", "newest")
    if sort not in SORTS:
        sort = "newest"
    page = page_of(discussion_of(article).thread_count, THREADS_A_PAGE, asked.get("page", "1"))
    threads = Comment.objects.threads(article, sort).slice(*places(page))
    tops = list(as_shown(threads.with_opening(REPLIES_SHOWN), article))
    replies = as_shown(Comment.objects.openings_of(tops), article)
    query = "" if sort == "newest" else f"sort={sort}&"
    return Threads(assembled(tops, replies, at_most=REPLIES_SHOWN), page, sort, query)


def whole_thread(article: Article, asked: QueryDict) -> Threads:
    number = asked.get("thread", "")
    threads = as_shown(Comment.objects.threads(article), article)
    top = (
        threads.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 20 else None
    )
    if top is None:
        raise Http404(_("There is no such thread in this discussion."))
    count = Comment.objects.replies_of([top]).count()
    page = page_of(count, REPLIES_A_PAGE, asked.get("page", "1"))
    shown = as_shown(Comment.objects.part_of(top, *places(page)), article)
    return Threads(assembled([top], shown), page, "newest", f"thread={top.pk}&", whole=top)


def page_of(count: int, size: int, asked: str) -> "Page[int]":
    """Return a page of places: which ones of `count` it shows."""
    try:
        return Paginator(range(count), size).page(asked)
    except InvalidPage as error:
        raise Http404(_("There is no such page.")) from error


def places(page: "Page[int]") -> tuple[int, int]:
    """Return where a page begins, and where the next one would."""
    start = (page.number - 1) * page.paginator.per_page
    return start, start + len(page)


def as_shown(comments: CommentQuerySet, article: Article) -> CommentQuerySet:
    """Fetch of comments on `article` what a discussion shows, and what became of them since.

    `section_stands`: the article still says what an answer was given on, to the letter.
    `led_to_revision`: the newest revision that a comment led to, if readers can see it.
    """
    same = Section.objects.filter(revision=article.live_id, sha256=OuterRef("answer__section_hash"))
    changes = LedTo.objects.filter(comment=OuterRef("pk"), revision__published_at__lte=Now())
    newest = changes.order_by("-revision__number").values("revision__number")[:1]
    return comments.for_discussion().annotate(
        section_stands=Exists(same), led_to_revision=Subquery(newest)
    )


def assembled(
    tops: list[Comment], replies: Iterable[Comment], *, at_most: int | None = None
) -> list[Thread]:
    """Return threads of `tops`, each with its share of `replies`, which are in order of threads.

    Of each thread the first `at_most` are shown; and those that are pinned under one that is.
    """
    by_top = {top: list(group) for top, group in groupby(replies, lambda reply: reply.root_id)}
    return [Thread(top, list(placed(top, by_top.get(top.pk, []), at_most=at_most))) for top in tops]


def placed(top: Comment, replies: list[Comment], *, at_most: int | None = None) -> Iterable[Reply]:
    """Yield replies in their order, each with where the comment stands that it answers.

    What is pinned stands directly under what it answers, wherever it came in between.
    """
    pinned: dict[int | None, list[Comment]] = defaultdict(list)
    for reply in replies:
        if reply.is_pinned:
            pinned[reply.parent_id].append(reply)
    in_order = [top, *(reply for reply in replies[:at_most] if not reply.is_pinned)]
    shown = [one for comment in in_order for one in followed(comment, pinned)]
    here = {comment.pk for comment in shown}
    for above, reply in pairwise(shown):
        assert reply.parent
        anchor = f"#comment-{reply.parent.pk}"
        address = anchor if reply.parent.pk in here else reply.parent.get_absolute_url()
        yield Reply(reply, reply.parent.pk == above.pk, address)


def followed(comment: Comment, pinned: dict[int | None, list[Comment]]) -> Iterable[Comment]:
    """Yield `comment`, and what is pinned under it, which may be answered by such replies too."""
    yield comment
    for reply in pinned.get(comment.pk, []):
        yield from followed(reply, pinned)


# --- where a comment stands -----------------------------------------------------------------------


def address_in_discussion(comment: Comment) -> str:
    """Return the address of the page that shows a visible comment, and its place there."""
    top = comment.root or comment
    query = {}
    page = Comment.objects.threads(comment.article).after(top).count() // THREADS_A_PAGE + 1
    place = what_it_stands_under(comment)
    if place.root_id:
        before = Comment.objects.replies_of([top]).before(place).count()
        if before >= REPLIES_SHOWN:
            query["thread"], page = top.pk, before // REPLIES_A_PAGE + 1
    if page > 1:
        query["page"] = page
    return reverse(
        "article", args=[comment.article.slug], query=query, fragment=f"comment-{comment.pk}"
    )


def what_it_stands_under(comment: Comment) -> Comment:
    """Return the comment by whose place that of `comment` is found: itself, unless it is pinned."""
    while comment.is_pinned and comment.parent:
        comment = comment.parent
    return comment


def discussion_address(article: Article) -> str:
    return reverse("article", args=[article.slug], fragment="discussion")
