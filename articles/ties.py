"""How the rows of articles are tied to people: to staff who write, and to contributors.

What stands about a contributor is published on purpose. They get a copy, have it put right, or have
their name replaced by a role (articles/contributor_data.py); leaving as a member is not that.
"""

from accounts.personal_data import Tie

EMPTY_ROW = "It points to the row of the account, which is empty then."
BY_ROLE = "Stays published until the contributor asks for their name to be replaced by a role."

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
    Tie("articles.Authorship", ("contributor",), "kept", BY_ROLE, section="authorships"),
    Tie(
        "articles.Image",
        ("file", "alt", "caption", "credit", "consent"),
        "kept",
        "Stays with the articles that show it; a contributor’s portrait goes with their name.",
        not_shown="No picture belongs to a member; a contributor gets theirs in their copy.",
    ),
]
