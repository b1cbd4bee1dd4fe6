#!/usr/bin/env python
"""Django's command line, with site/ on the import path.

``site`` is also a module of Python's own, imported before any of ours, so our site/ is a
folder of modules (settings, urls, asgi, live, …) and not a package.
"""

import os
import sys
from pathlib import Path


def main():
    sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
