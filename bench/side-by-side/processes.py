"""Processes as the kernel sees them: what they cost, and how they end."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile

STOP_SECONDS = 10


class CannotMeasure(Exception):
    """One line for the person who ran this."""


def process_tree(root):
    """Process id -> CPU seconds (proc(5), stat: utime + stime) of root and everything that descends from it."""
    children, seconds = {}, {}
    for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = entry.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        process = int(entry.parent.name)
        children.setdefault(int(after_name[1]), []).append(process)
        seconds[process] = (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
    tree = [root]
    for process in tree:
        tree += children.get(process, [])
    return {process: seconds[process] for process in tree if process in seconds}


def cpu_seconds(process):
    return sum(process_tree(process.pid).values())


def resident_mib(process):
    status = [pathlib.Path(f"/proc/{member}/status").read_text() for member in process_tree(process.pid)]
    return sum(int(re.search(r"VmRSS:\s+(\d+) kB", text)[1]) for text in status) / 1024


def stop(process):
    """The whole tree at once: sshd and vsftpd leave the processes of their sessions behind otherwise."""
    if process.poll() is not None:
        return  # its id may be somebody else's by now
    for member in process_tree(process.pid):
        try:
            os.kill(member, signal.SIGTERM)
        except ProcessLookupError:
            pass  # it ended with its parent
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def output_of(*command):
    # vsftpd -v writes its version to its standard input, hence one socket for all three.
    with tempfile.TemporaryFile() as output:
        subprocess.run(command, stdin=output, stdout=output, stderr=output, check=False)
        output.seek(0)
        return output.read().decode().strip()


def free_port(address):
    with socket.create_server((address, 0)) as listener:
        return listener.getsockname()[1]
