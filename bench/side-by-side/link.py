"""The way between a tunnel and its sshd: a relay that does something when a certain byte has passed."""
import selectors
import socket
import struct
import threading

CHUNK = 64 << 10
BUFFER = 256 << 10  # small, so that the byte that passes here is near the one that the far program handles
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, no seconds


class End:
    """One socket of a connection through the link, and what waits to be written to it."""

    def __init__(self, connection, direction):
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket, self.direction = connection, direction  # the direction of what is read here
        self.peer, self.unsent, self.has_ended, self.is_silent, self.is_closed = None, b"", False, False, False


class Link:
    """One thread carries all connections; while it acts nothing passes, so what is killed is killed at that byte."""

    def __init__(self, stack, address, target):
        self.target, self.plan, self.lock, self.is_stopped, self.problem = target, None, threading.Lock(), False, None
        self.listener = stack.enter_context(socket.create_server((address, 0)))
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.port = self.listener.getsockname()[1]
        self.ends, self.selector = set(), selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        thread = threading.Thread(target=self.carry)
        thread.start()
        stack.callback(thread.join)
        stack.callback(setattr, self, "is_stopped", True)

    def arm(self, direction, after, act):
        """act() runs once so many bytes have gone up (to sshd) or down."""
        with self.lock:
            self.plan = [direction, after, act]

    def disarm(self):
        """Whether nothing has happened; nothing will."""
        with self.lock:
            was_armed, self.plan = self.plan is not None, None
        if self.problem:
            raise self.problem
        return was_armed

    def reset(self):
        """Within act(): both sides of every connection read a reset."""
        for end in list(self.ends):
            self.close(end, is_reset=True)

    def silence(self):
        """Within act(): whatever is sent from now on is lost, and nobody is told."""
        for end in self.ends:
            end.is_silent, end.unsent = True, b""

    def carry(self):
        try:
            while not self.is_stopped:
                for key, events in self.selector.select(0.2):
                    with self.lock:
                        self.serve(key.data, events)
        except Exception as problem:  # of act() too; disarm() raises it where somebody listens
            self.problem = problem
        self.reset()
        self.selector.close()
        self.listener.close()

    def serve(self, end, events):
        if end is None:
            self.accept()
            return
        if not end.is_closed and events & selectors.EVENT_WRITE:
            self.send(end, b"")
        if not end.is_closed and events & selectors.EVENT_READ:
            self.read(end)

    def accept(self):
        near, far = self.listener.accept()[0], socket.socket()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        try:
            far.connect(self.target)
        except OSError:
            near.close()  # sshd is not there: the tunnel reads the end instead of a greeting
            far.close()
            return
        up, down = End(near, "up"), End(far, "down")
        up.peer, down.peer = down, up
        for end in up, down:
            self.ends.add(end)
            self.selector.register(end.socket, selectors.EVENT_READ, end)

    def read(self, end):
        try:
            data = end.socket.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            self.close(end)
            if not end.is_silent:
                self.close(end.peer, is_reset=True)
            return
        if data:
            self.deliver(end, data)
        else:
            self.end_of(end)

    def deliver(self, end, data):
        if self.plan and self.plan[0] == end.direction:
            _, left, act = self.plan
            self.plan[1] -= len(data)
            if self.plan[1] <= 0:
                self.plan = None
                self.send(end.peer, data[:left])
                data = data[left:]
                act()
        if not end.is_silent and not end.is_closed:
            self.send(end.peer, data)

    def end_of(self, end):
        end.has_ended = True
        if end.is_silent:
            self.close(end)
            return
        self.send(end.peer, b"")
        if end.peer.has_ended:
            self.close(end)
            self.close(end.peer)
        else:
            self.watch(end)

    def send(self, end, data):
        """Writes what it can; what it cannot holds the other side's bytes up, as a socket does."""
        end.unsent += data
        try:
            while end.unsent:
                end.unsent = end.unsent[end.socket.send(end.unsent):]
            if end.peer.has_ended:
                end.socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            pass  # watch() waits for room
        except OSError:
            self.close(end)
            self.close(end.peer, is_reset=True)
        self.watch(end)
        self.watch(end.peer)

    def watch(self, end):
        if end.is_closed:
            return
        events = (0 if end.has_ended or end.peer.unsent else selectors.EVENT_READ) | (selectors.EVENT_WRITE if end.unsent else 0)
        if end.socket in self.selector.get_map():
            self.selector.unregister(end.socket)
        if events:
            self.selector.register(end.socket, events, end)

    def close(self, end, is_reset=False):
        if end.is_closed:
            return
        if end.socket in self.selector.get_map():
            self.selector.unregister(end.socket)
        if is_reset:
            end.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.socket.close()
        end.is_closed = True
        self.ends.discard(end)
