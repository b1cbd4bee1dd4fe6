"""The load: screens with their heartbeats, widgets and staff, in one process that costs as little as it can.

    python -m tests.bench.screens.crowd PORT FILE

FILE has a JSON list of groups: ``{"name", "sockets": [[address, cookie], …], "hears": whether a change reaches it}``,
and of the screens what they send heartbeats with: ``"beats": [[address, cookie, index of the socket], …]``. Like
watchers.py it says ``{"connected": seconds}``, and then does what each line on its input says.
"""

import heapq
import json
import os
import re
import resource
import select
import socket
import statistics
import sys
import time

from tests.bench.tables import percentile
from tests.bench.watchers import AT_ONCE, HANDSHAKE, VERSION, Watchers, tell

EVERY = 10  # seconds between the heartbeats of a screen
LENGTH = re.compile(rb"(?i)content-length: (\d+)")
POST = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n"
    "Content-Length: {length}\r\n\r\n{body}"
)


class Crowd(Watchers):
    def __init__(self, port, groups):
        self.ports, self.port = [port], port
        self.groups = groups
        self.wanted = [(group["name"], *one) for group in groups for one in group["sockets"]]
        self.how_many = len(self.wanted)
        self.poll = select.epoll()
        self.sockets, self.opening, self.unread, self.taken, self.thrown_out = {}, {}, {}, b"", 0
        self.whose = {}  # group, address and cookie, by socket
        self.version = {}  # what a socket showed last, and since when
        self.release = ""
        self.beating, self.lines, self.asking, self.answered, self.failed = [], {}, {}, [], 0
        while len(self.sockets) < self.how_many:
            self.open_missing(AT_ONCE)
            self.take()
            assert not self.thrown_out, "The server opens no sockets."
        self.hears = {name: [fd for fd in self.sockets if self.whose[fd][0] == name] for name in self.names(hears=True)}
        self.servers = [socket.create_connection(("127.0.0.1", port))]
        self.poll.register(self.servers[0].fileno(), select.EPOLLIN)

    def names(self, hears):
        return [group["name"] for group in self.groups if group["hears"] == hears]

    # What it is told to do

    def settle(self, seconds=0.5):
        """Take what comes for a while, and send heartbeats."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.turn(until)
        return {}

    def beat(self, release):
        """From now on each screen sends a heartbeat every ten seconds, one after the other."""
        self.release = release
        beats = [one for group in self.groups for one in group.get("beats", ())]
        by_address = {}
        for fd, (name, _, cookie) in self.whose.items():
            if name == "screens":
                by_address[cookie] = fd
        now = time.monotonic()
        for place, (path, cookie) in enumerate(beats):
            heapq.heappush(self.beating, (now + EVERY * place / len(beats), place, path, cookie, by_address[cookie]))
        return {"screens": len(beats)}

    def beats(self):
        """Of the heartbeats since the last call: how many, how long their answers took in milliseconds, how many failed."""
        taken, failed = self.answered, self.failed
        self.answered, self.failed = [], 0
        if not taken:
            return {"beats": 0, "failed": failed}
        return {
            "beats": len(taken),
            "median": statistics.median(taken) * 1000,
            "p99": percentile(taken, 0.99) * 1000,
            "failed": failed,
        }

    def change(self):
        """One change: when it reached the last of each group that hears of it, in milliseconds from its commit."""
        missing = {fd for group in self.hears.values() for fd in group}
        last = {}
        self.changed = None
        self.send(self.servers[0], "gate")
        until = time.monotonic() + 60
        while (missing or self.changed is None) and time.monotonic() < until:
            for fd in self.turn(until):
                if fd in missing:
                    missing.remove(fd)
                    last[self.whose[fd][0]] = time.monotonic()
        return {
            "missed": len(missing),
            "last": {name: (moment - self.changed["committed"]) * 1000 for name, moment in last.items()},
        }

    # Its loop

    def turn(self, until):
        """Wait for what comes next, or until a heartbeat is due; the sockets that got a frame of content."""
        now = time.monotonic()
        while self.beating and self.beating[0][0] <= now:
            due, *screen = heapq.heappop(self.beating)
            self.send_beat(*screen[1:])
            heapq.heappush(self.beating, (due + EVERY, *screen))
        next_at = min(until, self.beating[0][0]) if self.beating else until
        found = []
        for fd, _ in self.poll.poll(max(next_at - time.monotonic(), 0)):
            if fd in self.asking:
                self.take_answer(fd)
            elif fd == self.servers[0].fileno():
                self.changed = self.answer(self.servers[0])
            elif self.frames(fd):
                found.append(fd)
        return found

    # Sockets

    def open(self):
        one = socket.socket()
        one.setblocking(False)
        fd = one.fileno()
        self.whose[fd] = self.wanted[len(self.sockets) + len(self.opening)]
        one.connect_ex(("127.0.0.1", self.port))
        self.opening[fd] = one
        self.poll.register(fd, select.EPOLLOUT)

    def shake_hands(self, fd, event):
        if not event & select.EPOLLOUT:
            super().shake_hands(fd, event)
            return
        _, path, cookie = self.whose[fd]
        head = HANDSHAKE.format(port=self.port, path=path)
        if cookie:
            head = head.replace("\r\n\r\n", f"\r\nCookie: {cookie}\r\n\r\n")
        self.opening[fd].sendall(head.encode())
        self.poll.modify(fd, select.EPOLLIN)

    def frames(self, fd):
        found = super().frames(fd)
        if found and (versions := VERSION.findall(self.taken)):
            self.version[fd] = versions[-1].decode(), time.time()
        return found

    # Heartbeats

    def send_beat(self, path, cookie, watching):
        version, since = self.version.get(watching, ("", time.time()))
        body = json.dumps(
            {
                "device": f"device-{watching}",
                "loaded_at": time.time() - 3600,
                "release": self.release,
                "engine": "Chromium 120",
                "width": 3840,
                "height": 2160,
                "clock_offset": 12,
                "version": version,
                "version_at": since,
                "painted_at": 0,
                "page": 1,
                "pages": 47,
                "message": None,
            }
        )
        if path not in self.lines:
            self.lines[path] = socket.create_connection(("127.0.0.1", self.port))
            self.poll.register(self.lines[path].fileno(), select.EPOLLIN)
        request = POST.format(path=path, port=self.port, cookie=cookie, length=len(body), body=body)
        self.lines[path].sendall(request.encode())
        self.asking[self.lines[path].fileno()] = path, time.monotonic(), b""

    def take_answer(self, fd):
        path, began, before = self.asking.pop(fd)
        came = self.lines[path].recv(65536)
        answer = before + came
        head, _, body = answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if came and not (length and len(body) >= int(length[1])):
            self.asking[fd] = path, began, answer
        elif head.startswith(b"HTTP/1.1 200"):
            self.answered.append(time.monotonic() - began)
        else:
            self.failed += 1
        if not came:
            self.lines.pop(path).close()


def main(port, file):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with open(file) as groups:
        wanted = json.load(groups)
    os.unlink(file)
    began = time.monotonic()
    crowd = Crowd(int(port), wanted)
    tell({"connected": time.monotonic() - began})
    for line in sys.stdin:
        order, *arguments = json.loads(line)
        tell(getattr(crowd, order)(*arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
