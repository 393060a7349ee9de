"""Who and what is there before a browser comes; runs inside the trial, by `manage.py shell`."""

from datetime import timedelta
from functools import partial
from itertools import cycle

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts import leaving
from accounts.models import Consent, Fate, User
from articles import sign_off_links, signing, source_tasks
from articles.correcting import correct
from articles.models import (
    Article,
    Contributor,
    ReaderMessage,
    Review,
    SignOffLink,
    Source,
    SourceTask,
)
from articles.models.revision import copied_citations
from articles.source_checking.notice import Notice
from articles.source_checking.opening import open_tasks
from comments import answering
from comments.models import Badge, Comment, Follow, HandOverNote, Ignored, Report, Rule
from comments.models.badge import years_from_now
from comments.moderation import deciding
from tests.browser.places import (
    ADVISER,
    ANOTHER_MEMBER,
    ANOTHER_MODERATOR,
    CORRECTED,
    DISCUSSED,
    EDITOR,
    ENDED_LINK,
    LEAVER,
    LINK,
    MEMBER,
    MODERATOR,
    NEWCOMER,
    NUMBER,
    OBJECTOR,
    PASSWORD,
    RESTS_ON_LESS,
)

COMMENTS = 50


def fill() -> None:
    member = make_member(MEMBER, "Quiet Heron")
    another = make_member(ANOTHER_MEMBER, "Blue Kettle")
    editor = make_member(EDITOR, "Emil Edits", is_staff=True, is_superuser=True)
    discuss(Article.objects.get(slug=DISCUSSED), [member, another, editor])
    said_long_ago(member, Article.objects.get(slug="arabic"))
    moderator = make_moderator(MODERATOR, "Mona Reads")
    make_moderator(ANOTHER_MODERATOR, "Milo Relieves")
    wait_for_a_moderator(another, editor, Article.objects.get(slug="wide"))
    wear_badges(member, another, checker=moderator, granter=editor)
    review_and_change(Article.objects.get(slug="is-it-a-cold-or-flu"))
    ask_to_sign(Article.objects.get(slug="is-it-a-cold-or-flu"), editor)
    retract_a_source(Article.objects.get(slug=RESTS_ON_LESS), editor)
    put_right(Article.objects.get(slug=CORRECTED), another, editor)
    leaver = make_member(LEAVER, "Early Swift")
    Follow.objects.create(user=member, article=Article.objects.get(slug="wide"))
    ignore(member, whoever=leaver, under=Article.objects.get(slug="wide"))
    leaving.ask(leaver, Fate.KEEP)
    make_member(NEWCOMER, "Calm Otter")
    for email, handle in ((ADVISER, "Keen Finch"), (OBJECTOR, "Slow Maple")):
        text = f"{handle} says good morning to all who read here."
        said_long_ago(make_member(email, handle), Article.objects.get(slug="arabic"), text)


def review_and_change(article: Article) -> None:
    """Let a reviewer sign all of an article, and change the last words of it since."""
    assert article.live
    nora = Contributor.objects.create(
        name="Nora Nerve", profession="Neurologist", register_url="https://example.org/nerve"
    )
    signing.sign(
        article.live,
        nora,
        outcome=Review.Outcome.APPROVE,
        positions=range(article.live.sections.count()),
        identity=Review.Identity.CODE,
        scope="Checked what to do, and when to call.",
        covers_whole=True,
    )
    words = {"title": article.live.title, "summary": article.live.summary}
    text = f"{article.live.text}\nDrink enough.\n"
    copied = copied_citations(article.live)
    article.publish(article.revise(text=text, citations=copied, **words))


def ask_to_sign(article: Article, editor: User) -> None:
    """Send the reviewer a link whose address the tests know, and one that was taken back."""
    assert article.live
    ask = partial(
        sign_off_links.invite,
        article.live,
        Contributor.objects.get(name="Nora Nerve"),
        email="nora@example.org",
        message="Would you look at the last words? They are new.",
        by=editor,
    )
    for address in (ENDED_LINK, LINK):
        token = address.split("/")[2]
        SignOffLink.objects.filter(pk=ask().pk).update(token_hash=sign_off_links.hash_of(token))


def retract_a_source(article: Article, editor: User) -> None:
    """Find two notices about works that `article` cites, one of them confirmed."""
    assert article.live
    # No other article cites these.
    cited = Source.objects.filter(
        citations__revision=article.live, citations__key__in=("nhs", "nhlbi")
    )
    about = {
        source.pk: [
            Notice("", status, "", "", "2026-03-03", "10.1000/notice", "Errors in the data", "Test")
        ]
        for source, status in zip(cited.order_by("pk"), ("retracted", "corrected"), strict=False)
    }
    assert sum(done["opened"] for done in open_tasks(about))
    source_tasks.confirm(SourceTask.objects.filter(status="retracted")[0], by=editor)


