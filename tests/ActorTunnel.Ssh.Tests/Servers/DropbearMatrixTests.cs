using System.Runtime.Versioning;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Servers;

/// <summary>Our client against Dropbear with everything that both know: no GCM, no encrypt-then-MAC.</summary>
[SupportedOSPlatform("linux")]
public sealed class DropbearMatrixTests(DropbearMatrixTests.Server server) : IClassFixture<DropbearMatrixTests.Server>
{
    private static readonly string[] _keyExchanges =
    [
        "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
        "diffie-hellman-group14-sha256",
    ];

    private static readonly string[] _hostKeys =
        ["ssh-ed25519", "rsa-sha2-256", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];

    private static readonly string[] _ciphers = ["chacha20-poly1305@openssh.com", "aes128-ctr", "aes256-ctr"];

    private static readonly string[] _macs = ["hmac-sha2-256"];

    public static TheoryData<string, string, string, string> Rows { get; } =
        AlgorithmRow.Rows(_keyExchanges, _hostKeys, _ciphers, _macs, UserKeys.Types);

    [DropbearTheory]
    [MemberData(nameof(Rows))]
    public async Task A_connection_carries_data_and_changes_keys(
        string keyExchange, string hostKey, string protection, string userKey) =>
        await new AlgorithmRow(keyExchange, hostKey, protection).CarryAsync(
            await server.ConnectAsync(hostKey), Credentials.Of(server.UserKeys[userKey]));

    [DropbearFact]
    public async Task What_both_know_is_in_the_matrix()
    {
        var offer = await ServerOffer.ReadAsync(await server.ConnectAsync(_hostKeys[0]));
        var other = await ServerOffer.ReadAsync(await server.ConnectAsync(_hostKeys[^1]));
        AssertSame(_keyExchanges, SshAlgorithms.KeyExchanges.Intersect(offer.KeyExchange));
        AssertSame(_hostKeys, SshAlgorithms.HostKeys.Intersect(offer.HostKey.Concat(other.HostKey)));
        AssertSame(_ciphers, SshAlgorithms.Ciphers.Intersect(offer.EncryptionToClient));
        AssertSame(_macs, SshAlgorithms.Macs.Intersect(offer.MacToClient));
    }

    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) =>
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));

    /// <summary>Two servers for all rows, because one takes four host keys only.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private readonly List<Dropbear> _servers = [];

        public UserKeys UserKeys { get; } = new();

        public async Task InitializeAsync()
        {
            if (Dropbear.SkipReason is not null)
                return;
            _servers.Add(await Dropbear.StartAsync(UserKeys.AuthorizedKeys, "ed25519", "rsa", "ecdsa -s 256", "ecdsa -s 384"));
            _servers.Add(await Dropbear.StartAsync(UserKeys.AuthorizedKeys, "ecdsa -s 521"));
        }

        /// <summary>To the server that has a key for this algorithm.</summary>
        public Task<Stream> ConnectAsync(string hostKey) => _servers[hostKey == "ecdsa-sha2-nistp521" ? 1 : 0].ConnectAsync();

        public async Task DisposeAsync()
        {
            foreach (var server in _servers)
                await server.DisposeAsync();
            UserKeys.Dispose();
        }
    }
}

/// <summary>A test with Dropbear. A build server must never pass because it lacks it; a developer's machine may.</summary>
[AttributeUsage(AttributeTargets.Method)]
[SupportedOSPlatform("linux")]
public sealed class DropbearFactAttribute : FactAttribute
{
    public DropbearFactAttribute() => Skip = Dropbear.SkipReason;
}

/// <inheritdoc cref="DropbearFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
[SupportedOSPlatform("linux")]
public sealed class DropbearTheoryAttribute : TheoryAttribute
{
    public DropbearTheoryAttribute() => Skip = Dropbear.SkipReason;
}
