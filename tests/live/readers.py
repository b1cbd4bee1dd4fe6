"""Raw sockets, for what no client library does, such as reading nothing for a while."""

import socket

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def raw_socket(server, path, room=4096):
    """A WebSocket without a library, after its handshake; ``room`` is how many bytes its kernel takes unread."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    reader.settimeout(20)
    reader.connect(("127.0.0.1", server.port))
    reader.sendall(HANDSHAKE.format(path=path, port=server.port).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += reader.recv(1)
    assert answer.startswith(b"HTTP/1.1 101")
    return reader


def frames(reader, until):
    """The texts of its frames, up to one with these words."""
    data = reader.makefile("rb")
    while True:
        head = data.read(2)
        length = head[1]
        if length > 125:
            length = int.from_bytes(data.read(2 if length == 126 else 8), "big")
        payload = data.read(length)
        if head[0] == 0x81:
            yield payload.decode()
            if until in payload.decode():
                return
