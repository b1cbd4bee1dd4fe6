"""A small mail server, as bad as a test wants it: by raw sockets, so that it can hang, drip and break off anywhere."""

import socket
import threading
import time


class MailServer:
    """Listens on ``port`` of 127.0.0.1 and keeps what it takes: ``[(recipient, mail), …]`` in ``taken``.

    ``answers`` says what differs from a sound server, by command: ``{"RCPT bob@example.org": "550 No such user"}``. The
    longest key that a line begins with counts. ``HANG`` is silence, ``DRIP`` a byte now and then, ``CUT`` the end of the connection.
    ``"GREETING"`` stands for the start and ``"."`` for the end of a mail. ``delay`` is how long each answer takes, in seconds.
    """

    HANG, DRIP, CUT = "hang", "drip", "cut"

    def __init__(self, answers=None, delay=0):
        self.answers, self.delay = answers or {}, delay
        self.taken, self.connections, self.over = [], 0, threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    def close(self):
        self.over.set()
        self.listening.shutdown(socket.SHUT_RDWR)  # which wakes who waits in accept()
        self.listening.close()

    def accept(self):
        while True:
            try:
                connection, _address = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        recipient = None
        with connection, connection.makefile("rb") as lines:
            try:
                self.say(connection, "GREETING", "220 mail.example ready")
                for line in lines:
                    command = line.decode().strip().replace("TO:<", "").replace(">", "")
                    verb = command.partition(" ")[0].upper()
                    if verb == "EHLO":
                        self.say(connection, "EHLO", "250 mail.example")
                    elif verb == "RCPT":
                        recipient = command.split()[1]
                        self.say(connection, f"RCPT {recipient}", "250 fine")
                    elif verb == "DATA":
                        self.say(connection, "DATA", "354 go on")
                        mail = self.read_mail(lines)
                        if not self.answers.get(".", "250").startswith(("4", "5")):
                            self.taken.append((recipient, mail))
                        self.say(connection, ".", "250 taken")
                    elif verb == "QUIT":
                        self.say(connection, "QUIT", "221 bye")
                        return
                    else:
                        self.say(connection, verb, "250 fine")
            except OSError:
                return

    def read_mail(self, lines):
        found = []
        while (line := next(lines)) != b".\r\n":
            found.append(line)
        return b"".join(found).decode().replace("\r\n", "\n")

    def say(self, connection, what, answer):
        answer = self.answers.get(what, self.answers.get(what.partition(" ")[0], answer))
        if answer == self.HANG:
            self.over.wait(60)
            raise OSError
        if answer == self.CUT:
            raise OSError
        if answer == self.DRIP:
            while not self.over.wait(0.05):
                connection.sendall(b"2")
            raise OSError
        time.sleep(self.delay)
        connection.sendall(f"{answer}\r\n".encode())
