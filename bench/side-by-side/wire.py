"""How connections on loopback end, as the kernel's packets say: a FIN, and after how many bytes, or a reset."""
import ctypes
import socket
import struct
import threading

FIN, SYN, RST, ACK = 1, 2, 4, 16
SO_ATTACH_FILTER, SOL_PACKET, PACKET_STATISTICS, OUTGOING = 26, 263, 6, 4

SOCKS_PACKET = 62  # bytes: IP, TCP with time stamps, and a proxy's second answer
SOCKS_AT, SOCKS_LENGTH = 3, 10  # that answer, counted from the SYN: the first one has 2 bytes

# Classic BPF (packet(7)): TCP, not a later fragment, and one of FIN, SYN, RST or as long as that answer.
FILTER = [(0x30, 0, 0, 9), (0x15, 0, 8, 6), (0x28, 0, 0, 6), (0x45, 6, 0, 0x1fff), (0x28, 0, 0, 2), (0x15, 3, 0, SOCKS_PACKET),
          (0xb1, 0, 0, 0), (0x50, 0, 0, 13), (0x45, 0, 1, FIN | SYN | RST), (0x06, 0, 0, 128), (0x06, 0, 0, 0)]


class Connection:
    """end is what the client's program reads: "fin", after so many bytes, or "reset"; "left" when it went first."""

    def __init__(self, port):
        self.port, self.server_sequence, self.end, self.received, self.is_refused = port, 0, None, 0, False


class Wire:
    def __init__(self, stack):
        self.socket = stack.enter_context(socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0))
        program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *row) for row in FILTER))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(FILTER), ctypes.addressof(program)))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind(("lo", 0x0800))
        self.socket.settimeout(0.05)
        self.connections, self.is_stopped = {}, False
        self.changed = threading.Condition()
        thread = threading.Thread(target=self.listen)
        thread.start()
        stack.callback(thread.join)
        stack.callback(setattr, self, "is_stopped", True)

    def listen(self):
        while not self.is_stopped:
            try:
                packet, (*_, kind, _, _) = self.socket.recvfrom(256)
            except TimeoutError:
                continue
            if kind != OUTGOING:  # loopback shows each packet twice
                with self.changed:
                    self.note(packet)
                    self.changed.notify_all()

    def note(self, packet):
        header = (packet[0] & 15) * 4
        source, target = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
        source_port, target_port, sequence, _, offset, flags = struct.unpack_from("!HHIIBB", packet, header)
        to_server, to_client = (target, target_port, source_port), (source, source_port, target_port)
        if flags & SYN and not flags & ACK:
            self.connections.setdefault(target, {})[to_server] = Connection(target_port)
            return
        by_server = self.connections.get(source, {}).get(to_client)
        by_client = self.connections.get(target, {}).get(to_server)
        if by_server and flags & SYN:
            by_server.server_sequence = sequence
        elif by_server and not by_server.end:
            data = header + (offset >> 4) * 4
            length = struct.unpack_from("!H", packet, 2)[0] - data
            begin = (sequence - by_server.server_sequence) % 2**32
            if flags & (FIN | RST):
                by_server.end, by_server.received = "reset" if flags & RST else "fin", (begin + length - 1) % 2**32
            elif (begin, length) == (SOCKS_AT, SOCKS_LENGTH):
                by_server.is_refused = packet[data] == 5 and packet[data + 1] != 0  # RFC 1928, section 6
        elif by_client and not by_client.end and flags & (FIN | RST):
            by_client.end = "left"

    def forget(self, *addresses):
        with self.changed:
            for address in addresses:
                self.connections.pop(address, None)

    def seen(self, *addresses):
        """The connections to these addresses in the order of their beginnings, all packets until now considered."""
        with socket.socket() as mark:  # when this one has come, all before it have
            mark.bind((addresses[0], 0))
            mark_port = mark.getsockname()[1]
            with socket.socket() as other:
                other.connect_ex((addresses[0], mark_port))
        with self.changed:
            if not self.changed.wait_for(lambda: any(c.port == mark_port for c in self.connections.get(addresses[0], {}).values()), 10):
                raise TimeoutError("the kernel does not show its packets")
            connections = [connection for address in addresses for connection in self.connections.get(address, {}).values()]
        return [connection for connection in connections if connection.port != mark_port]

    def lost(self):
        return struct.unpack("II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
