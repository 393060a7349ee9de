"""Whoever sees little can read every word: WCAG contrast, computed from the style sheets."""

import math
import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parent.parent / "static/css/tokens.css").read_text()
PAIR = re.compile(r"--([\w-]+): light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\);")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS)}
SCHEMES = ["light", "dark"]

# What is read, and on what; 7:1 is WCAG's AAA (1.4.6).
TEXT = [
    *[(ink, paper) for ink in ("ink", "quiet", "accent") for paper in ("paper", "raised", "wash")],
    *[(ink, paper) for ink in ("routine", "soon", "now") for paper in ("paper", "raised")],
    ("on-accent", "accent"),
    ("on-accent", "now"),
]
# The edges of what is operated; 3:1 is WCAG 1.4.11.
CONTROLS = [(edge, paper) for edge in ("quiet", "accent", "now") for paper in ("paper", "wash")]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_words_stand_out_seven_to_one(ink: str, paper: str, scheme: str) -> None:
    assert contrast(linear(ink, scheme), linear(paper, scheme)) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("edge", "paper"), CONTROLS)
def test_controls_stand_out_three_to_one(edge: str, paper: str, scheme: str) -> None:
    assert contrast(linear(edge, scheme), linear(paper, scheme)) >= 3


def test_browsers_without_light_dark_get_the_same_colours() -> None:
    fallback = TOKENS.partition("@supports not")[2]
    light, dark = fallback.split("@media")
    for name in COLOURS:
        assert written(name, light) == hexadecimal(linear(name, "light"))
        assert written(name, dark) == hexadecimal(linear(name, "dark"))


def linear(name: str, scheme: str) -> list[float]:
    """Return a token as linear sRGB (https://bottosson.github.io/posts/oklab/)."""
    lightness, chroma, hue = COLOURS[name][SCHEMES.index(scheme)].replace("%", "").split()
    angle = math.radians(float(hue))
    L = float(lightness) / 100
    a, b = float(chroma) * math.cos(angle), float(chroma) * math.sin(angle)
    long = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (L - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = [
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    ]
    assert all(-0.001 < channel < 1.001 for channel in rgb), f"{name} is no sRGB colour"
    return [min(max(channel, 0), 1) for channel in rgb]


def contrast(one: list[float], other: list[float]) -> float:
    def luminance(rgb: list[float]) -> float:
        return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def hexadecimal(rgb: list[float]) -> str:
    def encoded(channel: float) -> int:
        if channel <= 0.0031308:
            return round(255 * 12.92 * channel)
        return round(255 * (1.055 * channel ** (1 / 2.4) - 0.055))

    return "#" + "".join(f"{encoded(channel):02x}" for channel in rgb)


def written(name: str, rules: str) -> str:
    digits = re.search(rf"--{name}: #([0-9a-f]+);", rules)
    assert digits, f"{name} has no fallback"
    short = digits[1]
    return "#" + ("".join(2 * digit for digit in short) if len(short) == 3 else short)
