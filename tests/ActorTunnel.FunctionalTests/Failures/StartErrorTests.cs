using System.Net;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Failures;

/// <summary>What can go wrong before the first client comes: one line that says what to do, and an exit code of its own.</summary>
[Collection(SharedSite.Name)]
public sealed class StartErrorTests(Site site)
{
    [RealPartsFact]
    public async Task Every_error_is_one_line_on_stderr_with_an_exit_code_of_its_own()
    {
        using var folder = new TemporaryFolder();
        using var taken = site.Hosts.Client.Listen(IPAddress.Loopback);
        var strangerKey = SshKeys.Create(folder, "stranger");
        var wrongHosts = folder.PathOf("wrong_hosts");
        await File.WriteAllTextAsync(wrongHosts, SshKeys.KnownHost($"{site.Hosts.ServerAddress}", site.Ssh.EndPoint.Port, strangerKey));
        var closedPort = site.Hosts.Server.FreePort(site.Hosts.ServerAddress);

        // Of each option the first value counts, as in ssh: what stands before the usual arguments wins.
        var outcomes = new Dictionary<string, Outcome>
        {
            ["usage"] = await ActorTunnelProcess.RunAsync(site.Hosts.Client, "--no-such-option"),
            ["host key changed"] = await StartAsync(["-o", $"UserKnownHostsFile={wrongHosts}"]),
            ["connection refused"] = await StartAsync(["-p", $"{closedPort}"]),
            ["port in use"] = await StartAsync(["-L", $"ftp/{taken.LocalEndPoint}:{site.Ftp.EndPoint}"]),
            ["authentication failed"] = await StartAsync([], strangerKey),
            ["host not found"] = await StartAsync([], site.Ssh.UserKey, "alice@no-such-host.invalid"),
        };

        Assert.All(outcomes, error =>
        {
            Assert.True(error.Value.ExitCode is > 0 and < 128, $"{error.Key}: {error.Value}");
            Assert.True(error.Value.Output.Count == 0, $"{error.Key}: {error.Value}");
            var line = Assert.Single(error.Value.Errors);
            Assert.StartsWith("actortunnel: ", line, StringComparison.Ordinal);
        });
        Assert.True(
            outcomes.Values.Select(outcome => outcome.ExitCode).Distinct().Count() == outcomes.Count,
            string.Join(", ", outcomes.Select(error => $"{error.Key}: {error.Value.ExitCode}")));
    }

    [RealPartsFact]
    public async Task A_private_key_that_others_can_read_is_named_and_not_used()
    {
        using var folder = new TemporaryFolder();
        var openKey = folder.PathOf("open-key");
        File.Copy(site.Ssh.UserKey, openKey);
        File.SetUnixFileMode(openKey, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var outcome = await StartAsync([], openKey);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains(outcome.Errors, line => line.Contains(openKey, StringComparison.Ordinal));
    }

    [RealPartsFact]
    public async Task An_unknown_host_is_refused_when_nobody_can_be_asked()
    {
        using var folder = new TemporaryFolder();

        var outcome = await StartAsync(["-o", $"UserKnownHostsFile={folder.PathOf("none")}", "-o", "StrictHostKeyChecking=ask"]);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Single(outcome.Errors);
        Assert.False(File.Exists(folder.PathOf("none")));
    }

    [RealPartsFact]
    public async Task With_accept_new_an_unknown_host_is_remembered_and_a_changed_key_is_still_refused()
    {
        using var folder = new TemporaryFolder();
        var knownHosts = folder.PathOf("known_hosts");
        string[] options = ["-o", $"UserKnownHostsFile={knownHosts}", "-o", "StrictHostKeyChecking=accept-new"];
        await using (await ActorTunnelProcess.StartAsync(site.Hosts.Client, site.Ssh, options, NewForward()))
            Assert.Equal(await File.ReadAllTextAsync(site.Ssh.KnownHosts), await File.ReadAllTextAsync(knownHosts));

        var stranger = SshKeys.Create(folder, "stranger");
        await File.WriteAllTextAsync(knownHosts, SshKeys.KnownHost($"{site.Hosts.ServerAddress}", site.Ssh.EndPoint.Port, stranger));
        Assert.NotEqual(0, (await StartAsync(options)).ExitCode);
    }

    private Forward NewForward() => Forward.Ftp(ActorTunnelProcess.NewEntry(site.Hosts), site.Ftp.EndPoint);

    private Task<Outcome> StartAsync(IEnumerable<string> options, string? userKey = null, string? destination = null) =>
        ActorTunnelProcess.RunAsync(
            site.Hosts.Client,
            [
                .. options,
                .. options.Contains("-L") ? [] : NewForward().Arguments,
                "-p", $"{site.Ssh.EndPoint.Port}",
                "-i", userKey ?? site.Ssh.UserKey,
                "-o", $"UserKnownHostsFile={site.Ssh.KnownHosts}",
                "-o", "StrictHostKeyChecking=yes",
                destination ?? site.Ssh.Destination,
            ]);
}
