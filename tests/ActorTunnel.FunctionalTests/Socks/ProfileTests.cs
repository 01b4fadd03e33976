using System.Net;
using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Socks;

/// <summary>How the proxy itself logs in to SSH servers.</summary>
[Collection(SharedSocksSite.Name)]
public sealed class ProfileTests(SocksSite site)
{
    [AccountsFact]
    public async Task A_password_may_be_in_a_file_of_its_owner() =>
        await LogsInAsync($"\"passwordFile\": \"{site.Secret("bob-password", SocksSite.Bob.Password + "\n")}\"", "Accepted password for bob");

    [AccountsFact]
    public async Task A_password_may_come_from_a_program() =>
        await LogsInAsync($"\"passwordCommand\": [\"printf\", \"%s\\\\n\", \"{SocksSite.Bob.Password}\"]", "Accepted password for bob");

    [AccountsFact]
    public async Task A_key_may_be_in_an_agent()
    {
        await using var agent = await SshAgent.StartAsync(site.ClientFiles.FullName);
        await agent.AddAsync(site.Accounts.KeyOf(SocksSite.Bob));

        await LogsInAsync($"\"agent\": \"{agent.Socket}\"", "Accepted publickey for bob");
    }

    [AccountsFact]
    public async Task The_host_key_may_be_pinned()
    {
        var pin = site.WriteFile("pin.pub", File.ReadLines(site.Ssh.KnownHosts).First().Split(' ', 2)[1]);
        var profile = $$"""
            "host": "server", "user": "bob", "identityFiles": ["{{site.Accounts.KeyOf(SocksSite.Bob)}}"], "hostKeys": ["{{pin}}"]
            """;
        await using var proxy = await StartAsync($$"""{ {{profile}}, "knownHosts": [] }""");

        (await site.Socks.ConnectAsync(SocksSite.InnerServer)).Dispose();
    }

    [AccountsFact]
    public async Task A_password_that_others_can_read_is_refused()
    {
        var password = site.WriteFile("open-password", SocksSite.Bob.Password);
        var file = site.WriteFile("open-password.json", Text(Profile($"\"passwordFile\": \"{password}\"")));

        var outcome = await ActorTunnelProcess.RunCommandAsync(site.Client, "proxy", "-c", file);

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Contains(outcome.Errors, line => line.Contains(password, StringComparison.Ordinal));
        Assert.DoesNotContain(outcome.Errors, line => line.Contains(SocksSite.Bob.Password, StringComparison.Ordinal));
    }

    /// <summary>Nobody but the jump host knows the name of the second server, or reaches it.</summary>
    [AccountsFact]
    public async Task An_SSH_server_behind_another_is_reached_and_named_through_it()
    {
        await using var behind = await SshdServer.StartAsync(
            site.Accounts.On(site.InnerMachine), new IPEndPoint(TwoHosts.InnerAddress, 22), site.Accounts.SshSettings);
        behind.AlsoKnownAs("only-there.test");
        await using var proxy = await site.StartAsync($$"""
            {
              "socks": {},
              "profiles": {
                "first": {
                  "host": "server", "user": "alice", "identityFiles": ["{{site.Accounts.KeyOf(SocksSite.Alice)}}"],
                  "knownHosts": ["{{site.Ssh.KnownHosts}}"],
                },
                "second": {
                  "host": "only-there.test", "through": "first", "methods": ["password"], "knownHosts": ["{{behind.KnownHosts}}"],
                },
              },
              "rules": [{ "action": "ftp-tunnel", "profile": "second", "userFromApplication": true }],
            }
            """);
        var original = await TestFile.CreateAsync(site.Inner.PathOf("bob/behind"), TestFile.Mebibyte);
        var copy = site.ClientFiles.PathOf("behind");

        var outcome = (await site.Curl(SocksSite.LoginOf(SocksSite.Bob))
            .DownloadAsync(SocksSite.InnerServer, DataMode.ExtendedPassive, "behind", copy)).Succeeded();

        await TestFile.AssertSameAsync(original, copy, outcome);
        Assert.Contains(behind.Log.Lines, line => line.StartsWith("Accepted password for bob from 10.89.0.1 ", StringComparison.Ordinal));
    }

    private async Task LogsInAsync(string credential, string login)
    {
        await using var proxy = await StartAsync(Profile(credential));
        var before = site.Ssh.Log.Lines.Count;

        (await site.Socks.ConnectAsync(SocksSite.InnerServer)).Dispose();

        await Eventually.IsTrueAsync(
            () => site.Ssh.Log.Lines.Skip(before).Any(line => line.StartsWith(login, StringComparison.Ordinal)), $"sshd logs '{login}'");
        Assert.DoesNotContain(SocksSite.Bob.Password, proxy.Diagnostics, StringComparison.Ordinal);
    }

    private string Profile(string credential) =>
        $$"""{ "host": "server", "user": "bob", {{credential}}, "knownHosts": ["{{site.Ssh.KnownHosts}}"] }""";

    private static string Text(string profile) =>
        $$"""{ "socks": {}, "profiles": { "p": {{profile}} }, "rules": [{ "action": "tunnel", "profile": "p" }] }""";

    private Task<ActorTunnelProcess> StartAsync(string profile) => site.StartAsync(Text(profile));
}
