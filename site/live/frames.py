"""What goes over a socket: a snapshot, or the difference of two, as htmx partials in a JSON envelope.

The envelope's ``v`` is the version that the page shows once the frame is in; ``from`` is the version it must show
before. A page that shows neither has missed something, and asks for the region again (static/js/live.js).
"""

import json
from itertools import pairwise

from live.regions import ROWS


def snapshot_frame(snapshot):
    """The whole region, for who shows anything else."""
    return envelope(partial(snapshot.region_id, "innerMorph", snapshot.html), v=snapshot.version)


def change_frame(before, after):
    """What turns ``before`` into ``after``, or the whole where that is shorter."""
    changes = "".join(differences(before, after))
    if len(changes) > len(after.html):
        return snapshot_frame(after)
    return envelope(changes, **{"from": before.version, "v": after.version})


def differences(before, after):
    """Partials, in an order that works although htmx looks all targets up before it changes anything."""
    if before.shell != after.shell:
        # data-keep: live.js leaves the element's rows as they are
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


def insertions(before, after):
    """New rows, each run of them in one partial behind the row that they follow and that was there already."""
    run, anchor = [], None
    for row_id, following in pairwise([*after.rows, None]):
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


def partial(target_id, swap, html):
    return f'<hx-partial hx-target="#{target_id}" hx-swap="{swap}">{html}</hx-partial>'


def envelope(content, **versions):
    return json.dumps({**versions, "content": content}, ensure_ascii=False, separators=(",", ":"))
