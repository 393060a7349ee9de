"""The tree of topics."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from articles.markdown import render_fragment
from articles.models.old_address import OldAddress

MAX_DEPTH = 4  # deeper trees hide articles from people who browse
RESERVED_SLUGS = {"feed"}  # /topics/<path>/feed/ is the topic's feed


class CategoryQuerySet(models.QuerySet["Category"]):
    def within(self, category: "Category") -> Self:
        """Return `category` and all below it: one range of the index on `path`."""
        return self.filter(Q(path=category.path) | Q(path__startswith=f"{category.path}/"))

    def state(self) -> tuple[object, ...]:
        """Return what the tree is made of; it differs when a page that shows it would."""
        # The last key, because one that is deleted and a new one have the same number and sum.
        counted = models.Count("pk"), models.Max("pk"), models.Sum("version")
        return tuple(self.aggregate(*counted).values())

    def lock(self) -> None:
        """Hold the tree as it is until the transaction ends."""
        list(self.select_for_update().order_by("pk").values_list("pk"))

    def at(self, names: list[str], path: str = "") -> "Category":
        """Return the category at `path`, making what is missing of it under these names.

        Without a path it is made of the names. Raises ValidationError for a name or a slug that no
        category may have, or for too many of them.
        """
        slugs = path.split("/") if path else [slugify(name) for name in names]
        category: Category | None = None
        for name, slug in zip(names, slugs, strict=True):
            known = self.filter(path=f"{category.path}/{slug}" if category else slug).first()
            category = known or self._add(Category(name=name.strip(), slug=slug, parent=category))
        if category is None:
            raise ValidationError(_("A category needs a name."))
        return category

    def _add(self, category: "Category") -> "Category":
        category.full_clean()
        category.save()
        return category


class Category(models.Model):
    """A node of the tree (Health > Recovery). Its path is its address and its order."""

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("within"),
    )
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=60, db_index=False)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Smaller numbers come first; then by name.")
    )
    path = models.CharField(max_length=250, unique=True, editable=False)
    description = models.TextField(
        _("description"), blank=True, validators=[MaxLengthValidator(2_000)]
    )
    comments_open = models.BooleanField(
        _("comments open"),
        default=True,
        help_text=_("Closing a category closes the discussions of all below it."),
    )
    comments_held = models.BooleanField(
        _("comments wait for a moderator"),
        default=False,
        help_text=_("In the discussions of this category and of all below it."),
    )
    version = models.PositiveBigIntegerField(default=1, editable=False)

    objects: ClassVar[CategoryQuerySet] = CategoryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and carry everything below along when the path changed.

        One at a time: of two moves at once, one could go below what the other takes away.
        """
        self.slug = self.slug.lower()
        with transaction.atomic():
            Category.objects.lock()
            if self.parent:
                self.parent.refresh_from_db(fields=["path"])
            old = None if self._state.adding else self._stored_path()
            self._refuse_to_stand_below_itself()
            self.path = self._path_now()
            if old is not None:
                self.version = F("version") + 1
            super().save(*args, **kwargs)
            if old is not None:
                self._carry_along(old)

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.path])

    def clean(self) -> None:
        self.slug = self.slug.lower()  # as the addresses of topics are
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This slug is reserved.")})
        self._refuse_to_stand_below_itself()
        path = self._path_now()
        if path.count("/") + self._height() >= MAX_DEPTH:
            raise ValidationError(
                {"parent": _("The tree may be %(depth)d levels deep.") % {"depth": MAX_DEPTH}}
            )
        if Category.objects.filter(path=path).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": _("There is a category at this place already.")})
        taken = OldAddress.objects.taken(OldAddress.Kind.TOPIC, path)
        if taken.exclude(category__isnull=False, category=self.pk).exists():
            raise ValidationError({"slug": _("Another category was once at this address.")})

    @property
    def depth(self) -> int:
        """Return how many categories stand above this one."""
        return self.path.count("/")

    @property
    def description_html(self) -> SafeString:
        return render_fragment(self.description)

    def ancestors(self) -> list["Category"]:
        """Return the categories from the top down to this one, itself included."""
        return [*self.parent.ancestors(), self] if self.parent else [self]

    def discussions_open(self) -> bool:
        """Tell whether neither this category nor one above it was closed."""
        return all(category.comments_open for category in self.ancestors())

    def _path_now(self) -> str:
        return f"{self.parent.path}/{self.slug}" if self.parent else self.slug

    def _stored_path(self) -> str:
        return Category.objects.values_list("path", flat=True).get(pk=self.pk)

    def _refuse_to_stand_below_itself(self) -> None:
        if self._state.adding or not self.parent:
            return
        if f"{self.parent.path}/".startswith(f"{self._stored_path()}/"):
            raise ValidationError({"parent": _("A category cannot be moved below itself.")})

    def _height(self) -> int:
        """Return how many levels hang below this category."""
        if self._state.adding:
            return 0
        stored = self._stored_path()
        below = Category.objects.filter(path__startswith=f"{stored}/").values_list(
            "path", flat=True
        )
        return max((path.count("/") - stored.count("/") for path in below), default=0)

    def _carry_along(self, old: str) -> None:
        """Move what is below, and make old the pages of articles.

        Breadcrumbs name the whole path, and an ancestor may close what is below.
        """
        from articles.models.article import Article

        if old != self.path:
            below = Category.objects.filter(path__startswith=f"{old}/")
            path = Concat(Value(self.path), Substr("path", len(old) + 1))
            below.update(path=path, version=F("version") + 1)
            OldAddress.objects.remember_topic(old, self)
            OldAddress.objects.forget(OldAddress.Kind.TOPIC, self.path)
        Article.objects.filter(category__in=Category.objects.within(self)).bump_several()


@dataclass
class TopicNode:
    """A category with what hangs below it, as menus show it."""

    category: Category
    article_count: int = 0  # published articles here and below
    children: list["TopicNode"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.category.name

    def get_absolute_url(self) -> str:
        return self.category.get_absolute_url()


def topic_tree() -> list[TopicNode]:
    """Return the whole tree in the order of positions and names, with counts: two queries."""
    from articles.models.article import Article

    counts = dict(
        Article.objects.published()
        .order_by()
        .values_list("category_id")
        .annotate(count=models.Count("pk"))
    )
    nodes = {
        category.path: TopicNode(category, counts.get(category.pk, 0))
        for category in Category.objects.order_by("path")
    }
    roots: list[TopicNode] = []
    for path, node in reversed(nodes.items()):  # children first: counts add up on the way
        parent = nodes.get(path.rpartition("/")[0])
        if parent:
            parent.article_count += node.article_count
        (parent.children if parent else roots).append(node)
    for siblings in [roots, *(node.children for node in nodes.values())]:
        siblings.sort(key=lambda node: (node.category.position, node.name))
    return roots
