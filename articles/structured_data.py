"""What search engines read: an article as schema.org's MedicalWebPage, in JSON-LD."""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from articles.claims import Claims
from articles.models import Article, Citation, Contributor, Correction, Review

# JSON inside a script element may not hold "</script" or "<!--" (HTML, section 4.12.1.3).
ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def json_ld(
    article: Article,
    authors: Sequence[Contributor],
    citations: Sequence[Citation],
    claims: Claims,
    *,
    corrections: Sequence[Correction] = (),
) -> SafeString:
    """Return the JSON-LD of an article, safe inside a script element; "" when it never was out."""
    if not article.published_at:
        return SafeString()
    facts = medical_web_page(article, authors, citations) | reviewed(claims)
    facts |= corrected(corrections)
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


def reviewed(claims: Claims) -> dict[str, Any]:
    """Return when and by whom a page was reviewed, of which every section is signed.

    Whoever's name is held, or was replaced by a role, is not named: no reviewer is better than one
    who is none.
    """
    if not claims.reviewed_on:
        return {}
    named = {
        review.contributor_id: reviewer(review)
        for review in claims.signing
        if not review.name_held and not review.contributor.unnamed_at
    }
    by = {"reviewedBy": list(named.values())} if named else {}
    return {"lastReviewed": claims.reviewed_on.isoformat(), **by}


def corrected(corrections: Sequence[Correction]) -> dict[str, Any]:
    """Return what was put right, as schema.org's CorrectionComment; nothing where nothing was."""
    told = [
        {
            "@type": "CorrectionComment",
            "url": settings.SITE_URL + entry.get_absolute_url(),
            "datePublished": entry.at.isoformat(),
            "text": " ".join(filter(None, (entry.before, "→", entry.after, entry.to_do))),
        }
        for entry in corrections
    ]
    return {"correction": told} if told else {}


def reviewer(review: Review) -> dict[str, Any]:
    """Return a reviewer as they were when they signed."""
    facts = {
        "@type": "Person",
        "name": review.name,
        "jobTitle": review.profession,
        "url": settings.SITE_URL + review.contributor.get_absolute_url(),
        "sameAs": review.register_url,
    }
    return {key: value for key, value in facts.items() if value}


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
