from django import template

register = template.Library()

FALLBACK = "pictograms/other.html"


@register.filter
def pictogram_files(name: str) -> list[str]:
    """The templates of a pictogram, in order: its own, and the arrow as the fallback."""
    return [f"pictograms/{name}.html", FALLBACK]
