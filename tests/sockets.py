"""Reading a region's socket: its frames, those with certain words, silence, and the code that it is closed with."""

import json
import time
from contextlib import contextmanager

import pytest
from websockets.exceptions import ConnectionClosed


def frames(socket, seconds=20):
    """Its frames with content, each within so many seconds; heartbeats are passed over."""
    while True:
        deadline = time.monotonic() + seconds
        while "content" not in (frame := json.loads(socket.recv(max(deadline - time.monotonic(), 0.01)))):
            pass
        yield frame


def next_frame(socket, seconds=20):
    return next(frames(socket, seconds))


def contents(socket, seconds=20):
    """The content of its frames alone."""
    return (frame["content"] for frame in frames(socket, seconds))


def content_with(socket, words, seconds=20):
    """Read up to a frame with these words; its content."""
    return next(content for content in contents(socket, seconds) if words in content)


@contextmanager
def silence(socket, seconds=0.8):
    """Nothing with content comes because of what the block does."""
    yield
    with pytest.raises(TimeoutError):
        next_frame(socket, seconds)


def close_code(socket, seconds=20):
    """Read a socket to its end: the code that it was closed with."""
    try:
        while True:
            socket.recv(seconds)
    except ConnectionClosed as closed:
        return closed.rcvd.code
