from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps


class LiveConfig(AppConfig):
    name = "live"

    def ready(self):
        # A region exists once its class does, a check and a chore once its function does.
        discover("regions", "health", "periodic")


def discover(*names: str) -> None:
    """Import the modules of these names of each installed app, and of the rooms in it: ``regions``, ``guests.regions``."""
    for app in apps.get_app_configs():
        for folder in (Path(app.path), *sorted(Path(app.path).glob("*/"))):
            room = "" if folder == Path(app.path) else f".{folder.name}"
            for name in names:
                if (folder / f"{name}.py").exists() or (folder / name / "__init__.py").exists():
                    import_module(f"{app.name}{room}.{name}")
