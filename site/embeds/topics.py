"""The topics of embeds: what can change."""


def embeds() -> str:
    """What staff and owners see of any embed."""
    return "embeds"


def embed(pk: int) -> str:
    """Whether one embed is still in use, and which sites may show it."""
    return f"embed-{pk}"


def sightings() -> str:
    """Where any embed was seen."""
    return "embed-sightings"
