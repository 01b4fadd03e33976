"""What is measured, and that every byte arrived."""
import ftplib
import hashlib
import os
import statistics
import subprocess
import time
from contextlib import ExitStack

from processes import CannotMeasure, cpu_seconds, free_port, resident_mib, stop
from servers import CLIENT, SERVER, SESSION_CLIENT, START_SECONDS

SMALL_FILES, SMALL_SIZE = 100, 10 * 1024
SESSIONS = 200
SETTLE_SECONDS = 2      # between the last login and the look at the memory
TRANSFER_SECONDS = 600  # for one curl
DIRECT, SSH, SSH_SESSION, SOCKS, PRODUCT = "direct", "ssh -L", "ssh -L, session", "ssh -D", "actortunnel"
WAYS = [DIRECT, SSH, SSH_SESSION, SOCKS, PRODUCT]
BIG_FILE_WAYS = [DIRECT, SSH, SSH_SESSION, PRODUCT]
VSFTPD, PROFTPD = "vsftpd", "ProFTPD"


def curl(*arguments):
    """One curl in extended passive mode, its default; answers (bytes, seconds) of each transfer as curl counts them."""
    command = ["curl", "-q", "-sS", "--connect-timeout", "10", "--max-time", str(TRANSFER_SECONDS),
               "-w", "%{size_download} %{size_upload} %{time_total}\n", *arguments]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise CannotMeasure(f"{' '.join(map(str, arguments))}: {result.stderr.strip()}")
    rows = [line.split() for line in result.stdout.splitlines()]
    return [(int(down) + int(up), float(seconds)) for down, up, seconds in rows]


