"""One transfer by Python's ftplib: ftplib_client.py down|up LOCAL NAME HOST PORT [PROXY PROXY-PORT]. Exits 0 when the server said 226."""
import ftplib
import ipaddress
import socket
import sys

SECONDS = 30
connect_directly = socket.create_connection


def receive_exactly(connection, size):
    data = b""
    while len(data) < size:
        data += connection.recv(size - len(data)) or sys.exit("the SOCKS proxy ended the connection")
    return data


def connect_through(proxy):
    """SOCKS 5 without a login (RFC 1928), in place of what ftplib connects with."""
    def connect(address, timeout=SECONDS, source_address=None):
        connection = connect_directly(proxy, timeout)
        connection.sendall(b"\5\1\0")
        receive_exactly(connection, 2)
        connection.sendall(b"\5\1\0\1" + ipaddress.ip_address(address[0]).packed + address[1].to_bytes(2, "big"))
        if receive_exactly(connection, 10)[1] != 0:
            sys.exit("the SOCKS proxy refused")
        return connection
    return connect


class Ftp(ftplib.FTP):
    def makepasv(self):
        """To the server's host, not to the address of the socket, which is the proxy's."""
        return self.host, super().makepasv()[1]


def main():
    direction, local, name, host, port, *proxy = sys.argv[1:]
    if proxy:
        socket.create_connection = connect_through((proxy[0], int(proxy[1])))
    ftp = Ftp(timeout=SECONDS)
    ftp.connect(host, int(port))
    ftp.login()
    with open(local, "wb" if direction == "down" else "rb") as file:
        if direction == "down":
            ftp.retrbinary(f"RETR files/{name}", file.write)
        else:
            ftp.storbinary(f"STOR files/{name}", file)
    ftp.close()


if __name__ == "__main__":
    try:
        main()
    except ftplib.all_errors as problem:
        sys.exit(f"{type(problem).__name__}: {problem}")
