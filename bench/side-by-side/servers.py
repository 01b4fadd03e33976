"""The real sshd, the real vsftpd and the two tunnels between them and curl, all on loopback."""
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import time

from processes import CannotMeasure, free_port, stop

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PRODUCT = REPOSITORY / "src/ActorTunnel.Cli/bin/Release/net10.0/actortunnel.dll"
CIPHER = "aes128-gcm@openssh.com"
# Addresses of loopback for the servers and for each program that has to listen on the number of vsftpd's data port.
SERVER, CLIENT, SESSION_CLIENT = "127.0.0.1", "127.0.0.2", "127.0.0.3"
START_SECONDS = 20  # for a server or a tunnel to answer


class Site:
    """One sshd, one vsftpd and their files; every process it started ends with its stack."""

    def __init__(self, stack, folder, server=SERVER, vsftpd_settings=(), sshd_settings=()):
        """Of a setting vsftpd takes the last value, sshd the first."""
        self.stack, self.folder, self.server = stack, folder, server
        self.ftp_port, self.data_port, self.ssh_port = (free_port(server) for _ in range(3))
        self.files = folder / "root/files"
        for path, mode in (folder, 0o755), (folder / "root", 0o755), (folder / "empty", 0o755), (self.files, 0o777):
            path.mkdir(exist_ok=True)
            path.chmod(mode)
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.vsftpd = self.start_vsftpd(vsftpd_settings)
        self.sshd = self.start_sshd(sshd_settings)

    def start(self, name, command, address, greeting, hello=b""):
        """Starts a program and waits until a connection to address is answered with the greeting; some want to hear something first."""
        log = self.folder / f"{name}.log"
        with log.open("wb") as output:
            # The input stays open and empty: ssh hands it to the command of its session.
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=output, start_new_session=True)
        self.stack.callback(stop, process)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with socket.create_connection(address, START_SECONDS) as connection:
                    connection.sendall(hello)
                    if connection.recv(256).startswith(greeting):
                        return process
            except OSError:
                pass  # it does not listen yet
            time.sleep(0.05)
        raise CannotMeasure(f"{name} did not start: {log.read_text(errors='replace').strip()[-500:] or 'it said nothing'}")

    def start_vsftpd(self, settings):
        """Anonymous clients; it refuses a writable root, hence files/ below. One data port, because ssh -L can forward only that."""
        is_root = os.getuid() == 0
        configuration = self.folder / "vsftpd.conf"
        configuration.write_text("\n".join([
            "listen=YES", "listen_ipv6=NO", f"listen_address={self.server}", f"listen_port={self.ftp_port}", "background=NO",
            f"run_as_launching_user={'NO' if is_root else 'YES'}", f"ftp_username={'ftp' if is_root else self.user}",
            "anonymous_enable=YES", "no_anon_password=YES", "local_enable=NO", "write_enable=YES", "anon_upload_enable=YES",
            "anon_world_readable_only=NO", "anon_umask=022", f"anon_root={self.folder / 'root'}",
            f"secure_chroot_dir={self.folder / 'empty'}", "seccomp_sandbox=NO", "connect_from_port_20=NO",
            f"pasv_min_port={self.data_port}", f"pasv_max_port={self.data_port}", "max_clients=0", "max_per_ip=0", *settings, ""]))
        return self.start("vsftpd", ["vsftpd", configuration], (self.server, self.ftp_port), b"220")

    def start_proftpd(self):
        """The same files; it closes a data connection only when its client has (a lingering close), and says 226 then. As root."""
        port, configuration = free_port(self.server), self.folder / "proftpd.conf"
        configuration.write_text("\n".join([
            "ServerType standalone", f"DefaultAddress {self.server}", f"Port {port}", "SocketBindTight on", "UseIPv6 off",
            *(f"{name} {self.folder / f'proftpd-{name}'}" for name in ("PidFile", "ScoreboardFile", "DelayTable", "TransferLog")),
            "UseReverseDNS off", "WtmpLog off", "AuthOrder mod_auth_unix.c", "RequireValidShell off", "User ftp", "Group nogroup",
            f"<Anonymous {self.folder / 'root'}>", "User ftp", "Group nogroup", "UserAlias anonymous ftp", "</Anonymous>", ""]))
        self.start("proftpd", ["proftpd", "-n", "-c", configuration], (self.server, port), b"220")
        return port

    def start_sshd(self, settings):
        """StrictModes: the folders above ours may belong to anybody. UsePAM: without it sshd refuses accounts whose password is locked."""
        for key in "host-key", "user-key":
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / key], check=True)
        self.know(self.ssh_port)
        configuration = self.folder / "sshd_config"
        configuration.write_text("\n".join([
            *settings, f"ListenAddress {self.server}", f"Port {self.ssh_port}", f"HostKey {self.folder / 'host-key'}", f"Ciphers {CIPHER}",
            f"AuthorizedKeysFile {self.folder / 'user-key.pub'}", f"UsePAM {'yes' if os.getuid() == 0 else 'no'}", "StrictModes no",
            "PermitRootLogin prohibit-password", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PidFile none", ""]))
        if os.getuid() == 0:
            pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        # sshd starts itself again for each connection, so it wants its absolute path.
        return self.start("sshd", [shutil.which("sshd"), "-D", "-e", "-f", configuration], (self.server, self.ssh_port), b"SSH-2.0")

    def know(self, port):
        """sshd's host key is right at this port of its address."""
        with (self.folder / "known_hosts").open("a") as known_hosts:
            known_hosts.write(f"[{self.server}]:{port} {(self.folder / 'host-key.pub').read_text()}")

    def login_arguments(self, port=None):
        """ssh and actortunnel understand the same ones."""
        return ["-p", str(port or self.ssh_port), "-i", self.folder / "user-key", "-o", f"UserKnownHostsFile={self.folder / 'known_hosts'}",
                "-o", "StrictHostKeyChecking=yes", "-o", f"Ciphers={CIPHER}", f"{self.user}@{self.server}"]

    def start_actortunnel(self, ftp_port=None):
        entry = free_port(CLIENT)
        forward = f"ftp/{CLIENT}:{entry}:{self.server}:{ftp_port or self.ftp_port}"
        command = ["dotnet", PRODUCT, "forward", "-L", forward, *self.login_arguments()]
        return self.start("actortunnel", command, (CLIENT, entry), b"220"), entry

    def start_ssh(self, *more_forwards, address=CLIENT, has_session=False):
        """With a session (cat, which ends with the connection) sshd switches Nagle's algorithm off, with forwards alone it does not."""
        entry = free_port(address)
        command = ["ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes",
                   "-L", f"{address}:{entry}:{SERVER}:{self.ftp_port}", *more_forwards]
        command += [*self.login_arguments(), "cat"] if has_session else ["-N", *self.login_arguments()]
        return self.start("ssh", command, (address, entry), b"220"), entry
