"""Reading the SVG of a badge."""

import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    """Its label and its word."""
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def title(svg):
    return ElementTree.fromstring(svg).find(f"{SVG}title").text or ""
