"""What the main thread of a page does, by Chromium's own trace."""

import json
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from tests.bench.dom import FLAGS
from tests.browser import on_path

TASKS = {"RunTask", "ThreadControllerImpl::RunTask"}
LONG = 50  # ms: a task that people notice
CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline"]


@contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=on_path(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def traced(browser, page, address):
    """A dict that has, at the end, of the main thread of the page at this address: the longest task, the long ones, and how busy it was."""
    figures = {}
    browser.start_tracing(page=page, categories=CATEGORIES)
    try:
        yield figures
    finally:
        trace = browser.stop_tracing()
    figures.update(main_thread(json.loads(trace)["traceEvents"], address))


def main_thread(events, address):
    process = process_of(events, address)
    (thread,) = {
        event["tid"]
        for event in events
        if event["name"] == "thread_name" and event["pid"] == process and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        event
        for event in events
        if event["name"] in TASKS and event.get("ph") == "X" and (event["pid"], event["tid"]) == (process, thread)
    ]
    lengths = [task["dur"] / 1000 for task in tasks]
    seconds = (tasks[-1]["ts"] - tasks[0]["ts"]) / 1e6
    return {
        "longest": max(lengths),
        "cpu": max(task.get("tdur", 0) for task in tasks) / 1000,  # without what else the machine did meanwhile
        "long": sum(length > LONG for length in lengths),
        "tasks": len(lengths),
        "busy": sum(lengths),
        "share": sum(lengths) / seconds / 10,
    }


def process_of(events, address):
    """The process that has the page: its frame was there when the trace began, or came meanwhile."""
    found = [
        frame["processId"]
        for event in events
        if event["name"] in ("TracingStartedInBrowser", "FrameCommittedInBrowser")
        for frame in event["args"]["data"].get("frames", [event["args"]["data"]])
        if frame.get("url", "").startswith(address) and "processId" in frame
    ]
    return found[-1]
