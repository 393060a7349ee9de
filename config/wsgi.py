"""The WSGI application that granian (or any WSGI server) serves."""

import os
import re
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler
from django.utils.http import MAX_HEADER_LENGTH

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

CHARSET = re.compile(r";\s*charset\s*\*?\s*=[^;]*", re.IGNORECASE)


class Application(WSGIHandler):
    """Django's, reading all that comes as UTF-8, as browsers write it (WHATWG URL, section 5).

    Django believes the encoding that a Content-Type names, that of a GET too. "hex" or an endless
    one it fails to read before any middleware could answer; "utf-7" makes lone surrogates; with
    "latin-1" an address gives another page than the one that caches should keep for it.
    """

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        said = environ.get("CONTENT_TYPE", "")
        environ["CONTENT_TYPE"] = CHARSET.sub("", said[:MAX_HEADER_LENGTH])
        return super().__call__(environ, start_response)


django.setup(set_prefix=False)
application = Application()
