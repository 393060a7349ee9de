"""How the rows of articles are tied to people: to staff who write, and to contributors.

What stands about a contributor is published on purpose. They get a copy, have it put right, or have
their name replaced by a role (articles/contributor_data.py); leaving as a member is not that.
"""

from accounts.personal_data import Tie

EMPTY_ROW = "It points to the row of the account, which is empty then."
BY_ROLE = "Stays published until the contributor asks for their name to be replaced by a role."
NOTES = "They stay with the revision that they are about. " + EMPTY_ROW

TIES = [
    Tie("articles.Revision", ("created_by",), "kept", EMPTY_ROW, section="revisions"),
    Tie(
        "articles.Contributor",
        ("user",),
        "emptied",
        "The account is unlinked.",
        section="contributor",
    ),
    Tie(
        "articles.Contributor",
        ("name", "slug", "credentials", "register_url", "biography", "photo", "interests"),
        "kept",
        BY_ROLE,
        section="contributor",
    ),
    Tie(
        "articles.Contributor",
        ("email",),
        "emptied",
        "Where sign-off links went: it goes with the account, and with every other such address.",
        section="contributor",
    ),
    Tie("articles.Authorship", ("contributor",), "kept", BY_ROLE, section="authorships"),
    # --- clinical review --------------------------------------------------------------------------
    Tie("articles.Review", ("contributor",), "kept", BY_ROLE, section="reviews"),
    Tie(
        "articles.Review",
        ("name", "profession", "credentials", "register_url", "interests", "message"),
        "kept",
        f"What readers were told of who signed. {BY_ROLE}",
        section="reviews",
    ),
    Tie("articles.SignOffLink", ("contributor",), "kept", BY_ROLE, section="sign_off_links"),
    Tie(
        "articles.SignOffLink",
        ("email",),
        "emptied",
        "The link does nothing any more; that it was sent, and what was signed by it, stays.",
        section="sign_off_links",
    ),
    Tie("articles.SignOffLink", ("created_by",), "kept", EMPTY_ROW, section="article_acts"),
    Tie(
        "articles.Article",
        ("withdrawn_by", "withdrawal_confirmed_by"),
        "kept",
        EMPTY_ROW,
        section="article_acts",
    ),
    Tie(
        "articles.MinorEdit", ("marked_by", "checked_by"), "kept", EMPTY_ROW, section="article_acts"
    ),
    Tie("articles.ReviewRound", ("finished_by",), "kept", EMPTY_ROW, section="article_acts"),
    Tie("articles.SourceTask", ("decided_by",), "kept", EMPTY_ROW, section="article_acts"),
    Tie("articles.SectionNote", ("by", "asked", "text"), "kept", NOTES, section="section_notes"),
    Tie("articles.SectionNote", ("resolved_by",), "kept", EMPTY_ROW, section="article_acts"),
    # --- corrections ------------------------------------------------------------------------------
    Tie("articles.Correction", ("by", "confirmed_by"), "kept", EMPTY_ROW, section="article_acts"),
    Tie(
        "articles.Correction",
        ("noticed_by",),
        "kept",
        "Published with their leave; an editor takes it off when they ask.",
        not_shown="An editor typed it: nothing says which account it belongs to, if any.",
    ),
    Tie("articles.ReaderMessage", ("answered_by",), "kept", EMPTY_ROW, section="article_acts"),
    Tie(
        "articles.ReaderMessage",
        ("text",),
        "kept",
        "Gone by itself some time after it was answered.",
        not_shown="Sent without an account or an address: whoever has its number reads it.",
    ),
    Tie(
        "articles.CorrectionFollower",
        ("email",),
        "deleted",
        "The rows with a confirmed address of theirs are deleted.",
        section="followed_corrections",
    ),
    Tie(
        "articles.Image",
        ("file", "alt", "caption", "credit", "consent"),
        "kept",
        "Stays with the articles that show it; a contributor’s portrait goes with their name.",
        not_shown="No picture belongs to a member; a contributor gets theirs in their copy.",
    ),
]
