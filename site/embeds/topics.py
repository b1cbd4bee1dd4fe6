"""The topics of embeds: what can change."""


def embeds() -> str:
    """What staff and owners see of any embed."""
    return "embeds"


def embed(pk: int) -> str:
    """Whether one embed is still in use, and which sites may show it."""
    return f"embed-{pk}"


def embed_seen(pk: int) -> str:
    """Where one embed was seen."""
    return f"embed-seen-{pk}"
