"""A mail server of thirty lines (RFC 5321), which refuses or falls silent when a test says so."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread


class MailServer(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Dialogue)
        self.received: list[EmailMessage] = []
        self.lines: list[str] = []  # of all messages, as they came
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}  # by the verb, where it is not "250 OK"
        self.answers_data = Event()  # while cleared, a message is taken and never acknowledged
        self.answers_data.set()

    @property
    def port(self) -> int:
        return self.server_address[1]


class Dialogue(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 localhost")
        for line in self.rfile:
            verb = line[:4].decode().upper()
            if verb == "RCPT":
                self.server.recipients.append(line.decode().partition(":")[2].strip("<>\r\n"))
            elif verb == "DATA":
                self.say("354 Go on")
                self.take("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
            elif verb == "QUIT":
                self.say("221 Bye")
                return
            self.say(self.server.answers.get(verb, "250 OK"))

    def take(self, text: str) -> None:
        self.server.lines += text.splitlines()
        if "DATA" not in self.server.answers:
            self.server.received.append(
                email.message_from_string(text, policy=email.policy.default)
            )
        self.server.answers_data.wait(60)

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        yield server
        server.answers_data.set()
        server.shutdown()
        thread.join()
