using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Servers;

/// <summary>Our client against OpenSSH's server with everything that both know.</summary>
public sealed class OpenSshMatrixTests(OpenSshMatrixTests.Server server) : IClassFixture<OpenSshMatrixTests.Server>
{
    public static TheoryData<string, string, string, string> Rows { get; } = AlgorithmRow.Rows(
        SshAlgorithms.KeyExchanges, SshAlgorithms.HostKeys, SshAlgorithms.Ciphers, SshAlgorithms.Macs, UserKeys.Types);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_connection_carries_data_and_changes_keys(
        string keyExchange, string hostKey, string protection, string userKey) =>
        await new AlgorithmRow(keyExchange, hostKey, protection, userKey).CarryAsync(await server.Sshd.ConnectAsync(), server.UserKeys);

    [Fact]
    public async Task The_server_knows_everything_that_we_offer()
    {
        var offer = await ServerOffer.ReadAsync(await server.Sshd.ConnectAsync());
        Assert.Equal(SshAlgorithms.KeyExchanges, SshAlgorithms.KeyExchanges.Intersect(offer.KeyExchange));
        Assert.Equal(SshAlgorithms.HostKeys, SshAlgorithms.HostKeys.Intersect(offer.HostKey));
        Assert.Equal(SshAlgorithms.Ciphers, SshAlgorithms.Ciphers.Intersect(offer.EncryptionToClient));
        Assert.Equal(SshAlgorithms.Macs, SshAlgorithms.Macs.Intersect(offer.MacToClient));
    }

    /// <summary>One server for all rows.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public UserKeys UserKeys { get; } = new();

        public Sshd Sshd { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Sshd = await Sshd.StartAsync("", "ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa");
            foreach (var type in UserKeys.Types)
                Sshd.Authorize(UserKeys[type].PublicKey);
        }

        public async Task DisposeAsync()
        {
            await Sshd.DisposeAsync();
            UserKeys.Dispose();
        }
    }
}
