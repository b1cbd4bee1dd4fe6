"""Plain TCP connections to a server, for what no client library sends."""

import socket

import httpx

KEY = "a-key-for-metrics"


def opened(server, sent=b"", seconds=20):
    """A connection over which so much was sent."""
    connection = socket.create_connection(("127.0.0.1", server.port), seconds)
    connection.sendall(sent)
    return connection


def head(method, path, *headers):
    """The beginning of a request, as bytes, with the empty line that ends its headers."""
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def everything(connection):
    """What comes until the other side ends the connection."""
    answer = b""
    while True:
        try:
            part = connection.recv(65536)
        except ConnectionResetError:
            return answer
        if not part:
            return answer
        answer += part


def status(answer):
    """The status of the first answer in these bytes."""
    return int(answer.split(b" ", 2)[1])


def counted(server, series):
    """A value of /metrics, of a server with AIRSIDE_METRICS_KEY=KEY."""
    text = httpx.get(f"{server.url}/metrics", headers={"Authorization": f"Bearer {KEY}"}).text
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{series} "))
