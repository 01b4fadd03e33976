using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.SshConfig;

/// <summary>The program with a configuration file, between real servers.</summary>
[Collection(SharedSite.Name)]
public sealed class ConfiguredForwardTests(Site site) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RealPartsFact]
    public async Task A_server_behind_a_jump_host_is_reached_by_a_name_that_only_the_file_knows()
    {
        // On the FTP server's address, which the client's machine cannot reach.
        await using var inner = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.HiddenAddress);
        var config = _folder.PathOf("config");
        await File.WriteAllTextAsync(config, $"{Block("gate", site.Ssh)}{Block("inner", inner)} ProxyJump gate\n");
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);

        await using var process = ChildProcess.Start(Command(config, "-L", $"ftp/{entry}:{site.Ftp.EndPoint}", "inner"));
        Assert.Equal(
            $"ftp {entry} -> {site.Ftp.EndPoint} through {System.Environment.UserName}@{inner.EndPoint}",
            await process.Output.FindAsync(_ => true, TimeSpan.FromSeconds(60)) ?? string.Join('\n', process.Errors.Lines));

        var original = await TestFile.CreateAsync(site.ClientFiles.PathOf("jumped"), TestFile.Mebibyte);
        var upload = (await new Curl(site.Hosts.Client).UploadAsync(entry, DataMode.Passive, original, "files/jumped")).Succeeded();
        await TestFile.AssertSameAsync(original, site.Ftp.PathOf("jumped"), upload);
        Assert.Contains(inner.Log.Lines, line => line.Contains("Accepted publickey", StringComparison.Ordinal));
    }

    [RealPartsFact]
    public async Task A_jump_host_with_an_unknown_key_is_named_and_not_used()
    {
        var config = _folder.PathOf("config");
        await File.WriteAllTextAsync(config, $"{Block("gate", site.Ssh)} HostKeyAlias stranger\nHost *\n UserKnownHostsFile none\n");

        var outcome = await RunAsync(config, "-J", "gate", "-L", "0:h:1", "-i", site.Ssh.UserKey, "inner.invalid");

        Assert.Equal(7, outcome.ExitCode);
        Assert.Contains(outcome.Errors, line => line.Contains("stranger", StringComparison.Ordinal));
    }

    [RealPartsTheory]
    [InlineData("ProxyCommand nc %h %p", "ProxyCommand is set for a and is not supported")]
    [InlineData("RevokedHostKeys /etc/ssh/revoked", "RevokedHostKeys is set for a and is not supported")]
    [InlineData("Ciphers 3des-cbc", "Ciphers for a leaves none that is supported")]
    [InlineData("PreferredAuthentications gssapi-with-mic", "nothing to log in to a with")]
    public async Task What_must_not_be_gone_around_ends_the_program_before_it_connects(string line, string message)
    {
        var config = _folder.PathOf("config");
        await File.WriteAllTextAsync(config, line);

        var outcome = await RunAsync(config, "-L", "0:h:1", "-i", site.Ssh.UserKey, "a");

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.StartsWith($"actortunnel: {message}", Assert.Single(outcome.Errors), StringComparison.Ordinal);
    }

    [RealPartsFact]
    public async Task G_prints_the_settings_and_connects_nowhere()
    {
        var config = _folder.PathOf("config");
        await File.WriteAllTextAsync(config, "Host a\n HostName b\n ProxyCommand nc x");

        var outcome = await RunAsync(config, "-G", "-p", "23", "a");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("hostname b", outcome.Output);
        Assert.Contains("port 23", outcome.Output);
        Assert.Contains("proxycommand nc x", outcome.Output);
    }

    private static string Block(string name, SshdServer server) =>
        $"""
        Host {name}
         HostName {server.EndPoint.Address}
         Port {server.EndPoint.Port}
         User {System.Environment.UserName}
         IdentityFile {server.UserKey}
         UserKnownHostsFile {server.KnownHosts}

        """;

    private Task<Outcome> RunAsync(string config, params string[] arguments) =>
        ActorTunnelProcess.RunAsync(site.Hosts.Client, ["-F", config, .. arguments]);

    private System.Diagnostics.ProcessStartInfo Command(string config, params string[] arguments) => site.Hosts.Client.Command(
        "setsid", ["dotnet", Path.Combine(AppContext.BaseDirectory, "actortunnel.dll"), "forward", "-F", config, .. arguments]);
}
