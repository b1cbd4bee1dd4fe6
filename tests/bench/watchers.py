"""The load: many sockets that watch one board, in a process of their own that costs as little as it can.

    python -m tests.bench.watchers PORT,… HOW_MANY PATH

Says ``{"connected": seconds}`` once all watch, and then does what each line on its input says, a JSON list of the name
of a method of Watchers and its arguments; its answer is a line of JSON. Moments are of ``time.monotonic()``, which is
the same clock in all processes.
"""

import errno
import gc
import json
import os
import re
import resource
import select
import socket
import statistics
import sys
import time
from bisect import bisect
from contextlib import ExitStack, contextmanager, nullcontext, suppress

TEXT, PING, BEAT = 0x81, 0x89, b'{"beat"'
AT_ONCE = 200  # handshakes under way
VERSION = re.compile(rb'"v":"(\w+)"')

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
ASK = "GET /bench/{} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Watchers:
    def __init__(self, ports, how_many, path):
        self.ports, self.how_many, self.path = ports, how_many, path
        self.poll = select.epoll()
        self.sockets = {}
        self.opening = {}
        self.unread = {}  # what has come of a frame that is not complete, by socket
        self.taken = b""  # what was read last, up to the end of a frame
        self.thrown_out = 0
        while len(self.sockets) < how_many:
            self.open_missing(AT_ONCE)
            self.take()
            assert not self.thrown_out, "The server opens no sockets."

    @contextmanager
    def asking(self):
        """With connections to ask the servers by. None is kept: a server ends those that ask nothing for half a minute."""
        with ExitStack() as stack:
            self.servers = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for port in self.ports]
            self.poll.register(self.servers[0].fileno(), select.EPOLLIN)
            yield

    # What it is told to do

    def settle(self, seconds=0.5):
        """Take what comes for a while: heartbeats and pings, which end at no time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for fd, _ in self.poll.poll(left):
                self.frames(fd)
        return {}

    def orders(self):
        """The lines of the input. Until one comes, what comes on the sockets is read: the server drops readers that stall."""
        begun = b""
        self.poll.register(sys.stdin.fileno(), select.EPOLLIN)
        while True:
            for fd, _ in self.poll.poll():
                if fd != sys.stdin.fileno():
                    self.frames(fd)
                    continue
                read = os.read(fd, 65536)
                if not read:
                    return
                *lines, begun = (begun + read).split(b"\n")
                self.poll.unregister(fd)
                yield from lines
                self.poll.register(fd, select.EPOLLIN)

    def change(self):
        """One change: when it reached each, in milliseconds from its commit, and what that took."""
        before = [self.ask(server, "usage")["cpu"] for server in self.servers[1:]]
        changed, moments, lengths = None, [], set()
        self.send(self.servers[0], "change")
        while changed is None or len(moments) < len(self.sockets):
            for fd, _ in self.poll.poll(60):
                if fd == self.servers[0].fileno():
                    changed = self.answer(self.servers[0])
                elif length := self.frames(fd):
                    moments.append(time.monotonic())
                    lengths.add(length)
        after = [self.ask(server, "usage")["cpu"] for server in self.servers]
        taken = sorted((moment - changed["committed"]) * 1000 for moment in moments)
        self.settle()
        return {
            "first": taken[0],
            "median": statistics.median(taken),
            "p99": taken[int(len(taken) * 0.99)],
            "last": taken[-1],
            "bytes": max(lengths),
            "cpu": (sum(after) - sum(before) - changed["cpu"]) / len(taken) * 1e6,
            "changed": changed,
        }

    def storm(self, waits_for_frames):
        """Drop all sockets at once, change a row, and open all again at once: seconds until all are back, and current.

        Those who come back say the version that they show, so that the server owes each of them what it has missed.
        Whom the server throws out tries again at once; what is not done after a minute, never is.
        """
        self.thrown_out = 0
        if shown := VERSION.findall(self.taken):
            self.path = re.sub(r"\bv=\w*", f"v={shown[-1].decode()}", self.path)
        began = time.monotonic()
        for one in self.sockets.values():
            one.close()
        self.sockets, self.unread = {}, {}
        self.ask(self.servers[0], "change")
        back = current = None
        reached = set()
        while time.monotonic() < began + 60 and not (back and current):
            self.open_missing(self.how_many)
            self.take(reached)
            if len(self.sockets) == self.how_many:
                back = back or time.monotonic() - began
                if len(reached) == self.how_many or not waits_for_frames:
                    current = time.monotonic() - began
        return {"back": back, "current": current if waits_for_frames else None, "thrown_out": self.thrown_out}

    def stay(self, seconds, rate):
        """Have so many changes a second made, and read; milliseconds until the last socket showed each row."""
        probe, seen, made = next(reversed(self.sockets)), [], []
        waiting, late = False, 0
        began = due = time.monotonic()
        while time.monotonic() < began + seconds:
            if due <= time.monotonic():
                due += 1 / rate
                if waiting:
                    late += 1  # the one before is not answered yet
                else:
                    self.send(self.servers[0], "change")
                    waiting = True
            for fd, _ in self.poll.poll(max(due - time.monotonic(), 0)):
                if fd == self.servers[0].fileno():
                    made.append(self.answer(self.servers[0]))
                    waiting = False
                elif self.frames(fd) and fd == probe:
                    seen.append((time.monotonic(), self.taken))
        if waiting:
            self.answer(self.servers[0])
        return {"changes": len(made), "late": late, "shown": list(filter(None, (shown(one, seen) for one in made)))}

    # Sockets

    def open_missing(self, at_once):
        """Begin to open those that are missing, so many at a time."""
        missing = min(at_once, self.how_many - len(self.sockets))
        for _ in range(missing - len(self.opening)):
            self.open()

    def open(self):
        one = socket.socket()
        one.setblocking(False)
        port = self.ports[(len(self.sockets) + len(self.opening)) % len(self.ports)]
        assert one.connect_ex(("127.0.0.1", port)) == errno.EINPROGRESS
        self.opening[one.fileno()] = one
        self.poll.register(one.fileno(), select.EPOLLOUT)

    def take(self, reached=None):
        """What has come: handshakes go on, frames are read; ``reached`` collects to whom one came."""
        for fd, event in self.poll.poll(1):
            if fd in self.opening:
                self.shake_hands(fd, event)
            elif fd in self.sockets:
                try:
                    found = self.frames(fd)
                except ConnectionError:
                    self.throw_out(self.sockets.pop(fd))
                    continue
                if found and reached is not None:
                    reached.add(fd)

    def shake_hands(self, fd, event):
        one = self.opening[fd]
        if event & select.EPOLLOUT:
            one.sendall(HANDSHAKE.format(port=one.getpeername()[1], path=self.path).encode())
            self.poll.modify(fd, select.EPOLLIN)
            return
        try:
            answer = one.recv(65536, socket.MSG_PEEK)  # a frame may follow, which is left to frames()
        except ConnectionResetError:
            answer = b""
        del self.opening[fd]
        if answer.startswith(b"HTTP/1.1 101"):
            one.recv(answer.index(b"\r\n\r\n") + 4)
            self.sockets[fd] = one
        else:
            self.throw_out(one)

    def throw_out(self, one):
        self.unread.pop(one.fileno(), None)
        one.close()
        self.thrown_out += 1

    def frames(self, fd):
        """Read what has come; the length of a complete frame of content, if there was one."""
        read = os.read(fd, 262144)
        if not read:
            raise ConnectionError("closed by the server")
        data = came = self.unread.pop(fd, b"") + read
        found = 0
        while len(data) > 1:
            head, length = 2, data[1]
            if length > 125:
                head = 4 if length == 126 else 10
                length = int.from_bytes(data[2:head], "big")
            if len(data) < head + length:
                break
            if data[0] == TEXT and data[head : head + 7] != BEAT:
                found = head + length
            elif data[0] == PING:
                os.write(fd, bytes((0x8A, 0x80 | length, 0, 0, 0, 0)) + data[head : head + length])
            data = data[head + length :]
        if data:
            self.unread[fd] = data
        if found:
            self.taken = came[: len(came) - len(data)]
        return found

    # The server's answers, JSON objects

    def ask(self, server, what):
        self.send(server, what)
        return self.answer(server)

    def send(self, server, what):
        server.sendall(ASK.format(what).encode())

    def answer(self, server):
        answer = b""
        while True:
            answer += server.recv(65536)
            with suppress(ValueError):  # the head alone, so far
                return json.loads(answer.partition(b"\r\n\r\n")[2])


def shown(changed, seen):
    """Milliseconds from a change's commit to the first frame with its row, among moments and what was read then."""
    target = f'#{changed["row"]}\\"'.encode()
    for moment, taken in seen[bisect(seen, (changed["committed"], b"")) :]:
        if target in taken:
            return (moment - changed["committed"]) * 1000
    return None


def main(ports, how_many, path):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()
    began = time.monotonic()
    watchers = Watchers([int(port) for port in ports.split(",")], int(how_many), path)
    tell({"connected": time.monotonic() - began})
    watchers.settle()
    for line in watchers.orders():
        order, *arguments = json.loads(line)
        with nullcontext() if order == "settle" else watchers.asking():
            tell(getattr(watchers, order)(*arguments))


def tell(answer):
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
