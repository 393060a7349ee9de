"""The names under which members speak."""

import random
from collections.abc import Iterable, Iterator
from itertools import count
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import handles
from accounts.models import User
from articles.models import Article

Visitor = User | AnonymousUser


class VoiceQuerySet(models.QuerySet["Voice"]):
    def of(self, user: User, article: Article, kind: str) -> "Voice":
        """Return the voice of this kind that `user` speaks with under `article`."""
        if kind == Voice.Kind.DISCUSSION:
            return self.in_discussion(user, article)
        return self.handle_of(user)

    def handle_of(self, user: User) -> "Voice":
        """Return the voice of `user`'s handle, made when they first speak."""
        voice, _created = self.get_or_create(
            user=user, kind=Voice.Kind.HANDLE, article=None, defaults={"name": user.handle}
        )
        return voice

    def in_discussion(self, user: User, article: Article) -> "Voice":
        """Return the voice that `user` has in the discussion of `article` alone, made if need be.

        Its name is the one that `discussion_name` said, unless somebody has taken that meanwhile.
        """
        mine = {"user": user, "article": article, "kind": Voice.Kind.DISCUSSION}
        while not (voice := self.filter(**mine).first()):
            name = self.discussion_name(user, article)
            key = handles.fold(name)
            try:
                with transaction.atomic():
                    handles.hold(name)
                    if not handles.borne_among([key]):
                        return self.create(**mine, name=name, key=key)
            except IntegrityError:
                pass  # of two at once, the other has the name, or made this very voice
        return voice

    def discussion_name(self, user: User, article: Article) -> str:
        """Return the name that `user` has, or would get, in the discussion of `article` alone.

        It is drawn by a keyed hash of both: the composer can show it before anything is stored,
        and nobody without the site's key can tell from it who bears it.
        """
        mine = self.filter(user=user, article=article, kind=Voice.Kind.DISCUSSION).first()
        return mine.name if mine else next(self._free_names(user, article))

    def nobody(self) -> "Voice":
        """Return the one voice of all comments whose writers took their names off."""
        voice, _created = self.get_or_create(kind=Voice.Kind.NOBODY, user=None, article=None)
        return voice

    def names_in_use(self, keys: Iterable[str]) -> set[str]:
        """Return those of these folded names that are a discussion name somewhere."""
        return set(
            self.filter(kind=Voice.Kind.DISCUSSION, key__in=keys).values_list("key", flat=True)
        )

    def rename(self, user: User) -> None:
        """Show `user`'s new handle wherever they spoke under the old one.

        And nowhere else: a page that grows old at the same moment would tell who speaks there
        under a discussion name.
        """
        with transaction.atomic():
            mine = self.filter(user=user, kind=Voice.Kind.HANDLE)
            mine.update(name=user.handle)
            spoken = Article.objects.filter(comments__voice__in=mine)
            # In one order for all: two that rename at once never wait for each other.
            pks = list(
                Article.objects.select_for_update()
                .filter(pk__in=spoken.values("pk"))
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            Article.objects.filter(pk__in=pks).bump()

    def _free_names(self, user: User, article: Article) -> Iterator[str]:
        """Yield names that nobody has, in this discussion or as a handle; two words if possible.

        Nor do they have one twice: it would be taken for one person in two discussions.
        """
        seed = salted_hmac(
            "comments.discussion_name", f"{user.pk}:{article.pk}", algorithm="sha256"
        ).digest()
        lots = random.Random(seed)  # noqa: S311 - the secret is in the seed
        here_or_theirs = self.filter(models.Q(article=article) | models.Q(user=user))
        known = set(here_or_theirs.values_list("key", flat=True))
        for highest in count(0, 100):
            drawn = [handles.draw(lots) for _unused in range(6)]
            named = [f"{name} {lots.randint(2, highest)}" if highest else name for name in drawn]
            keys = {handles.fold(name): name for name in named}
            borne = handles.borne_among(keys)
            yield from (name for key, name in keys.items() if key not in borne | known)


class Voice(models.Model):
    """The name under which a member speaks in a place; a comment shows its voice.

    Public code reads `name` and never `user`. It lives here and not in accounts, because a voice
    may be bound to an article and the ground floor knows no articles.
    """

    class Kind(models.TextChoices):
        HANDLE = "handle", _("handle")
        DISCUSSION = "discussion", _("discussion name")
        NOBODY = "nobody", _("former member")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="voices"
    )
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.HANDLE)
    name = models.CharField(max_length=30, blank=True)
    # A discussion name as folded for comparison: no handle may be mistaken for it.
    key = models.CharField(max_length=60, blank=True, db_index=True, editable=False)

    objects: ClassVar[VoiceQuerySet] = VoiceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        constraints = [
            models.UniqueConstraint(
                "user", condition=models.Q(kind="handle"), name="voice_one_handle_a_member"
            ),
            models.UniqueConstraint(
                "user",
                "article",
                condition=models.Q(kind="discussion"),
                name="voice_one_discussion_name_a_discussion",
            ),
            models.UniqueConstraint(
                "article",
                "key",
                condition=models.Q(kind="discussion") & ~models.Q(key=""),
                name="voice_discussion_name_is_one_persons",
            ),
            models.UniqueConstraint(
                "kind", condition=models.Q(kind="nobody"), name="voice_nobody_is_one"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="handle", article__isnull=True, user__isnull=False)
                | models.Q(kind="discussion", article__isnull=False, user__isnull=False)
                | models.Q(kind="nobody", article__isnull=True, user__isnull=True, name=""),
                name="voice_is_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("former member"))

    @property
    def is_only_here(self) -> bool:
        """Tell whether this name is used in one discussion only, and so is nobody's handle."""
        return self.kind == Voice.Kind.DISCUSSION
