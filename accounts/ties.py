"""How the rows of accounts, and of the packages that it brought in, are tied to people."""

from accounts.personal_data import Tie

GONE = "The rows are deleted."
EMPTY_ROW = "It points to the row of the account, which is empty then."
RANDOM_ID = "A random id, which nothing joins to a person any more."

TIES = [
    Tie(
        "accounts.User",
        ("email", "handle", "handle_key", "password"),
        "emptied",
        "The row stays, empty: what others did with it still points somewhere.",
        section="account",
    ),
    Tie("accounts.User", ("public_id",), "kept", RANDOM_ID, section="account"),
    Tie("accounts.User_groups", ("user",), "deleted", GONE, section="account"),
    Tie("accounts.User_user_permissions", ("user",), "deleted", GONE, section="account"),
    Tie(
        "accounts.Consent",
        ("user",),
        "kept",
        f"Proof of consent (GDPR article 7 (1)). {EMPTY_ROW}",
        section="consents",
    ),
    Tie("accounts.DataExport", ("user", "content"), "deleted", GONE, section="exports"),
    Tie("accounts.Departure", ("user",), "deleted", GONE, section="departure"),
    Tie(
        "accounts.FormerHandle",
        ("user",),
        "emptied",
        "Nobody’s from then on; the check value stays for a year, so that nobody takes the name.",
        section="former_handles",
    ),
    Tie("accounts.LegalHold", ("user",), "kept", EMPTY_ROW, section="legal_holds"),
    Tie(
        "accounts.LegalHold",
        ("case",),
        "emptied",
        "That there was a hold stays; the number of a case may tell whose it was.",
        section="legal_holds",
    ),
    Tie("accounts.LegalHold", ("set_by",), "kept", EMPTY_ROW, section="holds_set"),
    Tie("accounts.AuditAct", ("subject",), "kept", RANDOM_ID, section="acts"),
    Tie(
        "accounts.AuditAct",
        ("reason",),
        "emptied",
        "What staff wrote about somebody goes with them.",
        section="lookups",
    ),
    Tie("accounts.AuditAct", ("actor",), "kept", RANDOM_ID, section="acts_by_me"),
    Tie("accounts.Erasure", ("subject",), "kept", RANDOM_ID, section="erasures"),
    Tie(
        "accounts.OutgoingMail",
        ("message",),
        "deleted",
        "What is not sent yet is not sent any more, but for the mail that says that it is done.",
        section="mail",
    ),
    Tie(
        "accounts.RateCount",
        ("bucket",),
        "kept",
        "Gone by itself when its window of time ends.",
        not_shown="A keyed hash: nobody can tell whose it is.",
    ),
    # --- what other packages hold -----------------------------------------------------------------
    Tie("account.EmailAddress", ("user", "email"), "deleted", GONE, section="emails"),
    Tie(
        "account.EmailConfirmation",
        ("email_address",),
        "deleted",
        GONE,
        not_shown="Never made here: addresses are confirmed by codes.",
    ),
    Tie("mfa.Authenticator", ("user", "data"), "deleted", GONE, section="keys"),
    Tie(
        "usersessions.UserSession",
        ("user", "ip", "user_agent", "session_key"),
        "deleted",
        GONE,
        section="sessions",
    ),
    Tie(
        "sessions.Session",
        ("session_key", "session_data"),
        "deleted",
        GONE,
        not_shown="With its key somebody could be its owner; what it is for stands in “sessions”.",
    ),
    Tie("admin.LogEntry", ("user",), "kept", EMPTY_ROW, section="admin_log"),
    Tie(
        "admin.LogEntry",
        ("object_repr", "change_message"),
        "emptied",
        "What names the member in the log of others goes.",
        section="acts",
    ),
    Tie(
        "django_tasks_database.DBTaskResult",
        ("args_kwargs",),
        "kept",
        "Gone by itself after a week, or a month if it failed.",
        not_shown="Numbers of rows, which stand elsewhere among the data.",
    ),
]
