"""Aztec codes as SVG: the code of boarding passes on phones."""

from aztec_code_generator import AztecCode
from django.utils.safestring import SafeString, mark_safe

MARGIN = 2  # in modules; Aztec needs none, but a reader finds the code sooner on a dark page


def aztec_svg(text: str) -> SafeString:
    """Black on white, with a margin, as large as its place."""
    code = AztecCode(text)
    size = code.size + 2 * MARGIN
    path = "".join(
        f"M{x + MARGIN} {y + MARGIN}h{width}v1h-{width}z"
        for y, row in enumerate(code.matrix)
        for x, width in _runs(row)
    )
    svg = (
        f'<svg class="aztec" viewBox="0 0 {size} {size}" shape-rendering="crispEdges" aria-hidden="true">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path fill="#000" d="{path}"/></svg>'
    )
    return mark_safe(svg)  # noqa: S308  (numbers only; the text is in the squares)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Where the black squares of a row begin, and how many stand beside each other."""
    runs: list[tuple[int, int]] = []
    for x, black in enumerate(row):
        if not black:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
