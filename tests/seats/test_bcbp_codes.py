"""The code on the page says what the pass says, to a reader that is not ours."""

import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from bookings.seats.passes.aztec import aztec_svg
from bookings.seats.passes.bcbp import INFANT, Pass, decode, encode
from bookings.seats.passes.names import pass_name

PIXELS = 5  # for each square


def drawn(svg: str) -> Image.Image:
    """The picture that a browser makes of it: each path in its colour."""
    size = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])
    picture = Image.new("L", (size * PIXELS, size * PIXELS), 128)
    pencil = ImageDraw.Draw(picture)
    for colour, path in re.findall(r'fill="#(\w)\w\w" d="([^"]+)"', svg):
        for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\3z", path):
            left, top = int(x) * PIXELS, int(y) * PIXELS
            corner = left + int(width) * PIXELS - 1, top + int(height) * PIXELS - 1
            pencil.rectangle(((left, top), corner), fill=255 if colour == "f" else 0)
    return picture


@pytest.mark.parametrize(
    ("surname", "given", "seat"),
    [("Nguyễn", "Thị Minh", "12A"), ("O", "", INFANT), ("Щербаков", "Юрий", ""), ("O'Brien-Smith", "Anne", "1F")],
)
def test_an_independent_reader_reads_the_pass(surname, given, seat):
    leg = Pass(pass_name(surname, given), "7KQ2MX", "JFK", "LAX", "B6", 23, 191, "Y", seat, 7)
    (read,) = zxingcpp.read_barcodes(drawn(aztec_svg(encode(leg))))
    assert read.format == zxingcpp.BarcodeFormat.Aztec
    assert read.text == encode(leg)
    assert decode(read.text) == [leg]


def test_the_picture_has_no_style_and_no_script():
    svg = aztec_svg("M1")
    assert "style" not in svg and "script" not in svg and 'aria-hidden="true"' in svg
