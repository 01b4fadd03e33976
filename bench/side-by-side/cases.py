"""What is carried, by whom, and what breaks it when: all of it follows from the seed and the case's number."""
import random
from dataclasses import dataclass

DOWN, UP = "down", "up"
CLIENTS = ["curl", "lftp", "ftplib"]
LINK_RESET, LINK_SILENT, SSHD, FTP_SERVER, CLIENT_KILLED, CLIENT_RESET = BREAKS = [
    "link reset", "link silent", "sshd killed", "FTP server killed", "client killed", "client's connections reset"]
SMALL, BIG = 64 << 10, 16 << 20
# What SSH carries beside the file, from the client's connection to its end, when nothing is dialled. It is rather too much: a break that
# comes too late is counted as such.
BESIDE = 4000


@dataclass(frozen=True)
class Case:
    number: int
    direction: str
    client: str
    size: int
    break_kind: str
    after: int  # bytes of the link in the file's direction
    content_seed: str

    @property
    def name(self):
        return f"case-{self.number}"

    def content(self):
        return random.Random(self.content_seed).randbytes(self.size)

    def __str__(self):
        return f"{self.direction} {self.client} {self.size} bytes, {self.break_kind} after {self.after}"


def draw(seed, count):
    """Half of them down, half up; breaks and clients as even as the count allows; a number's case is the same whatever the count."""
    kinds, block = [], 0
    while len(kinds) < count:
        chance = random.Random(f"block {seed} {(block := block + 1)}")
        for break_kind, client in chance.sample([(kind, client) for kind in BREAKS for client in CLIENTS], len(BREAKS) * len(CLIENTS)):
            kinds += [(direction, break_kind, client) for direction in chance.sample([DOWN, UP], 2)]
    return [draw_one(seed, number, *kind) for number, kind in enumerate(kinds[:count], 1)]


def draw_one(seed, number, direction, break_kind, client):
    """A quarter of the files are small, so that breaks fall on the commands around a transfer as well."""
    chance = random.Random(f"case {seed} {number}")
    size = int(SMALL ** chance.random()) if chance.random() < 0.25 else chance.randint(SMALL, BIG)
    return Case(number, direction, client, size, break_kind, chance.randint(1, size + BESIDE), f"content {seed} {number}")
