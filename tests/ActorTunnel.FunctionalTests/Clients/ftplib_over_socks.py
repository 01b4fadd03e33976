"""Python's ftplib over PySocks: HOST PORT USER PASSWORD PROXY-PORT epsv|pasv list|get|put REMOTE [LOCAL]."""
import ftplib
import socket
import sys

import socks

host, port, user, password, proxy_port, mode, verb, remote, *local = sys.argv[1:]


# The name is for the proxy: socket.create_connection would look it up here.
def create_connection(address, timeout=60, *_, **__):
    connection = socks.socksocket()
    connection.set_proxy(socks.SOCKS5, "127.0.0.1", int(proxy_port), rdns=True)
    connection.settimeout(timeout)
    connection.connect(address)
    return connection


socket.create_connection = create_connection


class Ftp(ftplib.FTP):
    def putline(self, line):
        print("--->", line, flush=True)
        super().putline(line)


with Ftp(timeout=60) as ftp:
    ftp.connect(host, int(port))
    if mode == "epsv":
        ftp.af = socket.AF_INET6
    ftp.login(user, password)
    if verb == "list":
        ftp.retrlines("LIST " + remote)
    elif verb == "get":
        with open(local[0], "wb") as file:
            ftp.retrbinary("RETR " + remote, file.write)
    else:
        with open(local[0], "rb") as file:
            ftp.storbinary("STOR " + remote, file)