def make_member(email: str, handle: str, **fields: bool) -> User:
    user = User.objects.create_user(email, PASSWORD, handle=handle, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    agreed = {"kind": Consent.Kind.PUBLIC_COMMENTS, "version": settings.CONSENT_VERSION}
    Consent.objects.create(user=user, **agreed)
    return user


def make_moderator(email: str, handle: str) -> User:
    moderator = make_member(email, handle, is_staff=True)
    moderator.groups.add(Group.objects.get(name="Moderators"))
    return moderator


def wait_for_a_moderator(writer: User, handed_over_by: User, article: Article) -> None:
    """Let one comment be held, another one be reported, and a third one ask something."""
    post = partial(Comment.objects.post, author=writer, article=article)
    post(text="My leaflet is at https://example.org/leaflet.", held_for=["links", "first"])
    advice, _ = post(text="Whoever reads long words aloud needs no more tablets.")
    details = {"reason": Report.Reason.UNSAFE, "words": "Somebody may stop theirs."}
    Report.objects.file(comment=advice, reporter=None, **details)
    question, _ = post(text="Does anybody read long words to children?", is_question=True)
    contributor = Contributor.objects.get(name="Bedside starter articles")
    answering.ask(question, contributor, by=handed_over_by)
    HandOverNote.objects.create(by=handed_over_by, text="Leaflets are fine since Monday.")


def wear_badges(holder: User, asker: User, *, checker: User, granter: User) -> None:
    """Let one badge be granted, and worn on a comment; another one waits to be checked."""
    details = {
        "profession": "physiotherapist",
        "register": "HCPC",
        "number": "PH-77123",
        "jurisdiction": "United Kingdom",
        "register_url": "https://register.example/entry/51",
        "evidence": "Write to my work address at the Elm Street clinic.",
    }
    badge = Badge.objects.ask(holder, **details, shows_number=True)
    badge.mark_checked(by=checker)
    badge.grant(by=granter, expires_on=years_from_now(1))
    article = Article.objects.get(slug="wide")
    text = "Long words are hard to read aloud; break them at their joints."
    Comment.objects.post(
        author=holder, article=article, text=text, badge=badge, interests="I run a clinic."
    )
    Badge.objects.ask(asker, **{**details, "profession": "midwife", "register": "NMC"})


def ignore(member: User, *, whoever: User, under: Article) -> None:
    text = "Nobody needs long words. Nobody! I said so yesterday, and I will tomorrow."
    comment, _ = Comment.objects.post(author=whoever, article=under, text=text)
    Ignored.objects.add(member, comment.voice)


def discuss(article: Article, people: list[User]) -> None:
    """Say what 50 readers might say: 20 threads, with answers, some edited, removed, withdrawn."""
    speakers, words = cycle(people), cycle(SAYINGS)
    said = []
    for number in range(COMMENTS):
        parent = said[(number * 7) % len(said)] if number >= 20 else None
        text = f"{next(words)} {number + 1} days after the operation. {next(words)}"
        comment, _ = Comment.objects.post(
            author=next(speakers), article=article, text=text, parent=parent
        )
        said.append(comment)
    said[40].edit(f"{said[40].text} (I had the wrong day.)")
    said[0].withdraw()
    rule = Rule.objects.in_force().first()
    removal = deciding.remove(said[45], by=people[2], rule=rule, reason="It named a dentist.")
    deciding.tell_decision.call(removal.pk)
    said[19].edit(f"{said[19].text}\n\nhttps://example.org/{'long-address-' * 12}")
    said[18].edit("أكلت الزبادي والموز المهروس في اليومين الأولين.")


def put_right(article: Article, by: User, editor: User) -> None:
    """Publish a correction of each degree, the milder one confirmed; and tell the editors."""
    said = {"before": "The dose was given for an hour.", "after": "It is that of a whole day."}
    correct(article, kind="safety", by=by, to_do="If you took more, call a doctor.", **said)
    mild = correct(
        article, kind="clarification", by=by, why="Two readers asked.", noticed_by="A nurse",
        before="“Often” could mean anything.", after="It means one person in three.",
    )  # fmt: skip
    mild.confirmed_at, mild.confirmed_by = timezone.now(), editor
    mild.save(update_fields=["confirmed_at", "confirmed_by"])
    ReaderMessage.objects.create(
        number=NUMBER, article=article, text="Is it a day or an hour?", correction=mild,
        state=ReaderMessage.State.CORRECTED, answer="A day. Thank you: we have put it right.",
        answered_at=timezone.now(),
    )  # fmt: skip


SOUP = "It took nine days. My sister, who had it too, needed twelve. We both ate soup."


def said_long_ago(author: User, article: Article, text: str = SOUP) -> None:
    """Make a comment that can no longer be edited, only cut."""
    comment, _ = Comment.objects.post(author=author, article=article, text=text)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Comment.objects.filter(pk=comment.pk).update(created_at=an_hour_ago)


SAYINGS = [
    "Soup was fine as long as it was no longer hot.",
    "I lived on yoghurt and mashed banana, and it was dull but it worked.",
    "Does anybody know whether rice is too small and gets stuck?",
    "My dentist gave me a syringe to rinse with, which helped a great deal.",
    "Scrambled eggs for breakfast, lunch and dinner.",
    "The swelling was worst on the second morning and then it went down.",
    "I tried toast too early. Do not try toast too early.",
    "Nobody had told me not to use a straw, so thank you for this page.",
    "Porridge with a lot of milk, cooled down, was the first thing that filled me.",
    "How long did the numb feeling in your lip last?",
    "I was back at work on the fourth day but could not talk for long.",
    "My mother swears by cold camomile tea; I cannot say that it did anything.",
    "They told me to rinse with salt water only from the second day on.",
    "Ice cream, no nuts, no wafer, and no regrets.",
    "It bled a little when I lay flat, and stopped when I sat up.",
    "Ask for the soft diet leaflet at reception, ours was in five languages.",
    "I cut pasta into very small pieces and chewed on the other side.",
    "The painkillers made me queasy until I took them with food.",
    "Did yours hurt more in the evening as well?",
    "For me the stitches dissolved after about ten days, the leaflet said two weeks.",
    "Avocado. That is my whole comment: avocado.",
    "I wish I had cooked and frozen a few things the week before.",
    "When it began to taste foul I rang them, and it was an infection after all.",
]
