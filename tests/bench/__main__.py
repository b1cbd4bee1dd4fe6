"""How fast changes reach those who watch: ``make bench``. docs/performance.md says how to read it, and choose parts."""

import json
import os
import sys
from importlib import import_module

from tests.bench.tables import machine

USUAL = "fanout,dom,storm,stalled,booking"  # the others take long: soak, browser, screens


def main():
    results = {}
    if not os.environ.get("JSON"):
        print(machine())
    for part in os.environ.get("PARTS", USUAL).split(","):
        results[part] = []
        for table in import_module(f"tests.bench.{part}").measure():
            results[part].append({"title": table.title, "rows": table.rows})
            if not os.environ.get("JSON"):
                table.print()
                sys.stdout.flush()
    if os.environ.get("JSON"):
        print(json.dumps({"machine": machine(), "parts": results}, indent=1))


if __name__ == "__main__":
    main()
