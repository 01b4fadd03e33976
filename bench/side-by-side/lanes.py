"""Lanes: in each, one transfer at a time, broken as its case says, and what came of it."""
import os
import pathlib
import re
import signal
import subprocess
import threading
import time
from dataclasses import dataclass

from cases import CLIENT_KILLED, CLIENT_RESET, DOWN, FTP_SERVER, LINK_RESET, LINK_SILENT, SSHD, UP
from clients import command
from link import Link
from processes import CannotMeasure, process_tree
from servers import Site

CLIENT_SECONDS, SERVER_SECONDS = 90, 60  # more than any of them takes
ALONE_SECONDS = 1
SILENCE_SECONDS = 5  # vsftpd ends a transfer that has moved nothing for so long (data_connection_timeout)
SOCKS_BYTES = 12  # of a proxy's answers (RFC 1928, sections 3 and 6), before those of the file
VSFTPD = ["pasv_min_port=0", "pasv_max_port=0", "anon_other_write_enable=YES", f"data_connection_timeout={SILENCE_SECONDS}",
          "xferlog_enable=YES", "xferlog_std_format=NO"]
SSHD_SETTINGS = ["ClientAliveInterval 1", "ClientAliveCountMax 3", "MaxStartups 200"]


@dataclass
class Tunnel:
    """Where clients go, and the link it has to sshd. proxy is None for one that is an FTP server to its clients."""
    link: Link
    address: str
    port: int
    is_proxy: bool


@dataclass
class Outcome:
    is_broken: bool        # the break came before the transfer's end
    exit_code: int
    is_whole: bool         # the file is at its destination, as it was sent
    same: int | None       # so many of its first bytes are there, if not all and nothing else
    clean_end: int | None  # bytes of a download after which its data connection ended cleanly, when that is too few
    is_logged: bool        # the FTP server says that the upload is complete, under its final name
    leftovers: int         # other files than that one in the FTP server's folder
    words: str             # of the client

    @property
    def is_false_success(self):
        return self.exit_code == 0 and not self.is_whole

    @property
    def is_false_log(self):
        return self.is_logged and not self.is_whole


class Lane:
    """Its servers, links and addresses are its own: what a case breaks is no other lane's."""

    def __init__(self, stack, folder, number, wire):
        # Another run at the same time has other addresses.
        self.stack, self.wire, self.prefix = stack, wire, f"127.{os.getpid() % 199 + 1}.{number}"
        self.log = folder / "vsftpd-transfers.log"
        folder.mkdir()
        self.site = Site(stack, folder, f"{self.prefix}.1", [*VSFTPD, f"vsftpd_log_file={self.log}"], SSHD_SETTINGS)
        self.received = folder / "received"
        self.received.mkdir()
        self.tunnels = {}

    def new_link(self):
        link = Link(self.stack, self.site.server, (self.site.server, self.site.ssh_port))
        self.site.know(link.port)
        return link

    def run(self, tunnel, case):
        content, local, remote = case.content(), self.received / case.name, self.site.files / case.name
        (local if case.direction == UP else remote).write_bytes(content)
        self.wire.forget(tunnel.address)
        logged_before = self.log.stat().st_size if self.log.exists() else 0
        server = (self.site.server, self.site.ftp_port) if tunnel.is_proxy else (tunnel.address, tunnel.port)
        line = command(case, local, server, (tunnel.address, tunnel.port) if tunnel.is_proxy else None, self.site.folder)

        has_started = threading.Event()
        tunnel.link.arm(case.direction, case.after, lambda: has_started.wait() and self.break_by(case.break_kind, tunnel, client))
        client = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        has_started.set()
        words = self.words_of(client)
        is_broken = not tunnel.link.disarm()
        self.wait_for_the_server()

        with self.log.open(errors="replace") as log:
            log.seek(logged_before)
            news = log.read()
        path = local if case.direction == DOWN else remote
        arrived = path.read_bytes() if path.exists() else None
        outcome = Outcome(
            is_broken, client.returncode, arrived == content, None if arrived is None or not content.startswith(arrived) else len(arrived),
            self.clean_end(tunnel, case) if case.direction == DOWN else None,
            bool(re.search(f'OK UPLOAD: .*"/files/{case.name}"|OK RENAME: .*/files/{case.name}"', news)),
            len([path for path in self.site.files.iterdir() if path != remote]), words.decode(errors="replace").strip())
        for path in [local, *self.site.files.iterdir()]:
            path.unlink(missing_ok=True)
        return outcome

    def words_of(self, client):
        """
        Waits for its end. lftp tries again whatever it is told, so a client that has given its connections up is ended: what counts is
        what became of the one transfer.
        """
        deadline, alone_since, was_connected = time.monotonic() + CLIENT_SECONDS, None, False
        while client.poll() is None:
            now = time.monotonic()
            is_connected = has_sockets(client.pid)
            was_connected |= is_connected
            alone_since = None if is_connected else alone_since or now
            if now > deadline or was_connected and alone_since and now - alone_since > ALONE_SECONDS:
                kill(client.pid)
                return client.communicate()[0] + (b" (too slow)" if now > deadline else b" (it would have tried again)")
            time.sleep(0.02)
        return client.communicate()[0]

    def break_by(self, kind, tunnel, client):
        if kind == LINK_RESET:
            tunnel.link.reset()
        elif kind == LINK_SILENT:
            tunnel.link.silence()
        elif kind in (SSHD, FTP_SERVER):  # the processes that serve the connection, not the one that listens
            root = (self.site.sshd if kind == SSHD else self.site.vsftpd).pid
            for process in process_tree(root):
                if process != root:
                    kill(process)
        elif kind == CLIENT_KILLED:
            kill(client.pid)
        elif kind == CLIENT_RESET:  # SOCK_DESTROY: both sides read a reset
            result = subprocess.run(["ss", "-tnK", "dst", tunnel.address], capture_output=True, text=True, check=False)
            if result.returncode != 0:
                raise CannotMeasure(f"ss -K: {result.stderr.strip()}")

    def clean_end(self, tunnel, case):
        """The first connection is the control connection. One that the proxy has refused, or not answered yet, is none."""
        for connection in self.wire.seen(tunnel.address)[1:2]:
            received = connection.received - (SOCKS_BYTES if tunnel.is_proxy else 0)
            if connection.end == "fin" and 0 <= received < case.size and not (tunnel.is_proxy and connection.is_refused):
                return received
        return None

    def wait_for_the_server(self):
        """Only when it has nobody to serve any more has it said of the upload what it will say."""
        deadline = time.monotonic() + SERVER_SECONDS
        children = pathlib.Path(f"/proc/{self.site.vsftpd.pid}/task/{self.site.vsftpd.pid}/children")
        while children.read_text().strip():
            if time.monotonic() > deadline:
                raise CannotMeasure(f"vsftpd still serves somebody after {SERVER_SECONDS} s: {self.log.read_text()[-300:]}")
            time.sleep(0.02)


def has_sockets(process):
    try:
        return any(os.readlink(link).startswith("socket:") for link in pathlib.Path(f"/proc/{process}/fd").iterdir())
    except FileNotFoundError:
        return True  # one was closed while we looked


def kill(process):
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it has ended by itself
