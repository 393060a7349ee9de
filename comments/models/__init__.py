"""What readers say, one noun a file."""

from comments.models.comment import Comment
from comments.models.discussion import Discussion
from comments.models.draft import Draft
from comments.models.earlier_text import EarlierText
from comments.models.report import Report
from comments.models.voice import Voice

__all__ = ["Comment", "Discussion", "Draft", "EarlierText", "Report", "Voice"]
