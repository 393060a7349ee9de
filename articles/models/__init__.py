"""What is published, one noun a file."""

from articles.models.article import Article, Authorship, ReviewState, RiskClass
from articles.models.category import Category
from articles.models.contributor import Contributor
from articles.models.correction import (
    Correction,
    CorrectionFollower,
    CorrectionMail,
    ReaderMessage,
)
from articles.models.help_line import HelpLine
from articles.models.image import Image
from articles.models.old_address import OldAddress
from articles.models.page import Page
from articles.models.review import MinorEdit, Review, ReviewedSection
from articles.models.review_round import DailyReaders, ReviewRound
from articles.models.revision import Revision, Section
from articles.models.section_note import SectionNote
from articles.models.sign_off import SignOffLink
from articles.models.source import Citation, Source
from articles.models.source_task import SourceTask

__all__ = [
    "Article",
    "Authorship",
    "Category",
    "Citation",
    "Contributor",
    "Correction",
    "CorrectionFollower",
    "CorrectionMail",
    "DailyReaders",
    "HelpLine",
    "Image",
    "MinorEdit",
    "OldAddress",
    "Page",
    "ReaderMessage",
    "Review",
    "ReviewRound",
    "ReviewState",
    "ReviewedSection",
    "Revision",
    "RiskClass",
    "Section",
    "SectionNote",
    "SignOffLink",
    "Source",
    "SourceTask",
]
