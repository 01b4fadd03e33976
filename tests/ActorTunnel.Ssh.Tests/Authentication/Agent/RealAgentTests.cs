using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Authentication.Agent;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Tests.Keys;
using ActorTunnel.Ssh.Tests.Keys.Certificates;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Authentication.Agent;

/// <summary>OpenSSH's ssh-agent and sshd.</summary>
public sealed class RealAgentTests
{
    private static readonly (string Name, string Kind)[] _kinds =
    [
        ("ed25519", "-t ed25519"), ("nistp256", "-t ecdsa -b 256"), ("nistp384", "-t ecdsa -b 384"), ("nistp521", "-t ecdsa -b 521"),
        ("rsa", "-t rsa -b 2048"),
    ];

    [Fact]
    public async Task Every_type_of_key_in_an_agent_logs_in()
    {
        await using var agent = await RealAgent.StartAsync();
        await using var sshd = await Sshd.StartAsync();
        Assert.Empty(await agent.Client.ListAsync(CancellationToken.None));
        foreach (var (name, kind) in _kinds)
            agent.Add(name, kind);

        var identities = await agent.Client.ListAsync(CancellationToken.None);
        Assert.Equal(_kinds.Select(kind => kind.Name), identities.Select(identity => identity.Comment));
        foreach (var identity in identities)
        {
            sshd.Authorize(identity.Key);
            await LogInAsync(sshd, Credential(agent.Client, identity.Key));
        }
    }

    [Fact]
    public async Task Every_type_of_certificate_in_an_agent_logs_in()
    {
        await using var agent = await RealAgent.StartAsync();
        agent.Keys.Run("-q", "-t", "ed25519", "-N", "", "-f", "ca");
        await using var sshd = await Sshd.StartAsync($"TrustedUserCAKeys {agent.Keys.PathOf("ca.pub")}");
        foreach (var (name, kind) in _kinds)
            agent.Add(name, kind, "ca", "-n", Sshd.User);

        var certificates = (await agent.Client.ListAsync(CancellationToken.None)).Where(identity => identity.Key is Certificate).ToList();
        Assert.Equal(_kinds.Length, certificates.Count);
        foreach (var certificate in certificates)
            await LogInAsync(sshd, Credential(agent.Client, certificate.Key));
    }

    [Fact]
    public async Task A_key_that_left_the_agent_gives_way_to_the_next_credential()
    {
        await using var agent = await RealAgent.StartAsync();
        await using var sshd = await Sshd.StartAsync();
        using var stranger = PrivateKey.Generate("ssh-ed25519");
        sshd.Authorize(stranger.PublicKey);

        var exception = await Assert.ThrowsAsync<SshException>(() => LogInAsync(sshd, Credential(agent.Client, stranger.PublicKey)));
        Assert.Equal(SshFailure.AuthenticationFailed, exception.Failure);
        Assert.Contains("the SSH agent refuses to sign", exception.Message, StringComparison.Ordinal);
        await LogInAsync(sshd, Credential(agent.Client, stranger.PublicKey), Credentials.Of(sshd.UserKey));
    }

    /// <summary>
    /// The device is played by the test, so is the agent; that the server takes it shows that the signature is left alone.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_key_in_a_FIDO_device_behind_an_agent_logs_in(bool isCertified)
    {
        using var device = new PlayedDevice();
        using var authority = PrivateKey.Generate("ssh-ed25519");
        using var folder = new SshKeygen();
        File.WriteAllText(folder.PathOf("ca.pub"), authority.PublicKey.ToLine());
        await using var sshd = await Sshd.StartAsync($"TrustedUserCAKeys {folder.PathOf("ca.pub")}");
        if (!isCertified)
            sshd.Authorize(device.Line);
        var blob = !isCertified ? device.Blob : new CertificateMaker(authority, PublicKey.ParseLine(device.Line))
        {
            Type = "sk-ssh-ed25519-cert-v01@openssh.com",
            Kind = (uint)CertificateKind.User,
            Principals = CertificateMaker.Strings(Sshd.User),
        }.Make();
        var agent = new SshAgent(_ => new(PlayedAgent.Start(blob, device.Sign)), TimeProvider.System);

        var identity = Assert.Single(await agent.ListAsync(CancellationToken.None));
        Assert.Equal(isCertified, identity.Key is Certificate);
        await LogInAsync(sshd, Credential(agent, identity.Key));
    }

    private static PublicKeyCredential Credential(SshAgent agent, PublicKey key) =>
        new(key, (algorithm, data, token) => agent.SignAsync(key, algorithm, data, token));

    private static async Task LogInAsync(Sshd sshd, params SshCredential[] credentials)
    {
        await using var connection = await SshdClient.ConnectAsync(sshd, options => options with { Credentials = credentials });
        await connection.PingAsync(CancellationToken.None).AsTask().WaitAsync(SshdClient.Bound);
    }
}
