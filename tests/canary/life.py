"""What the canary does here, through the front door: everything that a member can do.

Two bystanders do the same, so that what everybody's pages have in common is seen to be common.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core import mail
from django.core.mail import EmailMessage

from accounts.models import AuditAct, User
from comments.models import Badge, Comment, Voice
from comments.models.badge import years_from_now
from tests.canary.discussed import be_discussed, by_rule
from tests.canary.pages import filled, form_with, tree
from tests.canary.visitor import Visitor
from tests.canary.words import Canary
from tests.canary.world import World, work
from tests.passkey import Passkey, options_on

# In each of these discussions the canary has one name, and in the last one two.
HANDLE_ONLY, FIRST_NAME_ONLY, SECOND_NAME_ONLY, BOTH = "knees", "hips", "backs", "shoulders"
DISCUSSIONS = (HANDLE_ONLY, FIRST_NAME_ONLY, SECOND_NAME_ONLY, BOTH)
HANDLE, ONLY_HERE = {"as": "handle"}, {"as": "discussion"}


def code_for(email: str) -> str:
    work()
    sent = [str(message.body) for message in mail.outbox if message.to == [email]]
    return re.findall(r"^\d{6}$", sent[-1], re.MULTILINE)[0]


class Life:
    """The canary among others. Each method is something that a member does, or staff do to them."""

    def __init__(
        self, canary: Canary, others: Mapping[str, User], world: World, database: str
    ) -> None:
        self.canary, self.others, self.world, self.database = canary, others, world, database
        self.member = Visitor(canary.address, canary.browser)
        self.passkey = Passkey()
        self.said: dict[str, int] = {}
        self.mails: list[EmailMessage] = []

    def live(self) -> None:
        self.sign_up_with_words_in_hand()
        self.log_in_again()
        self.add_a_passkey()
        self.ask_for_badges()
        self.stand_by("bystander")
        self.stand_by("second bystander")
        self.take_back_beside("bystander")
        self.speak()
        self.take_back()
        self.tell_the_moderators()
        self.member.get(f"/search/?q={self.canary.hide('search')}")
        self.member.client.get(f"/articles/{self.canary.hide('address')}/")
        self.be_moderated()
        self.change_names()
        self.leave_a_draft()
        self.take_a_copy()
        work()
        self.mails = list(mail.outbox)

    def live_on(self) -> None:
        """Be held, reported, decided on, answered and told."""
        be_discussed(self)
        work()
        self.mails += mail.outbox

    # --- an account ---------------------------------------------------------------------------

    def sign_up_with_words_in_hand(self) -> None:
        """Write before there is an account; find the words again after the code."""
        words = self.canary.say("beforesignup")
        composer = f"/articles/{HANDLE_ONLY}/comments/new/"
        gate = self.member.send(composer, text=words, button="Keep my words and sign up")
        waiting = self.member.submit(
            gate,
            gate.redirect_chain[-1][0],
            email=self.canary.email,
            handle=self.canary.handle,
            password1=self.canary.password,
            age="on",
            public_comments="on",
        )
        at = waiting.redirect_chain[-1][0]
        back = self.member.submit(waiting, at, code=code_for(self.canary.email))
        assert words in back.text
        self.post(self.member, "beforesignup", back, back.redirect_chain[-1][0])

    def log_in_again(self) -> None:
        self.member.send("/accounts/logout/", action="logout")
        form = {"login": self.canary.email, "password": "qzwrongpassword"}
        self.member.send("/accounts/login/", **form)
        self.canary.secrets["wrongpassword"] = "qzwrongpassword"
        self.member.send("/accounts/login/", **(form | {"password": self.canary.password}))
        assert self.canary.handle in self.member.get("/accounts/").text

    def add_a_passkey(self) -> None:
        path = "/accounts/2fa/webauthn/add/"
        self.prove(path)
        page = self.member.get(path)
        credential = self.passkey.register(options_on(page.content, "creation_options"))
        fields = {"name": self.canary.hide("passkey"), "credential": credential}
        self.member.submit(page, path, passwordless="on", **fields)

    def ask_for_badges(self) -> None:
        """Ask twice: one request is refused, and the other one granted by two people."""
        moderator, superuser = self.logged_in("moderator"), self.logged_in("superuser")
        reason = {"reason": self.canary.hide("refusal")}
        superuser.send(f"/admin/comments/badge/{self.ask('refused')}/refuse/", **reason)
        granted = self.ask("granted")
        moderator.send(f"/admin/comments/badge/{granted}/check/")
        day = f"{years_from_now(1)}"
        superuser.send(f"/admin/comments/badge/{granted}/grant/", expires_on=day)

    def ask(self, label: str) -> UUID:
        number = self.canary.hide(f"number{label}")
        entry = self.canary.hide(f"entry{label}")
        fields = {
            "profession": "physiotherapist" if label == "granted" else "midwife",
            "register": "HCPC" if label == "granted" else "NMC",
            "number": number,
            "jurisdiction": "United Kingdom",
            "register_url": f"https://register.example/{entry}",
            "evidence": f"Ask {self.canary.hide(f'evidence{label}')} at my clinic.",
        }
        self.member.send("/accounts/badges/ask/", **fields)
        return Badge.objects.get(number=number).pk

    def take_a_copy(self) -> None:
        """See one's data, have a copy made, and fetch it."""
        self.prove("/accounts/data/")
        self.member.send("/accounts/data/", button="Make a copy of my data")
        work()
        page = tree(self.member.get("/accounts/data/").text)
        [file] = [one.attributes["href"] for one in page if "download" in one.attributes]
        assert self.member.get(file).content.startswith(b"PK")

    def leave(self, fate: str) -> None:
        self.prove("/accounts/leave/")
        self.member.send("/accounts/leave/", fate=fate)
        work()

    def prove(self, path: str) -> None:
        """Open a page that asks for the password once more."""
        page = self.member.get(path)
        if page.redirect_chain:
            at = page.redirect_chain[-1][0]
            self.member.submit(page, at, password=self.canary.password)

    # --- words --------------------------------------------------------------------------------

    def write(self, who: Visitor, slug: str, label: str, *, to: str = "", **choices: str) -> None:
        """Post a comment under a name; the text is known by its label."""
        answering = f"?parent={self.said[to]}" if to else ""
        path = f"/articles/{slug}/comments/new/{answering}"
        self.post(who, label, who.get(path), path, **choices)

    def post(self, who: Visitor, label: str, page: Any, at: str, **choices: str) -> None:
        self.world.clock.shift(61)  # no two at the same time
        text = self.text_of(who, label)
        done = who.submit(page, at, button="Post comment", text=text, **choices)
        assert "/comments/new/" not in done.request["PATH_INFO"], done.text
        self.said[label] = Comment.objects.get(text=text).pk

    def text_of(self, who: Visitor, label: str) -> str:
        """Return what is said: of the canary with a word of its own."""
        is_theirs = who is self.member
        return self.canary.say(label) if is_theirs else f"It told me {len(self.said)} times."

    def speak(self) -> None:
        """Speak under all names, with and without the badge, and be among others under each."""
        badge = Badge.objects.get(granted_at__isnull=False, user__handle=self.canary.handle)
        wearing = {"badge": f"{badge.pk}", "interests": self.canary.say("interests")}
        self.write(self.member, HANDLE_ONLY, "kneeshandle")
        self.write(self.member, HANDLE_ONLY, "kneesbadge", **wearing)
        self.write(self.member, HANDLE_ONLY, "kneesanswer", to="bystander knees")
        self.wear_it_under_another_name(wearing)
        for slug in (FIRST_NAME_ONLY, SECOND_NAME_ONLY):
            self.write(self.member, slug, f"{slug}voice", **ONLY_HERE)
            self.write(self.member, slug, f"{slug}answer", to=f"bystander {slug}", **ONLY_HERE)
        self.write(self.member, BOTH, "shouldershandle")
        self.write(self.member, BOTH, "shouldersvoice", **ONLY_HERE)
        for slug in (FIRST_NAME_ONLY, SECOND_NAME_ONLY, BOTH):
            spoken = Comment.objects.get(pk=self.said[f"{slug}voice"])
            self.canary.discussion_names[slug] = spoken.voice.name

    def wear_it_under_another_name(self, wearing: dict[str, str]) -> None:
        """Choose a badge for a name that is used only there, and be asked once more."""
        path = f"/articles/{FIRST_NAME_ONLY}/comments/new/"
        fields = filled(form_with(tree(self.member.get(path).text), "text"))
        chosen = {**fields, **ONLY_HERE, **wearing, "text": self.canary.say("hipsbadge")}
        asked = self.member.client.post(path, chosen)
        assert asked.status_code == 400
        self.post(self.member, "hipsbadge", asked, path, badge_confirmed="on")

    def stand_by(self, name: str) -> None:
        """Do under a name what the canary does under one of its own: nothing else is compared."""
        who = self.logged_in(name)
        for slug in (HANDLE_ONLY, BOTH):
            self.write(who, slug, f"{name} {slug}", **HANDLE)
        for slug in (FIRST_NAME_ONLY, SECOND_NAME_ONLY, BOTH):
            label = f"{name} {slug}" if slug != BOTH else f"{name} by another name"
            self.write(who, slug, label, **ONLY_HERE)

    def take_back_beside(self, name: str) -> None:
        who = self.logged_in(name)
        for slug, choices in ((HANDLE_ONLY, HANDLE), (SECOND_NAME_ONLY, ONLY_HERE)):
            self.write(who, slug, f"{name} {slug} withdrawn", **choices)
            self.take(who, "withdraw", f"{name} {slug} withdrawn")
        for slug, choices in ((HANDLE_ONLY, HANDLE), (FIRST_NAME_ONLY, ONLY_HERE)):
            label = f"{name} {slug} edited"
            self.write(who, slug, label, **choices)
            edited = {"text": f"It told me {len(self.said)} times. Then it said no more."}
            who.send(f"/comments/{self.said[label]}/edit/", **edited)

    def take_back(self) -> None:
        """Edit, cut, take a name off, withdraw: once under each kind of name."""
        for slug, choices in ((HANDLE_ONLY, HANDLE), (FIRST_NAME_ONLY, ONLY_HERE)):
            self.write(self.member, slug, f"{slug}earlier", **choices)
            edited = f"{self.canary.say(f'{slug}edited')} {self.canary.say(f'{slug}tobecut')}"
            for deed, change in (("edit", {"text": edited}), ("cut", {"passages": ["1"]})):
                self.member.send(f"/comments/{self.said[f'{slug}earlier']}/{deed}/", **change)
        for slug, choices in ((HANDLE_ONLY, HANDLE), (SECOND_NAME_ONLY, ONLY_HERE)):
            for deed in ("withdraw", "name-off"):
                self.write(self.member, slug, f"{slug}{deed}", **choices)
                self.take(self.member, deed, f"{slug}{deed}")

    def take(self, who: Visitor, deed: str, label: str) -> None:
        who.send(f"/comments/{self.said[label]}/{deed}/")

    def tell_the_moderators(self) -> None:
        """Report somebody, and ignore somebody."""
        about = self.said[f"bystander {FIRST_NAME_ONLY}"]
        words = {"reason": "abuse", "words": self.canary.hide("report")}
        self.member.send(f"/comments/{about}/report/", **words)
        self.take(self.member, "ignore", f"bystander {SECOND_NAME_ONLY}")

    def be_moderated(self) -> None:
        """Have a comment removed, a name looked up, a word told about oneself."""
        moderator = self.logged_in("moderator")
        for who, label in (
            (self.logged_in("bystander"), "bystander removed"),
            (self.member, "hipsremoved"),
        ):
            self.write(who, FIRST_NAME_ONLY, label, **ONLY_HERE)
            chosen: dict[str, object] = {"action": "remove", "_selected_action": [self.said[label]]}
            chosen |= {"remove": "1", **by_rule(self, who)}
            moderator.client.post("/admin/comments/comment/", chosen)
        removed = self.said["hipsremoved"]
        reason = {"reason": self.canary.hide("lookup")}
        moderator.client.post(f"/admin/comments/comment/{removed}/look-up/", reason)
        member = User.objects.get(handle=self.canary.handle)
        self.logged_in("superuser").send(f"/admin/accounts/user/{member.pk}/change/", button="Save")
        assert AuditAct.objects.filter(reason=self.canary.hide("lookup")).exists()
        assert Comment.objects.get(pk=removed).removed_reason == self.canary.hide("removal")

    def logged_in(self, name: str) -> Visitor:
        return Visitor.logged_in(self.others[name])

    # --- names --------------------------------------------------------------------------------

    def change_names(self) -> None:
        """Take another handle, another address, and another password."""
        self.member.send("/accounts/handle/", handle=self.canary.new_handle)
        self.prove("/accounts/data/")
        page = self.member.send(
            "/accounts/email/", email=self.canary.new_email, button="Send the code"
        )
        at = page.redirect_chain[-1][0]
        self.member.submit(page, at, code=code_for(self.canary.new_email))

    def leave_a_draft(self) -> None:
        """Write while signed out, log in, and never post it."""
        self.member.send("/accounts/logout/", action="logout")
        self.member.send(
            f"/articles/{FIRST_NAME_ONLY}/comments/new/",
            text=self.canary.hide("draft"),
            button="Keep my words and log in",
        )
        door = "/accounts/2fa/webauthn/login/"
        asked = self.member.client.get(door, headers={"accept": "application/json"})
        credential = self.passkey.sign(asked.json()["request_options"])
        self.member.client.post(door, {"credential": credential})
        assert self.canary.hide("draft") in self.member.get("/comments/unfinished/").text

    def names_of_others(self) -> dict[str, str]:
        """Return the names of the bystanders, each with what says whose it is."""
        return {
            voice.name: f"{voice.user} as {voice.article or 'handle'}"
            for voice in Voice.objects.filter(user__in=self.others.values())
        }

    def pages(self) -> list[str]:
        """Return where its words stand, or stood, for readers; and those of bystanders.

        What a page of the staff shows of an article is then seen to stand with others as well.
        """
        articles = [f"/articles/{slug}/" for slug in DISCUSSIONS]
        deeds = ("", "led-to/")
        return articles + [f"/comments/{pk}/{deed}" for pk in self.said.values() for deed in deeds]
