"""ssh -D for each lane, and one actortunnel for all of them, as a hub has."""
import json

from lanes import Tunnel
from processes import free_port, stop
from servers import PRODUCT

SSH, SOCKS, FORWARD, TEMPORARY = WAYS = ["ssh -D", "actortunnel, SOCKS", "actortunnel, forward", "forward, UploadName=temporary"]
ALIVE_SECONDS, ALIVE_COUNT = 1, 3  # a silent link is found after four seconds
SOCKS_HELLO, SOCKS_ANSWER = b"\5\1\0", b"\5\0"  # RFC 1928: a client without a login, and yes


class OpenSsh:
    """ssh ends with its connection, so each transfer has a new one."""

    def __init__(self, lane):
        self.lane = lane
        address = f"{lane.prefix}.2"
        self.tunnel = Tunnel(lane.new_link(), address, free_port(address), is_proxy=True)

    def run(self, case):
        site, tunnel = self.lane.site, self.tunnel
        command = ["ssh", "-F", "none", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes", "-N",
                   "-o", f"ServerAliveInterval={ALIVE_SECONDS}", "-o", f"ServerAliveCountMax={ALIVE_COUNT}",
                   "-D", f"{tunnel.address}:{tunnel.port}", *site.login_arguments(tunnel.link.port)]
        process = site.start("ssh", command, (tunnel.address, tunnel.port), SOCKS_ANSWER, SOCKS_HELLO)
        outcome = self.lane.run(tunnel, case)
        stop(process)
        return outcome


class Hub:
    """A profile, a rule and two forwards for each lane, one of them with temporary names."""

    def __init__(self, lanes, folder, words):
        self.tunnels = {SOCKS: [], FORWARD: [], TEMPORARY: []}
        profiles, rules, forwards = {}, [], []
        for lane in lanes:
            link, destination = lane.new_link(), f"{lane.site.server}:{lane.site.ftp_port}"
            name = lane.prefix
            profiles[name] = {
                "host": lane.site.server, "port": link.port, "user": lane.site.user, "identityFiles": [str(lane.site.folder / "user-key")],
                "knownHosts": [str(lane.site.folder / "known_hosts")], "keepAliveInterval": ALIVE_SECONDS, "keepAliveCountMax": ALIVE_COUNT}
            rules.append({"host": lane.site.server, "action": "ftp-tunnel", "profile": name})
            for last, way in enumerate(self.tunnels, 3):
                address = f"{name}.{last}"
                tunnel = Tunnel(link, address, free_port(address), is_proxy=way == SOCKS)
                self.tunnels[way].append(tunnel)
                if way != SOCKS:
                    forwards.append({"type": "ftp", "listen": f"{address}:{tunnel.port}", "destination": destination, "profile": name,
                                     "uploadName": "temporary" if way == TEMPORARY else "final"})
        listeners = [f"{tunnel.address}:{tunnel.port}" for tunnel in self.tunnels[SOCKS]]
        configuration = folder / "actortunnel.json"
        configuration.write_text(json.dumps(
            {"socks": {"listen": listeners}, "profiles": profiles, "rules": rules, "tunnels": forwards}, indent=1))
        first = self.tunnels[SOCKS][0]
        command = ["dotnet", PRODUCT, "proxy", "-c", configuration, *words]
        self.process = lanes[0].site.start("actortunnel", command, (first.address, first.port), SOCKS_ANSWER, SOCKS_HELLO)
