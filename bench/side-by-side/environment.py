"""What run and truth do before they begin."""
import os
import re
import shutil
import signal
import subprocess
import sys

from processes import CannotMeasure
from servers import REPOSITORY


def number_from_environment(name, default):
    text = os.environ.get(name, str(default))
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise CannotMeasure(f"{name}={text}: give a whole number from 1 to 999999")
    return int(text)


def prepare(program, needed):
    """Ends on a signal as on an error, looks for the programs and builds the product."""
    for stop_signal in signal.SIGINT, signal.SIGTERM:
        signal.signal(stop_signal, lambda *_: sys.exit(f"{program}: stopped"))
    os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin:/sbin"
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]  # no_proxy would lead curl past ssh -D
    missing = [name for name in ("dotnet", "git", *needed) if not shutil.which(name)]
    if missing:
        raise CannotMeasure(f"not installed: {', '.join(missing)} (tests/run, as root on Debian, installs the servers and clients)")
    product = REPOSITORY / "src/ActorTunnel.Cli"
    subprocess.run(["dotnet", "build", product, "-c", "Release", "-v", "q", "--nologo", "--disable-build-servers", "-m:1"], check=True)
