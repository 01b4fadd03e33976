"""The truth table, on the terminal and in perf-results/."""
import datetime
import os
import threading
import time

from cases import BREAKS, UP
from results import RESULTS, machine
from servers import REPOSITORY
from tunnels import SSH, TEMPORARY, WAYS

LIES = {
    "1. The client reported success with a wrong file": lambda outcome: outcome.is_false_success,
    "2. A download's data connection ended cleanly with bytes missing": lambda outcome: outcome.clean_end is not None,
    "3. The FTP server logged an upload as complete with bytes missing": lambda outcome: outcome.is_false_log}
WENT_WELL = "The client reported success with the right file"


def is_broken_promise(way, outcome):
    """Without UploadName=temporary nobody can tell the FTP server that the link has died."""
    return way != SSH and (outcome.is_false_success or outcome.clean_end is not None or way == TEMPORARY and outcome.is_false_log)


class Tally:
    def __init__(self, seed, verbose):
        self.seed, self.verbose, self.rows, self.lock, self.begin = seed, verbose, [], threading.Lock(), time.monotonic()

    def note(self, way, case, outcome):
        with self.lock:
            self.rows.append((way, case, outcome))
            lies = [name for name, is_lie in LIES.items() if is_lie(outcome)]
            if self.verbose or is_broken_promise(way, outcome):
                print(f"case {case.number}, {way}: {case}: {', '.join(lies) or 'no lie'}; {outcome}", flush=True)
            if len(self.rows) % 200 == 0:
                print(f"{len(self.rows)} transfers, {time.monotonic() - self.begin:.0f} s", flush=True)

    def count(self, way, holds, kind=None):
        return sum(1 for each, case, outcome in self.rows if each == way and kind in (None, case.break_kind) and holds(case, outcome))

    def broken_promises(self):
        return [case for way, case, outcome in self.rows if is_broken_promise(way, outcome)]

    def table(self):
        rows = {"Transfers": lambda case, outcome: True,
                "of them broken before their end": lambda case, outcome: outcome.is_broken,
                **{name: lambda case, outcome, is_lie=is_lie: is_lie(outcome) for name, is_lie in LIES.items()},
                WENT_WELL: lambda case, outcome: outcome.exit_code == 0 and outcome.is_whole,
                "The client reported a failure, or was killed": lambda case, outcome: outcome.exit_code != 0,
                "Uploads that left another file behind": lambda case, outcome: case.direction == UP and outcome.leftovers > 0}
        return as_table("Of the transfers", {row: [self.count(way, holds) for way in WAYS] for row, holds in rows.items()})

    def table_by_break(self):
        return as_table("Lies 1 / 2 / 3", {kind: [" / ".join(
            str(self.count(way, lambda case, outcome, is_lie=is_lie: is_lie(outcome), kind)) for is_lie in LIES.values()) for way in WAYS]
            for kind in BREAKS})

    def list_of_lies(self):
        lines = [f"- case {case.number}, {way}: {case}: {name}" for way, case, outcome in self.rows if way != SSH
                 for name, is_lie in LIES.items() if is_lie(outcome)]
        return "\n".join(sorted(lines)) or "None."


def as_table(heading, rows):
    lines = [f"| {heading} | {' | '.join(WAYS)} |", "|---|" + "---:|" * len(WAYS)]
    return "\n".join(lines + [f"| {row} | {' | '.join(map(str, cells))} |" for row, cells in rows.items()])


def write_results(tally, count, lane_count, is_trial):
    today = datetime.date.today().isoformat()
    path = RESULTS / today / f"{'trial-' if is_trial else ''}truth.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    table = tally.table()
    path.write_text(f"""# Broken transfers that look complete, {today}

`TRANSFERS={count} SEED={tally.seed} LANES={lane_count} bench/side-by-side/truth`, {(time.monotonic() - tally.begin) / 60:.0f} minutes

{machine()}
- load average (1 minute) at its end {os.getloadavg()[0]:.1f}

{table}

## By what broke them

{tally.table_by_break()}

## Lies of actortunnel

{tally.list_of_lies()}
""")
    print(f"\n{table}\n\n{tally.table_by_break()}\n\nwritten to {path.relative_to(REPOSITORY)}")
