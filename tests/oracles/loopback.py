"""Real servers on this computer that do as they are told: HTTP in threads, SMTP with and without encryption."""

import smtplib
import socket
import ssl
import subprocess
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Received:
    """A request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Web:
    """An HTTP server that gives its answers in order, the last one for ever."""

    url: str
    received: list[Received] = field(default_factory=list)


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer at once; `Retry_After` is the header Retry-After."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def sleep(seconds: float) -> Answer:
    """No answer for so long."""
    return lambda _handler: time.sleep(seconds)


def drip(start: bytes, piece: bytes, *, every: float, seconds: float) -> Answer:
    """`start`, then a piece every so many seconds: each of them is in time for a timeout that counts anew."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        end = time.monotonic() + seconds
        with suppress(OSError):
            handler.wfile.write(start)
            while time.monotonic() < end:
                handler.wfile.write(piece)
                handler.wfile.flush()
                time.sleep(every)

    return answer


@contextmanager
def web_server(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Web]:
    """The server, for as long as the block goes on."""
    web = Web("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            web.received.append(Received(self.command, self.path, dict(self.headers.items()), body))
            answers[min(len(web.received), len(answers)) - 1](self)

        def do_GET(self) -> None:
            web.received.append(Received(self.command, self.path, dict(self.headers.items()), b""))
            status(200)(self)

        def log_message(self, *_arguments: object) -> None:
            """Nothing on the screen of the tests."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_arguments: object) -> None:
            """A client that hung up is what the tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    web.url = f"{'https' if tls else 'http'}://localhost:{server.server_port}/services/T0SECRET/B0SECRET"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silent_server(greeting: bytes = b"") -> Iterator[int]:
    """The port of a server that takes connections and says no more than its greeting."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    held.append(connection)
                    connection.sendall(greeting)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in held:
                connection.close()


@dataclass
class Mailbox:
    """What an SMTP server has got: whole mails, whether encrypted, and the users that logged in."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    """Replies by recipient, in the place of an OK."""

    async def handle_EHLO(  # noqa: N802 - as the server calls it
        self, _server: SMTP, session: Session, _: Envelope, host: str, answers: list[str]
    ) -> list[str]:
        self.commands.append("EHLO")
        session.host_name = host
        return answers

    async def handle_RCPT(  # noqa: N802 - as the server calls it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.commands.append("RCPT")
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as the server calls it
        content = envelope.content
        self.mails.append(content if isinstance(content, bytes) else (content or "").encode())
        self.recipients.append(list(envelope.rcpt_tos))
        transport: Any = server.transport
        self.encrypted.append(transport.get_extra_info("sslcontext") is not None)
        return "250 OK"


class _Server(SMTP):
    """Half-open connections of clients that were refused are no errors here."""

    def connection_lost(self, error: Exception | None) -> None:
        with suppress(Exception):
            super().connection_lost(error)


@contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, *, password: str | None = None, implicit: bool = False, refuse: dict[str, str] | None = None
) -> Iterator[Mailbox]:  # fmt: skip
    """The server: with STARTTLS where `tls` is given (`implicit`: encrypted from the first byte), with a login
    where `password` is.
    """
    box = Mailbox(refuse=refuse or {})

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        box.users.append(data.login.decode())
        return AuthResult(success=data.password == (password or "").encode(), handled=False)

    class Listening(Controller):
        def factory(self) -> SMTP:
            options: dict[str, Any] = {"hostname": "localhost", "data_size_limit": 10_000_000}
            if tls and not implicit:
                options |= {"tls_context": tls, "require_starttls": True}
            if password is not None:
                options |= {
                    "authenticator": authenticate,
                    "auth_required": True,
                    "auth_require_tls": not implicit,
                }
            with warnings.catch_warnings():  # it does not see that the whole connection is encrypted
                warnings.simplefilter("ignore")
                return _Server(self.handler, **options)

    box.port = _free_port()
    controller = Listening(
        box, hostname="127.0.0.1", port=box.port, ssl_context=tls if implicit else None, ready_timeout=10
    )
    if implicit:  # it looks whether the server answers, and does not trust its certificate
        controller._trigger_server = lambda: _greeted(box.port)  # type: ignore[method-assign]
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def _greeted(port: int) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP_SSL("127.0.0.1", port, context=context, timeout=10) as smtp:
        smtp.noop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def make_certificate(folder: Path, host: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """A certificate for `host` that nobody knows, made by openssl, and the context of a server that shows it."""
    certificate, key = folder / f"{host}.pem", folder / f"{host}.key"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    command += ["-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", f"/CN={host}"]
    subprocess.run([*command, "-addext", f"subjectAltName=DNS:{host}"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context
