"""How a badge looks, as SVG and as PNG.

The text of an SVG in an ``<img>`` can have no font but the reader's own, and no script measures it. So each text is
measured here, by B612, and the reader's font is fitted into that width.
"""

import io
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from PIL import Image, ImageDraw, ImageFont

HEIGHT, SIZE, PAD, BASELINE, ROUND = 20, 11, 6, 14, 3  # pixels
SCALE = 2  # of the PNG, for sharp screens
LONGEST_LABEL, LONGEST_WORD, LONGEST_TITLE = 40, 60, 200  # characters

FOLDER = settings.BASE / "static" / "fonts"
FONTS = ("b612-latin-400-normal", "overpass-latin-wght-normal", "overpass-latin-ext-wght-normal")
MISSING = "\U0010ffff"  # no font has it


class Colours(NamedTuple):
    """Backgrounds by tone, with what is written on them; ``label`` and ``on_label`` are of the left part."""

    label: str
    on_label: str
    tones: dict[str, str]
    on_tone: str


ON_SIGN = "#16130a"  # on yellow, which is the same in both themes
THEMES = {
    "light": Colours(
        label="#16130a",
        on_label="#fbfaf5",
        tones={
            "": "#124f9e",
            "good": "#0f6b3c",
            "warn": "#8a4b00",
            "bad": "#a3160f",
            "go": "#ffc800",
            "calm": "#595e64",
        },
        on_tone="#ffffff",
    ),
    "dark": Colours(
        label="#2b3034",
        on_label="#f1efe8",
        tones={
            "": "#8fbcff",
            "good": "#4cc38a",
            "warn": "#ffb74d",
            "bad": "#ff8a80",
            "go": "#ffc800",
            "calm": "#a2a8ae",
        },
        on_tone="#101214",
    ),
}


class Part(NamedTuple):
    """One half of a badge, left or right: its text and where that begins, in pixels."""

    text: str
    start: int
    text_width: int
    ground: str
    ink: str

    @property
    def width(self) -> int:
        return self.text_width + 2 * PAD

    @property
    def x(self) -> int:
        return self.start + PAD


def badge_svg(label: str, word: str, tone: str = "", theme: str = "light", lang: str = "en", title: str = "") -> str:
    left, right = parts(label, word, tone, theme)
    context = {
        "left": left,
        "right": right,
        "width": left.width + right.width,
        "straight": right.width - ROUND,
        "title": clean(title or f"{label}: {word}", LONGEST_TITLE),
        "lang": lang,
    }
    return render_to_string("embeds/badge.svg", context).strip()


@lru_cache(maxsize=256)
def badge_png(label: str, word: str, tone: str = "", theme: str = "light") -> bytes:
    """The same for mail programs, which show no SVG; twice the size, to be shown at a height of 20 pixels."""
    left, right = parts(label, word, tone, theme)
    size = ((left.width + right.width) * SCALE, HEIGHT * SCALE)
    image = Image.new("RGB", size, left.ground)
    draw = ImageDraw.Draw(image)
    draw.rectangle((right.start * SCALE, 0, *size), fill=right.ground)
    for part in (left, right):
        x: float = part.x * SCALE
        for font, run in runs(part.text):
            draw.text((x, BASELINE * SCALE), run, fill=part.ink, font=fonts()[font], anchor="ls")
            x += fonts()[font].getlength(run)
    image.putalpha(corners(size))
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def corners(size: tuple[int, int]) -> Image.Image:
    """The mask that rounds the corners. It is drawn larger, since Pillow draws hard edges."""
    larger = 4
    mask = Image.new("L", (size[0] * larger, size[1] * larger), 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, mask.width - 1, mask.height - 1), radius=ROUND * SCALE * larger, fill=255
    )
    return mask.resize(size, Image.Resampling.LANCZOS)


def parts(label: str, word: str, tone: str, theme: str) -> tuple[Part, Part]:
    colours = THEMES[theme]
    tone = tone if tone in colours.tones else ""
    label, word = clean(label, LONGEST_LABEL), clean(word, LONGEST_WORD)
    left = Part(label, 0, text_width(label), colours.label, colours.on_label)
    ink = ON_SIGN if tone == "go" else colours.on_tone
    return left, Part(word, left.width, text_width(word), colours.tones[tone], ink)


def clean(text: str, longest: int) -> str:
    """One line without what XML forbids, or what turns the direction of the text around it; cut where it is too long."""
    text = "".join(filter(str.isprintable, " ".join(unicodedata.normalize("NFC", text).split())))
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def text_width(text: str) -> int:
    """Its width in pixels."""
    return round(sum(fonts()[font].getlength(run) for font, run in runs(text)) / SCALE)


def runs(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of one font each, as ``(index, piece)``. What no font has is written ``?``."""
    for font, run in groupby(text, font_of):
        written = "".join(run)
        yield (0, "?" * len(written)) if font is None else (font, written)


@lru_cache(maxsize=4096)
def font_of(character: str) -> int | None:
    """The index of the first font that has the character."""
    return next((at for at, font in enumerate(fonts()) if drawn(font, character) != drawn(font, MISSING)), None)


def drawn(font: ImageFont.FreeTypeFont, character: str) -> tuple[float, tuple[int, int], bytes]:
    mask = font.getmask(character)
    return font.getlength(character), mask.size, bytes(mask)


@lru_cache
def fonts() -> list[ImageFont.FreeTypeFont]:
    """The fonts at the size of the PNG. Both are also in pages, and their licences lie beside them."""
    return [
        ImageFont.truetype(FOLDER / f"{name}.woff2", SIZE * SCALE, layout_engine=ImageFont.Layout.BASIC)
        for name in FONTS
    ]
