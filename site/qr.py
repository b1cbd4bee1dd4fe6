"""QR codes as SVG, for pages."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """Black on white, with a margin, as large as its place."""
    svg = segno.make(text, error="m").svg_inline(omitsize=True, border=3, dark="#000", light="#fff", svgclass="qr")
    return mark_safe(svg)  # noqa: S308  (segno writes paths and colours only)
