"""A site that has bad luck: ``serve(**unlucky("loses_hints"))`` runs it, and what it is unlucky in stands in this folder."""


def unlucky(*misfortunes, **environment):
    """Variables for a serving process: what goes wrong there, and which guards (``without_…``) are taken out."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.faults.unlucky.settings",
        "MISFORTUNES": ",".join(misfortunes),
        **environment,
    }
