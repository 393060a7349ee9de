"""Static files: hashed names, compressed, and the style sheets joined into one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import find
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SITE_CSS = "css/site.css"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
IMPORT = re.compile(r'@import "([\w-]+\.css)"(?: layer\((\w+)\))?;')


class JoinedManifestStorage(CompressedManifestStaticFilesStorage):
    """Puts the sheets that site.css imports into its collected copy; the sources stay as they are.

    Where files are served from the sources (in tests, under DEBUG) the browser follows the imports.
    """

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if not dry_run and SITE_CSS in paths:
            self.delete(SITE_CSS)
            self.save(SITE_CSS, ContentFile(joined(Path(str(find(SITE_CSS))))))
            paths[SITE_CSS] = (self, SITE_CSS)
        # WhiteNoise does not annotate this one.
        yield from super().post_process(paths, dry_run=dry_run, **options)  # type: ignore[no-untyped-call]


def joined(sheet: Path) -> str:
    """Return `sheet` with its imports in their places, without comments and idle space."""

    def imported(match: re.Match[str]) -> str:
        name, layer = match.groups()
        rules = (sheet.parent / name).read_text()
        return f"@layer {layer} {{ {rules} }}" if layer else rules

    css = COMMENT.sub("", IMPORT.sub(imported, sheet.read_text()))
    return re.sub(r" ?([{};,]) ?", r"\1", " ".join(css.split())).replace(";}", "}")
