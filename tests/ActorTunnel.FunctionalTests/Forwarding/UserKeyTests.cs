using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.CommandLine;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Forwarding;

/// <summary>Logging in with what is not simply a key in a file: an agent, a certificate, both.</summary>
[Collection(SharedSite.Name)]
public sealed class UserKeyTests(Site site)
{
    [RealPartsFact]
    public async Task A_key_that_only_the_agent_has_logs_in()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        using var folder = new TemporaryFolder();
        await using var agent = await SshAgent.StartAsync(folder.FullName);
        for (var i = 0; i < 7; i++)
            await agent.AddAsync(SshKeys.Create(folder, $"stranger{i}")); // more than sshd looks at: the one that -i names goes first
        await agent.AddAsync(ssh.UserKey);
        File.Delete(ssh.UserKey);

        await CarryAsync(ssh, agent);
    }

    [RealPartsFact]
    public async Task Too_many_keys_are_an_error_that_says_what_to_do()
    {
        await using var ssh = await SshdServer.StartAsync(site.Hosts.Server, site.Hosts.ServerAddress);
        using var folder = new TemporaryFolder();
        await using var agent = await SshAgent.StartAsync(folder.FullName);
        for (var i = 0; i < 7; i++)
            await agent.AddAsync(SshKeys.Create(folder, $"stranger{i}"));

        string[] arguments = ["-L", $"0:{site.Ftp.EndPoint}", .. ssh.LoginArguments];
        var outcome = await ActorTunnelProcess.RunAsync(site.Hosts.Client, agent, arguments);

        Assert.NotEqual(0, outcome.ExitCode);
        var line = Assert.Single(outcome.Errors);
        Assert.Contains("Too many authentication failures", line, StringComparison.Ordinal);
        Assert.Contains("give the right one, with IdentitiesOnly=yes", line, StringComparison.Ordinal);
    }

    [RealPartsTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_certificate_logs_in_where_no_key_is_authorized(bool withAgent)
    {
        using var folder = new TemporaryFolder();
        var authority = SshKeys.Create(folder, "ca");
        await File.WriteAllTextAsync(folder.PathOf("principals"), "hub\n");
        await using var ssh = await SshdServer.StartAsync(
            site.Hosts.Server,
            site.Hosts.ServerAddress,
            $"TrustedUserCAKeys {authority}.pub",
            $"AuthorizedPrincipalsFile {folder.PathOf("principals")}",
            "AuthorizedKeysFile none");
        TestKeys.Run("-q", "-s", authority, "-I", "test", "-n", "hub", "-V", "+1h", $"{ssh.UserKey}.pub");

        await using var agent = await SshAgent.StartAsync(folder.FullName);
        if (withAgent)
        {
            await agent.AddAsync(ssh.UserKey);
            File.Delete(ssh.UserKey);
        }

        await CarryAsync(ssh, agent);
    }

    private async Task CarryAsync(SshdServer ssh, SshAgent agent)
    {
        var entry = ActorTunnelProcess.NewEntry(site.Hosts);
        await using var tunnel = await ActorTunnelProcess.StartAsync(
            site.Hosts.Client, ssh, agent, [], Forward.Ftp(entry, site.Ftp.EndPoint));
        (await new Curl(site.Hosts.Client).ListAsync(entry, DataMode.ExtendedPassive, "files")).Succeeded();
    }
}
