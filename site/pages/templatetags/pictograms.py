from django import template

register = template.Library()

FALLBACK = "pictograms/other.html"


@register.filter
def pictogram_files(name: str) -> list[str]:
    """The templates to try for a pictogram: its own, and an arrow where there is none of this name."""
    return [f"pictograms/{name}.html", FALLBACK]
