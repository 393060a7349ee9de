"""How the rows of comments are tied to people."""

from accounts.personal_data import Tie

GONE = "The rows are deleted."
BY_ROLE = "Stays published until the contributor asks for their name to be replaced by a role."
EMPTY_ROW = "It points to the row of the account, which is empty then."

TIES = [
    Tie(
        "comments.Comment",
        ("author",),
        "kept",
        f"Nobody but its writer and logged moderation reads it. {EMPTY_ROW}",
        section="comments",
    ),
    Tie(
        "comments.Comment",
        ("text", "html", "interests", "badge", "removed_reason", "likeness", "held_for"),
        "emptied",
        "A quiet line stays where others answered; who keeps the comments keeps the text alone.",
        section="comments",
    ),
    Tie(
        "comments.Comment",
        ("voice",),
        "emptied",
        "The name is off: it shows “former member”.",
        section="comments",
    ),
    Tie("comments.Comment", ("removed_by",), "kept", EMPTY_ROW, section="moderation"),
    Tie("comments.EarlierText", ("text",), "deleted", GONE, section="earlier_texts"),
    Tie("comments.Voice", ("user", "name", "key"), "deleted", GONE, section="names"),
    Tie("comments.Draft", ("author", "text", "choices"), "deleted", GONE, section="drafts"),
    Tie("comments.Ignored", ("user",), "deleted", GONE, section="ignored"),
    Tie("comments.Report", ("reporter",), "kept", EMPTY_ROW, section="reports"),
    Tie(
        "comments.Report",
        ("words", "email", "name", "place"),
        "emptied",
        "Reason and time stay for what was decided.",
        section="reports",
    ),
    Tie("comments.Report", ("handled_by",), "kept", EMPTY_ROW, section="moderation"),
    Tie("comments.Badge", ("user",), "kept", EMPTY_ROW, section="badges"),
    Tie(
        "comments.Badge",
        ("profession", "register", "number", "jurisdiction", "register_url", "evidence"),
        "emptied",
        "That there was a badge stays, which the audit trail speaks of; nothing of what it said.",
        section="badges",
    ),
    Tie(
        "comments.Badge",
        ("checked_by", "granted_by", "ended_by"),
        "kept",
        EMPTY_ROW,
        section="moderation",
    ),
    Tie("comments.Phrase", ("approved_by",), "kept", EMPTY_ROW, section="moderation"),
    Tie(
        "comments.Case",
        ("claimed_by",),
        "emptied",
        "Nobody is at it any more.",
        section="moderation",
    ),
    Tie("comments.Decision", ("subject",), "kept", EMPTY_ROW, section="decisions"),
    Tie(
        "comments.Decision",
        ("reason", "facts", "before"),
        "emptied",
        "That it was decided, when and by which rule stays for the public counts.",
        section="decisions",
    ),
    Tie("comments.Decision", ("by",), "kept", EMPTY_ROW, section="moderation"),
    Tie(
        "comments.Appeal",
        ("words", "answer"),
        "emptied",
        "That there was one stays, for the counts.",
        section="appeals",
    ),
    Tie("comments.Appeal", ("decided_by",), "kept", EMPTY_ROW, section="moderation"),
    Tie("comments.Sanction", ("user",), "kept", EMPTY_ROW, section="sanctions"),
    Tie("comments.Notification", ("user",), "deleted", GONE, section="notifications"),
    Tie("comments.NotificationChoice", ("user",), "deleted", GONE, section="notification_choices"),
    Tie("comments.Follow", ("user",), "deleted", GONE, section="follows"),
    Tie("comments.DeskChoices", ("user",), "deleted", GONE, section="desk_choices"),
    Tie("comments.HandOverNote", ("by",), "kept", EMPTY_ROW, section="moderation"),
    Tie("comments.WrongHold", ("by",), "kept", EMPTY_ROW, section="moderation"),
    Tie("comments.AnswerRequest", ("asked_by",), "kept", EMPTY_ROW, section="moderation"),
    Tie("comments.LedTo", ("noted_by",), "kept", EMPTY_ROW, section="moderation"),
    Tie("comments.Answer", ("contributor", "profession"), "kept", BY_ROLE, section="answers"),
    Tie("comments.AnswerRequest", ("contributor",), "kept", BY_ROLE, section="asked"),
]
