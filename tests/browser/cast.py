"""Who and what is there before a browser comes; runs inside the trial, by `manage.py shell`."""

from datetime import timedelta
from itertools import cycle

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from tests.browser.places import ANOTHER_MEMBER, DISCUSSED, EDITOR, MEMBER, PASSWORD

COMMENTS = 50


def fill() -> None:
    member = make_member(MEMBER, "Quiet Heron")
    another = make_member(ANOTHER_MEMBER, "Blue Kettle")
    editor = make_member(EDITOR, "Emil Edits", is_staff=True, is_superuser=True)
    discuss(Article.objects.get(slug=DISCUSSED), [member, another, editor])
    said_long_ago(member, Article.objects.get(slug="arabic"))


def make_member(email: str, handle: str, **fields: bool) -> User:
    user = User.objects.create_user(email, PASSWORD, handle=handle, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


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
    said[45].remove(by=people[2], reason="It named a dentist.")
    said[19].edit(f"{said[19].text}\n\nhttps://example.org/{'long-address-' * 12}")
    said[18].edit("أكلت الزبادي والموز المهروس في اليومين الأولين.")


def said_long_ago(author: User, article: Article) -> None:
    """Make a comment that can no longer be edited, only cut."""
    text = "It took nine days. My sister, who had it too, needed twelve. We both ate soup."
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
