"""What an article page weighs on the wire, beside the article's own text.

    python -m benchmarks.weight http://localhost:8000/articles/is-it-a-cold-or-flu/

Quality 11 is what static files get, once, and quality 5 what a server does to a page as it goes.
"""

import re
import sys
from urllib.parse import urljoin
from urllib.request import urlopen

import brotli

STYLE_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
SCRIPT = re.compile(r'<script type="module" src="([^"]+)"')


def weigh(address: str) -> dict[str, int]:
    """Return bytes by what they are; `page` is HTML and CSS less the article's own text."""
    html = get(address)
    css = b"".join(get(urljoin(address, link)) for link in STYLE_SHEET.findall(html.decode()))
    js = b"".join(get(urljoin(address, link)) for link in SCRIPT.findall(html.decode()))
    text = prose(html.decode()).encode()
    weights = {"html": len(html), "text": len(text), "css": len(css), "js": len(js)}
    for quality in (11, 5):
        small = {
            name: len(brotli.compress(part, quality=quality))
            for name, part in (("html", html), ("text", text), ("js", js))
        } | {"css": len(brotli.compress(css, quality=11))}
        weights |= {f"{name}, quality {quality}": size for name, size in small.items()}
        # Emptied rather than subtracted: what text and frame share is then counted in full.
        frame = len(brotli.compress(html.replace(text, b""), quality=quality))
        weights[f"page, quality {quality}"] = frame + small["css"]
    return weights


def prose(html: str) -> str:
    """Return the article's own text, which is what stands in the element .prose, if it has one."""
    opening = re.search(r'<div class="prose"[^>]*>', html)
    if opening is None:
        return ""
    start, depth = opening.end(), 1
    for tag in re.finditer(r"</?div\b", html[start:]):
        depth += -1 if tag[0].startswith("</") else 1
        if not depth:
            return html[start : start + tag.start()]
    raise ValueError("The article's text does not end.")


def get(address: str) -> bytes:
    with urlopen(address) as answer:  # noqa: S310 - somebody asked for this address
        return bytes(answer.read())


if __name__ == "__main__":
    for name, size in weigh(sys.argv[1]).items():
        print(f"{size:7,} {name}")
