"""The load: many sockets that watch one board, in a process of their own that costs as little as it can.

    python -m tests.bench.watchers PORT HOW_MANY PATH

Says ``{"connected": seconds}`` once all watch. For each line on its input it has the server make one change, and
says when that reached whom, in milliseconds from the commit; the bytes of one frame; and the microseconds of CPU,
of all threads of the server, that each delivery took from the request to the last one.
"""

import gc
import json
import os
import resource
import select
import socket
import statistics
import sys
import time
from contextlib import suppress

TEXT, PING = 0x81, 0x89
AT_ONCE = 200  # handshakes under way

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
ASK = "GET /bench/{} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Watchers:
    def __init__(self, port, how_many, path):
        self.poll = select.epoll()
        self.sockets = {}
        self.unread = {}  # what has come of a frame that is not complete, by socket
        handshake = HANDSHAKE.format(port=port, path=path).encode()
        while len(self.sockets) < how_many:
            batch = [socket.create_connection(("127.0.0.1", port)) for _ in range(min(AT_ONCE, how_many))]
            for one in batch:
                one.sendall(handshake)
            for one in batch:
                self.opened(one)
        self.server = socket.create_connection(("127.0.0.1", port))
        self.poll.register(self.server.fileno(), select.EPOLLIN)

    def opened(self, one):
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = one.recv(65536)
            assert part, f"not opened: {answer!r}"
            answer += part
        assert answer.startswith(b"HTTP/1.1 101"), answer
        one.setblocking(False)
        fd = one.fileno()
        self.sockets[fd] = one
        self.unread[fd] = answer.partition(b"\r\n\r\n")[2]
        self.poll.register(fd, select.EPOLLIN)

    def settle(self, seconds=0.5):
        """Take what comes for a while: heartbeats and pings, which end at no time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for fd, _ in self.poll.poll(left):
                self.frames(fd)

    def change(self):
        """One change: when it reached each, in milliseconds from the commit, and how long its frame was."""
        changed, moments, lengths = None, [], set()
        self.server.sendall(ASK.format("change").encode())
        while changed is None or len(moments) < len(self.sockets):
            for fd, _ in self.poll.poll(60):
                if fd == self.server.fileno():
                    changed = self.answer()
                elif length := self.frames(fd):
                    moments.append(time.monotonic())
                    lengths.add(length)
        self.server.sendall(ASK.format("usage").encode())
        cpu = self.answer()["cpu"] - changed["cpu"]
        taken = sorted((moment - changed["committed"]) * 1000 for moment in moments)
        return {
            "first": taken[0],
            "median": statistics.median(taken),
            "p99": taken[int(len(taken) * 0.99)],
            "last": taken[-1],
            "bytes": max(lengths),
            "cpu": cpu / len(taken) * 1e6,
        }

    def answer(self):
        """The server's answer to what it was asked, a JSON object."""
        answer = b""
        while True:
            answer += self.server.recv(65536)
            with suppress(ValueError):  # the head alone, so far
                return json.loads(answer.partition(b"\r\n\r\n")[2])

    def frames(self, fd):
        """Read what has come; the length of a complete frame of content, if there was one."""
        data = self.unread.pop(fd, b"") + os.read(fd, 262144)
        found = 0
        while len(data) > 1:
            head, length = 2, data[1]
            if length > 125:
                head = 4 if length == 126 else 10
                length = int.from_bytes(data[2:head], "big")
            if len(data) < head + length:
                break
            if data[0] == TEXT and data[head : head + 7] != b'{"beat"':
                found = head + length
            elif data[0] == PING:
                os.write(fd, bytes((0x8A, 0x80 | length, 0, 0, 0, 0)) + data[head : head + length])
            data = data[head + length :]
        if data:
            self.unread[fd] = data
        return found


def main(port, how_many, path):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()
    began = time.monotonic()
    watchers = Watchers(int(port), int(how_many), path)
    print(json.dumps({"connected": time.monotonic() - began}), flush=True)
    watchers.settle()
    for _ in sys.stdin:
        print(json.dumps(watchers.change()), flush=True)
        watchers.settle()


if __name__ == "__main__":
    main(*sys.argv[1:])
