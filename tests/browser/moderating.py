"""What stories share in which a comment waits for a moderator: first comments do."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.trial import Trial

QUEUE = "/admin/comments/case/"


def comment_with(page: Page, words: str) -> Locator:
    return page.get_by_role("article").filter(has_text=words)


def approve(moderator: Page, words: str) -> None:
    """Let a moderator find the comment with these words in the queue, and approve it."""
    moderator.goto(f"{QUEUE}?queue=held")
    moderator.get_by_role("link", name=words).click()
    moderator.get_by_role("button", name="Approve", exact=True).click()
    expect(moderator.locator(".messagelist")).to_contain_text("It is approved.")


def is_known(trial: Trial, email: str) -> None:
    """Let a member have said something already: a moderator reads first what is their first."""
    trial.python(
        "from accounts.models import User; from articles.models import Article; "
        "from tests.browser import cast; "
        f"member = User.objects.get(email={email!r}); "
        "cast.said_long_ago(member, Article.objects.get(slug='a-long-title-and-a-long-summary'), "
        "f'{member.handle} says good morning to all who read here.')"
    )


def due_before_all_others(trial: Trial, words: str) -> None:
    """Let the case of the comment with these words be the one that has waited longest."""
    trial.python(
        "from datetime import timedelta; from django.utils import timezone; "
        "from comments.models import Case; long_ago = timezone.now() - timedelta(days=9); "
        f"Case.objects.filter(comment__text={words!r}).update(due_at=long_ago)"
    )


def wait_at_the_desk(trial: Trial, email: str, words: str) -> None:
    """Let a comment of this member be held, and be the one that is due first."""
    trial.python(
        "from accounts.models import User; from articles.models import Article; "
        "from comments.models import Comment; "
        f"Comment.objects.post(author=User.objects.get(email={email!r}), text={words!r}, "
        "article=Article.objects.get(slug='wide'), held_for=['links'])"
    )
    due_before_all_others(trial, words)
