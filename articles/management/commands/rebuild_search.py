from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import search


class Command(BaseCommand):
    help = _("Index all articles for search anew: after loading data, or another LANGUAGES.")

    def handle(self, *args: Any, **options: Any) -> None:
        count = search.rebuild()
        self.stdout.write(
            ngettext("%(count)d article indexed.", "%(count)d articles indexed.", count)
            % {"count": count}
        )
