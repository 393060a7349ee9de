"""What is published, one noun a file."""

from articles.models.article import Article, Authorship, RiskClass
from articles.models.category import Category
from articles.models.contributor import Contributor
from articles.models.help_line import HelpLine
from articles.models.image import Image
from articles.models.old_address import OldAddress
from articles.models.page import Page
from articles.models.revision import Revision, Section
from articles.models.source import Citation, Source

__all__ = [
    "Article",
    "Authorship",
    "Category",
    "Citation",
    "Contributor",
    "HelpLine",
    "Image",
    "OldAddress",
    "Page",
    "Revision",
    "RiskClass",
    "Section",
    "Source",
]
