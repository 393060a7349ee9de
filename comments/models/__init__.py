"""What readers say, one noun a file."""

from comments.models.answer import Answer, AnswerRequest, LedTo, Question
from comments.models.appeal import Appeal
from comments.models.badge import Badge
from comments.models.case import Case
from comments.models.comment import Comment
from comments.models.decision import Decision
from comments.models.desk import DeskChoices, HandOverNote, HelpShown, WrongHold
from comments.models.discussion import Discussion
from comments.models.draft import Draft
from comments.models.earlier_text import EarlierText
from comments.models.follow import Follow
from comments.models.hold_count import HoldCount
from comments.models.ignored import Ignored
from comments.models.notification import Notification
from comments.models.notification_choice import Delivery, NotificationChoice
from comments.models.phrase import Phrase
from comments.models.report import Report
from comments.models.rule import Rule
from comments.models.sanction import Sanction
from comments.models.voice import Voice

__all__ = [
    "Answer",
    "AnswerRequest",
    "Appeal",
    "Badge",
    "Case",
    "Comment",
    "Decision",
    "Delivery",
    "DeskChoices",
    "Discussion",
    "Draft",
    "EarlierText",
    "Follow",
    "HandOverNote",
    "HelpShown",
    "HoldCount",
    "Ignored",
    "LedTo",
    "Notification",
    "NotificationChoice",
    "Phrase",
    "Question",
    "Report",
    "Rule",
    "Sanction",
    "Voice",
    "WrongHold",
]
