using System.Net;
using System.Text.Json;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Failures;

/// <summary>What curl shows its user when sshd forbids something, and that the audit file knows it by the same session.</summary>
[Collection(SharedSite.Name)]
public sealed class FailureTextTests(Site site) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Audit => _folder.PathOf("audit.jsonl");

    public void Dispose() => _folder.Dispose();

    [RealPartsFact]
    public async Task E1_curl_shows_the_421_of_a_server_that_forbids_forwarding_with_the_session_of_the_audit_line()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress, "AllowTcpForwarding no");
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await StartAsync(ssh, entry, "auto");

        var outcome = await new Curl(site.Hosts.Client).ListAsync(entry, DataMode.ExtendedPassive, "files");

        var session = SessionOf(outcome.Errors, "< 421 Cannot reach the FTP server: the SSH server does not allow forwarding to ");
        await AssertAuditedAsync("session", session, "prohibited");
    }

    [RealPartsFact]
    public async Task E4_curl_shows_the_425_of_a_server_that_forbids_listening_with_the_session()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress, "AllowTcpForwarding local");
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await StartAsync(ssh, entry, "active");

        var outcome = await new Curl(site.Hosts.Client).ListAsync(entry, DataMode.ExtendedActive, "files");

        var session = SessionOf(outcome.Errors, "< 425 Cannot open a data connection: The SSH server refused to listen on ");
        await tunnel.SaysAsync(line => line.Contains($" {session} data-1 broken: prohibited", StringComparison.Ordinal), "why");
    }

    [RealPartsFact]
    public async Task E4_a_server_that_permits_only_the_control_connection_is_named_in_the_425_with_the_session_of_the_audit_line()
    {
        await using var ssh = await SshdServer.StartAsync(
            site.Hosts.Server, site.Hosts.ServerAddress, $"PermitOpen {site.Ftp.EndPoint}");
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await StartAsync(ssh, entry, "auto");
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, entry);
        await ftp.ExtendedPassiveAsync();
        await tunnel.SaysAsync(line => line.Contains(" data-1 broken: prohibited", StringComparison.Ordinal), "why");
        Assert.StartsWith("200", await ftp.CommandAsync("NOOP"), StringComparison.Ordinal);

        var reply = await ftp.CommandAsync("RETR files/any");

        var session = SessionOf([reply], "425 Cannot open a data connection: the SSH server does not allow forwarding to ");
        Assert.Contains("PermitOpen", reply, StringComparison.Ordinal);
        await AssertAuditedAsync("transfer", session, "prohibited");
    }

    [RealPartsFact]
    public async Task C23_a_client_whose_control_channel_sshd_closes_for_idleness_is_told_421()
    {
        await using var ssh = await SshdServer.StartAsync(
            site.Hosts.Server, site.Hosts.ServerAddress, "ChannelTimeout direct-tcpip=2");
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await StartAsync(ssh, entry, "auto");
        using var ftp = await RawFtp.LoginAsync(site.Hosts.Client, entry);

        var session = SessionOf([await ftp.ReplyAsync()], "421 The FTP server closed the connection");

        await AssertAuditedAsync("session", session, "peer-closed");
    }

    private Task<ActorTunnelProcess> StartAsync(SshdServer ssh, IPEndPoint entry, string dataMode)
    {
        var configuration = _folder.PathOf("actortunnel.json");
        File.WriteAllText(configuration, $$"""
            {
              "profiles": { "office": {
                "host": "{{ssh.EndPoint.Address}}", "port": {{ssh.EndPoint.Port}}, "user": "{{System.Environment.UserName}}",
                "identityFiles": ["{{ssh.UserKey}}"], "knownHosts": ["{{ssh.KnownHosts}}"]
              } },
              "tunnels": [
                { "listen": "{{entry}}", "type": "ftp", "destination": "{{site.Ftp.EndPoint}}", "profile": "office", "dataMode": "{{dataMode}}" }
              ],
              "audit": { "file": "{{Audit}}" }
            }
            """);
        return ActorTunnelProcess.StartProxyAsync(site.Hosts.Client, configuration, entry);
    }

    private static string SessionOf(IEnumerable<string> lines, string beginning)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal));
        Assert.True(line is not null, $"'{beginning}' is not in {string.Join(System.Environment.NewLine, lines)}");
        Assert.Matches(@" \[s\d+\]$", line);
        return line[(line.LastIndexOf('[') + 1)..^1];
    }

    private Task AssertAuditedAsync(string kind, string session, string outcome) => Eventually.IsTrueAsync(
        () => File.Exists(Audit) && File.ReadAllText(Audit).Split('\n')[..^1]
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Any(line => Is(line, "event", kind) && Is(line, "session", session) && Is(line, "outcome", outcome)),
        $"audit has {session}");

    private static bool Is(JsonElement line, string name, string text) =>
        line.TryGetProperty(name, out var value) && value.GetString() == text;
}
