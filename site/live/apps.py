from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps
from django.core import checks

from live.checks import outbox_looks_back_long_enough, regions_are_complete


class LiveConfig(AppConfig):
    name = "live"

    def ready(self) -> None:
        # Importing them is what registers regions, health checks and periodic jobs.
        discover("regions", "health", "periodic")
        checks.register(regions_are_complete)
        checks.register(outbox_looks_back_long_enough)


def discover(*names: str) -> None:
    """Import the modules of these names of each installed app, and of the rooms in it: ``regions``, ``guests.regions``."""
    for app in apps.get_app_configs():
        for folder in (Path(app.path), *sorted(Path(app.path).glob("*/"))):
            room = "" if folder == Path(app.path) else f".{folder.name}"
            for name in names:
                if (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists():
                    import_module(f"{app.name}{room}.{name}")
