using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Tests.Keys;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests.Servers;

/// <summary>Our client against OpenSSH's server with everything that both know.</summary>
public sealed class OpenSshMatrixTests(OpenSshMatrixTests.Server server) : IClassFixture<OpenSshMatrixTests.Server>
{
    public static TheoryData<string, string, string, string> Rows { get; } = AlgorithmRow.Rows(
        SshAlgorithms.KeyExchanges, SshAlgorithms.HostKeys, SshAlgorithms.Ciphers, SshAlgorithms.Macs,
        [.. UserKeys.Types, .. UserKeys.Types.Select(type => type + Server.CertificateSuffix)]);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_connection_carries_data_and_changes_keys(
        string keyExchange, string hostKey, string protection, string userKey) =>
        await new AlgorithmRow(keyExchange, hostKey, protection).CarryAsync(await server.Sshd.ConnectAsync(), server.Credential(userKey));

    [Fact]
    public async Task The_server_knows_everything_that_we_offer()
    {
        var offer = await ServerOffer.ReadAsync(await server.Sshd.ConnectAsync());
        Assert.Equal(SshAlgorithms.KeyExchanges, SshAlgorithms.KeyExchanges.Intersect(offer.KeyExchange));
        Assert.Equal(SshAlgorithms.HostKeys, SshAlgorithms.HostKeys.Intersect(offer.HostKey));
        Assert.Equal(SshAlgorithms.Ciphers, SshAlgorithms.Ciphers.Intersect(offer.EncryptionToClient));
        Assert.Equal(SshAlgorithms.Macs, SshAlgorithms.Macs.Intersect(offer.MacToClient));
    }

    /// <summary>One server for all rows. It and its users have certificates of one authority besides their keys.</summary>
    public sealed class Server : IAsyncLifetime, IDisposable
    {
        public const string CertificateSuffix = "-cert-v01@openssh.com";

        private static readonly string[] _hostKeys = ["ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521", "rsa"];

        private readonly SshKeygen _keygen = new();
        private readonly UserKeys _userKeys = new();

        public Sshd Sshd { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _keygen.Run("-q", "-N", "", "-f", "ca", "-t", "ed25519");
            var config = $"TrustedUserCAKeys {_keygen.PathOf("ca.pub")}";
            foreach (var type in _hostKeys)
            {
                var name = "host_" + type.Replace(' ', '_');
                _keygen.Run(["-q", "-N", "", "-f", name, "-t", .. type.Split(' ')]);
                _keygen.Run("-q", "-s", "ca", "-I", name, "-h", "-n", "127.0.0.1", $"{name}.pub");
                config += $"\nHostKey {_keygen.PathOf(name)}\nHostCertificate {_keygen.PathOf($"{name}-cert.pub")}";
            }

            Sshd = await Sshd.StartAsync(config);
            foreach (var type in UserKeys.Types)
            {
                Sshd.Authorize(_userKeys[type].PublicKey);
                await File.WriteAllTextAsync(_keygen.PathOf($"{type}.pub"), _userKeys[type].PublicKey.ToLine());
                _keygen.Run("-q", "-s", "ca", "-I", type, "-n", Sshd.User, $"{type}.pub");
            }
        }

        /// <summary>The key of that type, or its certificate.</summary>
        public SshCredential Credential(string type)
        {
            if (!type.EndsWith(CertificateSuffix, StringComparison.Ordinal))
                return Credentials.Of(_userKeys[type]);
            var keyType = type[..^CertificateSuffix.Length];
            var certificate = File.ReadAllText(_keygen.PathOf($"{keyType}-cert.pub"));
            return Credentials.Of(PublicKey.ParseLine(certificate), _userKeys[keyType]);
        }

        public async Task DisposeAsync() => await Sshd.DisposeAsync();

        public void Dispose()
        {
            _userKeys.Dispose();
            _keygen.Dispose();
        }
    }
}
