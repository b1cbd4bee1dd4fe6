"""Old HTML and a frame make the new HTML, whatever changed, and small changes make small frames."""

import json

from hypothesis import given
from hypothesis import strategies as st

from live.frames import change_frame, snapshot_frame
from live.regions import ROWS, Snapshot
from tests.live.dom import Dom

lists = st.lists(st.tuples(st.integers(0, 12), st.sampled_from("abc")), unique_by=lambda row: row[0], max_size=12)


def snapshot(rows, title="Board", version=None):
    html = {f"row-{pk}": f'<li id="row-{pk}">{text * 40}</li>' for pk, text in rows}
    return Snapshot(
        "board",
        "board-rows",
        f'<h2>{title}</h2><ul id="board-rows">{ROWS}</ul>',
        html,
        version or f"{title}{rows}",
        None,
    )


def page(shown):
    return Dom("board", shown.html, shown.version)


@given(lists, lists, st.sampled_from(["Board", "Other"]))
def test_old_html_and_a_change_make_the_new_html(old, new, title):
    before, after = snapshot(old), snapshot(new, title)
    dom = page(before)
    assert dom.take(change_frame(before, after))
    assert dom.html == after.html
    assert dom.version == after.version


@given(lists, lists)
def test_any_html_and_a_snapshot_make_the_new_html(old, new):
    dom = page(snapshot(old, "Older"))
    assert dom.take(snapshot_frame(snapshot(new)))
    assert dom.html == snapshot(new).html


def test_a_changed_row_sends_that_row_alone():
    before = snapshot([(pk, "a") for pk in range(50)])
    after = snapshot([(pk, "b" if pk == 7 else "a") for pk in range(50)])
    content = json.loads(change_frame(before, after))["content"]
    assert content == f'<hx-partial hx-target="#row-7" hx-swap="outerMorph"><li id="row-7">{"b" * 40}</li></hx-partial>'


def test_a_new_row_is_put_in_its_place_and_a_gone_one_deleted():
    before = snapshot([(1, "a"), (2, "a"), (4, "a")])
    after = snapshot([(1, "a"), (3, "b"), (4, "a")])
    content = json.loads(change_frame(before, after))["content"]
    assert '<hx-partial hx-target="#row-2" hx-swap="delete"></hx-partial>' in content
    assert '<hx-partial hx-target="#row-1" hx-swap="afterend"><li id="row-3">' in content
    assert content.count("hx-partial hx-target") == 2


def test_a_changed_shell_leaves_its_rows_alone():
    rows = [(pk, "a") for pk in range(50)]
    content = json.loads(change_frame(snapshot(rows), snapshot(rows, "Delayed")))["content"]
    assert "row-7" not in content
    assert 'id="board-rows" data-keep' in content


def test_a_frame_for_another_version_is_not_taken():
    one, two, three = (snapshot([(1, text), (2, "a"), (3, "a")]) for text in "abc")
    dom = page(one)
    assert not dom.take(change_frame(two, three))
    assert dom.html == one.html
    assert dom.take(change_frame(one, two))
    assert dom.take(change_frame(one, two)), "the same one twice does no harm"
    assert dom.html == two.html
