"""The command lines of the three clients, straight to an FTP entry or through a SOCKS proxy."""
import pathlib
import sys

from cases import DOWN

SECONDS = 30  # a client that hears nothing for so long gives up
SCRIPT = pathlib.Path(__file__).with_name("ftplib_client.py")


def command(case, local, server, proxy, folder):
    """server and proxy are (address, port); proxy may be None."""
    return {"curl": curl, "lftp": lftp, "ftplib": ftplib}[case.client](case, local, server, proxy, folder)


def curl(case, local, server, proxy, _):
    options = ["--socks5", "{}:{}".format(*proxy)] if proxy else []
    way = ["-o", local] if case.direction == DOWN else ["-T", local]
    return ["curl", "-q", "-sS", "--connect-timeout", str(SECONDS), "--speed-time", str(SECONDS), "--max-time", str(2 * SECONDS), *options,
            *way, "ftp://{}:{}/files/{}".format(*server, case.name)]


def lftp(case, local, server, proxy, folder):
    """lftp knows no SOCKS: proxychains puts itself between it and the C library."""
    transfer = f"get files/{case.name} -o {local}" if case.direction == DOWN else f"put {local} -o files/{case.name}"
    settings = {"cmd:fail-exit": "yes", "net:max-retries": 1, "net:reconnect-interval-base": SECONDS, "net:timeout": SECONDS,
                "ftp:use-site-utime": "no", "ftp:use-mdtm": "no", "ftp:prefer-epsv": "yes", "xfer:clobber": "yes"}
    script = "; ".join([*(f"set {name} {value}" for name, value in settings.items()),
                        f"open -u anonymous,guest ftp://{server[0]}:{server[1]}", transfer])
    prefix = []
    if proxy:
        configuration = folder / f"proxychains-{proxy[0]}.conf"
        configuration.write_text("strict_chain\nquiet_mode\n[ProxyList]\nsocks5 {} {}\n".format(*proxy))
        prefix = ["proxychains4", "-q", "-f", configuration]
    return [*prefix, "lftp", "--norc", "-c", script]


def ftplib(case, local, server, proxy, _):
    return [sys.executable, "-S", SCRIPT, case.direction, local, case.name, *map(str, server), *map(str, proxy or ())]
