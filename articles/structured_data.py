"""What search engines read: an article as schema.org's MedicalWebPage, in JSON-LD."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from articles.models import Article, Citation, Contributor

# JSON inside a script element may not hold "</script" or "<!--" (HTML, section 4.12.1.3).
ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def json_ld(
    article: Article, authors: Sequence[Contributor], citations: Sequence[Citation]
) -> SafeString:
    """Return the JSON-LD of an article, safe inside a script element; "" when it never was out."""
    if not article.published_at:
        return SafeString()
    facts = medical_web_page(article, authors, citations)
    return SafeString(json.dumps(facts, ensure_ascii=False).translate(ESCAPES))


def medical_web_page(
    article: Article, authors: Sequence[Contributor], citations: Sequence[Citation]
) -> dict[str, Any]:
    live, address = article.live, settings.SITE_URL + article.get_absolute_url()
    assert live
    assert article.published_at
    changed = article.updated_at or article.published_at
    page: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "@id": address,
        "url": address,
        "name": live.title,
        "headline": live.title,
        "description": live.summary,
        "inLanguage": article.language,
        "datePublished": article.published_at.isoformat(),
        "dateModified": changed.isoformat(),
        "author": [
            {
                "@type": "Person" if person.profession else "Organization",
                "name": person.name,
                "url": settings.SITE_URL + person.get_absolute_url(),
            }
            for person in authors
            if not person.unnamed_at  # a role is nobody's name
        ],
        "publisher": {
            "@type": "Organization",
            "name": settings.SITE_NAME,
            "url": settings.SITE_URL,
        },
        "breadcrumb": breadcrumb(article),
        "citation": [
            {"@type": "CreativeWork", "name": citation.source.title, "url": citation.source.link}
            for citation in citations
        ],
        "isAccessibleForFree": True,
    }
    if article.license:
        page["license"] = article.license
    if article.funding:
        page["funding"] = {"@type": "Grant", "description": article.funding}
    return {key: value for key, value in page.items() if value not in ("", [], None)}


def breadcrumb(article: Article) -> dict[str, Any]:
    steps = [(settings.ROOT_LABEL, "/topics/")]
    steps += [
        (category.name, category.get_absolute_url()) for category in article.category.ancestors()
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": settings.SITE_URL + path,
            }
            for position, (name, path) in enumerate(steps, 1)
        ],
    }
