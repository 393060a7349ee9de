"""The desk of those who moderate, and of those who check badges, phrases, rules and answers."""

from comments.admin import badge, case, comment, phrase, question, report, rule

__all__ = ["badge", "case", "comment", "phrase", "question", "report", "rule"]
