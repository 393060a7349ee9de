"""How much a reader waits for; benchmarks/weight.py tells it for any page."""

import pytest

from benchmarks.weight import weigh
from tests.browser.places import DISCUSSION
from tests.browser.trial import Trial

pytestmark = pytest.mark.browser

MOST = 14_000  # bytes: what a server may send at once, before the first answer (RFC 6928)


def test_an_article_with_50_comments_weighs_14_kb_beside_its_text(trial: Trial) -> None:
    weights = weigh(f"{trial.url}{DISCUSSION}")
    print(weights)
    assert weights["page, quality 11"] <= MOST
    assert weights["js, quality 11"] <= 3_000