class Measurements:
    """figures[row][way] holds one figure for each round."""

    def __init__(self, site, size):
        self.site, self.size, self.figures = site, size, {}
        self.big, self.uploaded = site.files / "big", site.files / "uploaded"
        with self.big.open("wb") as file:
            for _ in range(size >> 20):
                file.write(os.urandom(1 << 20))
        (site.files / "small").mkdir()
        for index in range(1, SMALL_FILES + 1):
            (site.files / f"small/{index}").write_bytes(os.urandom(SMALL_SIZE))

        socks = free_port(CLIENT)
        data = f"{site.data_port}:{SERVER}:{site.data_port}"
        ssh, ssh_entry = site.start_ssh("-L", f"{CLIENT}:{data}", "-D", f"{CLIENT}:{socks}")
        ssh_session, session_entry = site.start_ssh("-L", f"{SESSION_CLIENT}:{data}", address=SESSION_CLIENT, has_session=True)
        product, product_entry = site.start_actortunnel()
        self.clients = {SSH: ssh, SSH_SESSION: ssh_session, PRODUCT: product}
        entries = {DIRECT: (SERVER, site.ftp_port), SSH: (CLIENT, ssh_entry), SSH_SESSION: (SESSION_CLIENT, session_entry),
                   SOCKS: (SERVER, site.ftp_port), PRODUCT: (CLIENT, product_entry)}
        self.urls = {way: f"ftp://{address}:{port}/files" for way, (address, port) in entries.items()}
        self.options = {SOCKS: ["--socks5", f"{CLIENT}:{socks}"]}
        self.small_urls = {VSFTPD: self.urls}
        if os.getuid() == 0:
            port = site.start_proftpd()
            _, proftpd_entry = site.start_actortunnel(port)
            self.small_urls[PROFTPD] = {DIRECT: f"ftp://{SERVER}:{port}/files", SOCKS: f"ftp://{SERVER}:{port}/files",
                                        PRODUCT: f"ftp://{CLIENT}:{proftpd_entry}/files"}
        else:
            print("not as root: nothing is measured with ProFTPD", flush=True)

    def note(self, row, way, figure):
        self.figures.setdefault(row, {}).setdefault(way, []).append(figure)

    def transfer(self, way, direction):
        if direction == "Download":
            return curl("-o", "/dev/null", f"{self.urls[way]}/big")
        self.uploaded.unlink(missing_ok=True)
        result = curl("-T", self.big, f"{self.urls[way]}/uploaded")
        if self.uploaded.stat().st_size != self.size:
            raise CannotMeasure(f"Upload {way}: {self.uploaded.stat().st_size} bytes arrived instead of {self.size}")
        return result

    def verify(self, way):
        """SHA-256 once for each direction. It warms everything up as well: no timed round is a program's first."""
        received = self.site.folder / "received"
        curl("-o", received, f"{self.urls[way]}/big")
        self.transfer(way, "Upload")
        digests = []
        for path in self.big, received, self.uploaded:
            with path.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        received.unlink()
        if len(set(digests)) != 1:
            raise CannotMeasure(f"{way}: SHA-256 sent {digests[0]}, downloaded {digests[1]}, uploaded {digests[2]}")

    def measure_transfer(self, way, direction):
        watched = {"the tunnel": self.clients[way], "sshd": self.site.sshd} if way in self.clients else {}
        before = {name: cpu_seconds(process) for name, process in watched.items()}
        [(size, seconds)] = self.transfer(way, direction)
        spent = {name: cpu_seconds(process) - before[name] for name, process in watched.items()}
        if size != self.size:
            raise CannotMeasure(f"{direction} {way}: {size} bytes instead of {self.size}")
        self.note(f"{direction}, MB/s", way, size / seconds / 1e6)
        for name in spent:
            self.note(f"{direction}, CPU s/GiB of {name}", way, spent[name] * 2**30 / size)

    def measure_small_files(self, server, way):
        """One control connection, one data connection for each file."""
        rows = curl(*self.options.get(way, []), "-o", "/dev/null", f"{self.small_urls[server][way]}/small/[1-{SMALL_FILES}]")
        if [size for size, _ in rows] != [SMALL_SIZE] * SMALL_FILES:
            raise CannotMeasure(f"small files, {server}, {way}: not all of them came")
        self.note(f"{SMALL_FILES} files of {SMALL_SIZE >> 10} KiB down from {server}, s", way, sum(seconds for _, seconds in rows))
        self.note(f"The middle one of these files, {server}, ms", way, statistics.median(seconds for _, seconds in rows) * 1000)

    def measure_memory(self, way):
        """A fresh process, which has served one session (that of start) before the first look."""
        process, entry = self.site.start_ssh() if way == SSH else self.site.start_actortunnel()
        before = resident_mib(process)
        with ExitStack() as sessions:
            for _ in range(SESSIONS):
                session = sessions.enter_context(ftplib.FTP(timeout=START_SECONDS))
                session.connect(CLIENT, entry)
                session.login()
            time.sleep(SETTLE_SECONDS)
            loaded = resident_mib(process)
        stop(process)
        self.note("Memory without sessions, MiB RSS", way, before)
        self.note(f"Memory with {SESSIONS} idle sessions, MiB RSS", way, loaded)
        self.note("Memory for each session, KiB", way, (loaded - before) * 1024 / SESSIONS)

    def run(self, rounds):
        for way in BIG_FILE_WAYS:
            self.verify(way)
        for number in range(rounds):
            # Another way goes first each time, so that none always finds the machine as the same neighbour left it.
            for way in WAYS[number % len(WAYS):] + WAYS[:number % len(WAYS)]:
                if way in BIG_FILE_WAYS:
                    self.measure_transfer(way, "Download")
                    self.measure_transfer(way, "Upload")
                for server, urls in self.small_urls.items():
                    if way in urls:
                        self.measure_small_files(server, way)
            last = (f"{row} {', '.join(f'{way} {by_way[way][-1]:.0f}' for way in BIG_FILE_WAYS)}"
                    for row, by_way in self.figures.items() if row.endswith("MB/s"))
            print(f"round {number + 1} of {rounds}: {'; '.join(last)}", flush=True)
        for way in SSH, PRODUCT:
            self.measure_memory(way)
