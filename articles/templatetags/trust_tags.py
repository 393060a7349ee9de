"""What lists say of clinical review, and how its people and sections are called."""

from django import template

from articles import trust
from articles.models import Article, Review, Section

register = template.Library()


@register.filter
def review_line(article: Article) -> str:
    return trust.in_lists(article)


@register.filter
def who(review: Review) -> str:
    return trust.who(review)


@register.filter
def section_name(section: Section) -> str:
    return trust.name_of(section)


@register.simple_tag
def signed_url(article: Article, review: Review, section: Section) -> str:
    return trust.signed_url(article, review, section)
