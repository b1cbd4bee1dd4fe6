"""What a part of the bench found, for people or as JSON."""

import os
import platform
import statistics
import sys
from typing import NamedTuple


class Column(NamedTuple):
    name: str
    title: str
    digits: int = 1


class Table(NamedTuple):
    """Rows are figures by the column's name, by what they are of. A figure that is None is one that cannot be had; one that is
    missing is not asked for."""

    title: str
    columns: list
    rows: dict
    remark: str = ""

    def print(self):
        print(f"\n**{self.title}**\n")
        print("| |" + "|".join(column.title for column in self.columns) + "|")
        print("|---|" + "--:|" * len(self.columns))
        for label, figures in self.rows.items():
            print(
                f"| {label} |"
                + "|".join(f" {written(figures.get(name, ''), digits)} " for name, _, digits in self.columns)
                + "|"
            )
        if self.remark:
            print(f"\n{self.remark}")


def written(figure, digits):
    if figure == "":
        return "–"
    return "never" if figure is None else f"{figure:,.{digits}f}"


def medians(blocks):
    """The median of each figure over blocks that measured the same."""
    return {name: median([block[name] for block in blocks]) for name in blocks[0]}


def median(figures):
    return None if None in figures else statistics.median(figures)


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def number(name, usual):
    return int(os.environ.get(name, usual))


def machine():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def note(text):
    print(text, file=sys.stderr, flush=True)
