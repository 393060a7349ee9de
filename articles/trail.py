"""All that was ever done to one article, by the audit trail: to it, and to what hangs on it."""

import re
from typing import Any

from django.db.models import Model, Q, QuerySet

from accounts.models import AuditAct
from articles.models import (
    Article,
    Correction,
    MinorEdit,
    OldAddress,
    ReaderMessage,
    Review,
    ReviewRound,
    SectionNote,
    SignOffLink,
    SourceTask,
)

ADDRESS = re.compile(r"/articles/([\w-]+)/")

# By which way each kind of row leads to its article.
PARTS: dict[type[Model], str] = {
    Review: "revision__article",
    SignOffLink: "revision__article",
    MinorEdit: "section__revision__article",
    SectionNote: "section__revision__article",
    ReviewRound: "article",
    SourceTask: "article",
    Correction: "article",
    ReaderMessage: "article",
}


def acts_on(article: Article) -> QuerySet[AuditAct]:
    """Return the acts on this article and on what hangs on it, the oldest first."""
    return AuditAct.objects.filter(about(article)).order_by("at", "pk")


def about(article: Article) -> Q:
    """Return the condition under which an act is about this article."""
    found = on_rows(Article, [article.pk])
    # What was done to a part that is gone by now, a message say, names no article any more.
    for model, way in PARTS.items():
        keys = model._default_manager.filter(**{way: article}).values_list("pk", flat=True)
        found |= on_rows(model, keys)
    return found


def on_rows(model: type[Model], keys: Any) -> Q:
    return Q(object_type=model._meta.label, object_id__in=[str(key) for key in keys])


def about_address(address: str) -> Q | None:
    """Return the condition for the article at this address, or at what it once was; or None."""
    named = ADDRESS.search(address)
    slug = named[1] if named else address.strip().strip("/")
    article = Article.objects.filter(slug=slug).first() or OldAddress.objects.article_at(slug)
    return about(article) if article else None
