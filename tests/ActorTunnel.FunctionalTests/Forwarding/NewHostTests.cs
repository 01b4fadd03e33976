using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>Several programs that meet new hosts at the same time and write their keys to one known_hosts.</summary>
[Collection(SharedSite.Name)]
public sealed class NewHostTests(Site site)
{
    private const int Tunnels = 6;

    // Of these only one may add its line. ssh has no part in that: it looks once and locks nothing.
    private const string Shared = "shared";

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    [RealPartsFact]
    public async Task No_line_is_lost_torn_or_doubled_when_processes_and_ssh_add_hosts_at_once()
    {
        using var folder = new TemporaryFolder();
        var knownHosts = folder.PathOf("known_hosts");
        var stranger = SshKeys.Create(folder, "stranger"); // what logs in nowhere ends by itself, once the host is known

        var tunnels = Task.WhenAll(Enumerable.Range(0, Tunnels).Select(i =>
            ActorTunnelProcess.RunAsync(
                site.Hosts.Client,
                ["-L", $"0:{site.Ftp.EndPoint}", .. Options(i % 2 == 0 ? Shared : $"tunnel{i}", knownHosts, stranger)])));
        var others = 0;
        do
            await Task.WhenAll(RunSshAsync($"ssh{others++}", knownHosts, stranger), RunSshAsync($"ssh{others++}", knownHosts, stranger));
        while (!tunnels.IsCompleted);

        var added = 0;
        foreach (var outcome in await tunnels)
        {
            Assert.Contains(outcome.Errors, line => line.Contains("Authentication as", StringComparison.Ordinal));
            added += outcome.Errors.Count(line => line.Contains("Added the host key of ", StringComparison.Ordinal));
        }

        var names = Enumerable.Range(0, others).Select(i => $"ssh{i}")
            .Concat(Enumerable.Range(0, Tunnels).Where(i => i % 2 != 0).Select(i => $"tunnel{i}"))
            .Append(Shared);
        var key = (await File.ReadAllTextAsync(site.Ssh.KnownHosts)).TrimEnd().Split(' ', 2)[1];
        Assert.Equal(names.Select(name => $"{name} {key}").Order(), File.ReadAllLines(knownHosts).Order());
        Assert.Equal((Tunnels / 2) + 1, added);
    }

    private async Task RunSshAsync(string alias, string knownHosts, string userKey)
    {
        string[] options = ["-F", "none", "-o", "BatchMode=yes", .. Options(alias, knownHosts, userKey)];
        var outcome = await site.Hosts.Client.RunAsync(_limit, "ssh", options);
        Assert.Contains(outcome.Errors, line => line.Contains("Permission denied", StringComparison.Ordinal));
    }

    private string[] Options(string alias, string knownHosts, string userKey) =>
    [
        "-p", $"{site.Ssh.EndPoint.Port}",
        "-i", userKey,
        "-o", "IdentitiesOnly=yes",
        "-o", $"HostKeyAlias={alias}",
        "-o", $"UserKnownHostsFile={knownHosts}",
        "-o", "StrictHostKeyChecking=accept-new",
        site.Ssh.Destination,
    ];
}
