"""The tables, on the terminal and in perf-results/."""
import datetime
import os
import pathlib
import platform
import re
import statistics

from measurements import PRODUCT, SSH, SSH_SESSION, WAYS
from processes import output_of
from servers import CIPHER, REPOSITORY

RESULTS = REPOSITORY / "perf-results"


def shown(figure):
    return f"{figure:.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def table_of_medians(figures):
    """Ratios to both: ssh -L as people run it, and as it does best."""
    rivals = [SSH, SSH_SESSION]
    header = ["Median", *WAYS, *(f"{PRODUCT} / {rival}" for rival in rivals)]
    lines = [f"| {' | '.join(header)} |", "|---|" + "---:|" * (len(header) - 1)]
    for row, by_way in figures.items():
        medians = {way: statistics.median(by_way[way]) for way in by_way}
        cells = [shown(medians[way]) if way in medians else "-" for way in WAYS]
        cells += [f"{medians[PRODUCT] / medians[rival]:.2f}" if medians.get(rival, 0) > 0 else "-" for rival in rivals]
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines)


def table_of_rounds(figures, rounds):
    lines = [f"| Figure | Way | {' | '.join(str(number + 1) for number in range(rounds))} |", "|---|---|" + "---:|" * rounds]
    lines += [f"| {row} | {way} | {' | '.join(map(shown, by_way[way]))} |"
              for row, by_way in figures.items() for way in WAYS if len(by_way.get(way, [])) == rounds]
    return "\n".join(lines)


def machine():
    model = re.search("model name\\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    runtimes = re.findall(r"Microsoft\.NETCore\.App (10\.\S+)", output_of("dotnet", "--list-runtimes"))
    return "\n".join([
        f"- {len(os.sched_getaffinity(0))} cores, {model[1] if model else platform.machine()}; kernel {platform.release()}",
        f"- .NET {runtimes[-1]}; {output_of('ssh', '-V')}; {output_of('vsftpd', '-v')}; {' '.join(output_of('curl', '-V').split()[:2])}",
        f"- actortunnel at commit {output_of('git', '-C', REPOSITORY, 'describe', '--always', '--dirty')}, Release; cipher {CIPHER}"])


def write_results(figures, size_mib, rounds, load_before, is_trial):
    """A trial leaves the figures of a full run alone; a full run becomes the README's newest table."""
    today = datetime.date.today().isoformat()
    path = RESULTS / today / f"{'trial-' if is_trial else ''}side-by-side.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    medians = table_of_medians(figures)
    path.write_text(f"""# Side by side with OpenSSH, {today}

`SIZE_MIB={size_mib} ROUNDS={rounds} bench/side-by-side/run`

{machine()}
- load average (1 minute) {load_before:.1f} before the run, {os.getloadavg()[0]:.1f} at its end

{medians}

## Every round

{table_of_rounds(figures, rounds)}
""")
    if not is_trial:
        readme = RESULTS / "README.md"
        head, heading, _ = readme.read_text().partition("## Newest table\n")
        readme.write_text(f"{head}{heading}\nFrom [{today}]({today}/side-by-side.md):\n\n{medians}\n")
    print(f"\n{medians}\n\nwritten to {path.relative_to(REPOSITORY)}")
