"""Frames, as they go over a socket: a snapshot, or the changes between two, as htmx partials in a JSON envelope.

The envelope's ``v`` is the version that the page shows once the frame is applied; ``from`` is the version it must show
before. A page that shows neither has missed a frame, and asks for the region again (static/js/live.js).
"""

import json
from collections.abc import Iterator

from live.regions import ROWS, Snapshot


def snapshot_frame(snapshot: Snapshot) -> str:
    """A full snapshot, for clients that show any other version."""
    return envelope(partial(snapshot.region_id, "innerMorph", snapshot.html), v=snapshot.version)


def change_frame(before: Snapshot, after: Snapshot) -> str:
    """The changes from ``before`` to ``after``, or the full snapshot where that is shorter."""
    changes = "".join(differences(before, after))
    if len(changes) > len(after.html):
        return snapshot_frame(after)
    return envelope(changes, **{"from": before.version, "v": after.version})


def differences(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Partials, in an order that works although htmx looks up all targets before it changes anything."""
    if before.shell != after.shell:
        # data-keep: live.js does not touch the rows in this element
        shell = after.shell.replace(f'id="{after.rows_id}"', f'id="{after.rows_id}" data-keep', 1)
        yield partial(after.region_id, "innerMorph", shell.replace(ROWS, ""))
    kept = [row_id for row_id in after.rows if row_id in before.rows]
    if kept != [row_id for row_id in before.rows if row_id in after.rows]:
        yield partial(after.rows_id, "innerMorph", "".join(after.rows.values()))
        return
    for row_id in before.rows:
        if row_id not in after.rows:
            yield partial(row_id, "delete", "")
    for row_id in kept:
        if before.rows[row_id] != after.rows[row_id]:
            yield partial(row_id, "outerMorph", after.rows[row_id])
    yield from insertions(before, after)


def insertions(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """New rows: each run of them is one partial, placed after the existing row that it follows."""
    run: list[str] = []
    anchor: str | None = None
    for row_id, following in zip(after.rows, [*list(after.rows)[1:], None], strict=False):
        if row_id in before.rows:
            anchor = row_id
        else:
            run.append(after.rows[row_id])
        if run and (following is None or following in before.rows):
            yield (
                partial(anchor, "afterend", "".join(run))
                if anchor
                else partial(after.rows_id, "afterbegin", "".join(run))
            )
            run = []


def partial(target_id: str, swap: str, html: str) -> str:
    return f'<hx-partial hx-target="#{target_id}" hx-swap="{swap}">{html}</hx-partial>'


def envelope(content: str, **versions: str) -> str:
    return json.dumps({**versions, "content": content}, ensure_ascii=False, separators=(",", ":"))
