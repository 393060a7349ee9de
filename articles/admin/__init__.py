"""The desk where articles are written, one noun a file."""

from articles.admin.article import ArticleAdmin
from articles.admin.category import CategoryAdmin
from articles.admin.contributor import ContributorAdmin
from articles.admin.correction import CorrectionAdmin
from articles.admin.help_line import HelpLineAdmin
from articles.admin.image import ImageAdmin
from articles.admin.minor_edit import MinorEditAdmin
from articles.admin.page import PageAdmin
from articles.admin.reader_message import ReaderMessageAdmin
from articles.admin.review import ReviewAdmin
from articles.admin.review_round import ReviewRoundAdmin
from articles.admin.source import SourceAdmin
from articles.admin.source_task import SourceTaskAdmin

__all__ = [
    "ArticleAdmin",
    "CategoryAdmin",
    "ContributorAdmin",
    "CorrectionAdmin",
    "HelpLineAdmin",
    "ImageAdmin",
    "MinorEditAdmin",
    "PageAdmin",
    "ReaderMessageAdmin",
    "ReviewAdmin",
    "ReviewRoundAdmin",
    "SourceAdmin",
    "SourceTaskAdmin",
]
