using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.KeyExchange;

namespace ActorTunnel.Ssh.Tests.KeyExchange;

public sealed class ProposalTests
{
    private static readonly AlgorithmChoice _last = new()
    {
        KeyExchanges = [SshAlgorithms.KeyExchanges[^1]],
        HostKeys = [SshAlgorithms.HostKeys[^1], "ssh-ed25519"],
        Ciphers = [SshAlgorithms.Ciphers[^1]],
        Macs = [SshAlgorithms.Macs[^1]],
    };

    public static TheoryData<AlgorithmChoice, string> Unknown => new()
    {
        { new() { KeyExchanges = ["curve25519-sha256", "none-such"] }, "There is no key exchange method 'none-such' here: use curve" },
        { new() { HostKeys = ["ssh-rsa"] }, "There is no host key algorithm 'ssh-rsa' here: use ssh-ed25519-cert-v01@openssh.com, " },
        { new() { Ciphers = ["3des-cbc"] }, "There is no cipher '3des-cbc' here: use " },
        { new() { Macs = ["hmac-sha1"] }, "There is no MAC 'hmac-sha1' here: use hmac-sha2-" },
    };

    [Fact]
    public void Both_roles_offer_what_they_were_told_in_that_order()
    {
        using var hostKey = PrivateKey.Generate("ssh-ed25519");
        var client = Proposal.ForClient(_last, knownKeyTypes: ["ssh-ed25519"]).ToMessage(isFirst: false);
        var server = Proposal.ForServer(_last, [hostKey]).ToMessage(isFirst: false);
        Assert.Equal(_last.HostKeys, client.HostKey);
        Assert.Equal(["ssh-ed25519"], server.HostKey);
        foreach (var message in new[] { client, server })
        {
            Assert.Equal(_last.KeyExchanges, message.KeyExchange);
            Assert.Equal(_last.Ciphers, message.EncryptionToServer);
            Assert.Equal(_last.Ciphers, message.EncryptionToClient);
            Assert.Equal(_last.Macs, message.MacToServer);
            Assert.Equal(_last.Macs, message.MacToClient);
        }
    }

    [Fact]
    public void Both_roles_offer_all_when_told_nothing_and_a_client_puts_known_host_keys_first()
    {
        using var hostKey = PrivateKey.Generate("ecdsa-sha2-nistp384");
        var client = Proposal.ForClient(new(), knownKeyTypes: ["ssh-rsa"]).ToMessage(isFirst: false);
        var server = Proposal.ForServer(new(), [hostKey]).ToMessage(isFirst: false);
        Assert.Equal("rsa-sha2-", client.HostKey[0][..9]);
        Assert.Equal(KeyAlgorithms.SignatureAlgorithms.Order(), client.HostKey.Order());
        Assert.Equal(["ecdsa-sha2-nistp384"], server.HostKey);
        foreach (var message in new[] { client, server })
        {
            Assert.Equal(SshAlgorithms.KeyExchanges, message.KeyExchange);
            Assert.Equal(SshAlgorithms.Ciphers, message.EncryptionToServer);
            Assert.Equal(SshAlgorithms.Macs, message.MacToServer);
        }
    }

    [Fact]
    public void A_client_asks_for_certificates_first_where_an_authority_is_known_and_otherwise_not_at_all()
    {
        var client = Proposal.ForClient(new(), [.. KeyAlgorithms.CertificateTypes, "ssh-rsa"]).ToMessage(isFirst: false);
        var others = KeyAlgorithms.SignatureAlgorithms.Where(name => !name.StartsWith("rsa-", StringComparison.Ordinal));
        Assert.Equal([.. KeyAlgorithms.CertificateAlgorithms, "rsa-sha2-512", "rsa-sha2-256", .. others], client.HostKey);
        Assert.Equal(KeyAlgorithms.SignatureAlgorithms, Proposal.ForClient(new(), []).ToMessage(isFirst: false).HostKey);
    }

    [Fact]
    public void A_list_without_an_order_of_its_own_has_known_host_keys_first_and_any_other_stays_as_it_is()
    {
        IReadOnlyList<string> names = ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256"];
        var choice = new AlgorithmChoice { HostKeys = names };
        Assert.Equal(names, Proposal.ForClient(choice, ["ssh-rsa"]).HostKeyAlgorithms);
        Assert.Equal(
            ["rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519", "ecdsa-sha2-nistp256"],
            Proposal.ForClient(choice with { PreferKnownHostKeys = true }, ["ssh-rsa"]).HostKeyAlgorithms);
    }

    [Fact]
    public void No_algorithm_in_common_shows_both_lists_whole()
    {
        string[] theirs = [.. Enumerable.Range(0, 12).Select(i => $"some-other-algorithm-{i:00}@openssh.com")];
        var client = Proposal.ForClient(new() { HostKeys = SshAlgorithms.HostKeys }, []).ToMessage(isFirst: true);
        var exception = Assert.Throws<SshException>(() => AgreedAlgorithms.Negotiate(client, client with { HostKey = theirs }));
        Assert.All([.. SshAlgorithms.HostKeys, .. theirs], name => Assert.Contains(name, exception.Message, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Unknown))]
    public void A_name_that_is_not_here_is_refused_in_both_roles(AlgorithmChoice choice, string message)
    {
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Proposal.ForClient(choice, [])).Message);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Proposal.ForServer(choice, [])).Message);
    }

    [Fact]
    public void Nothing_that_rests_on_SHA_1_CBC_or_3DES_is_offered() => Assert.DoesNotContain(
        [.. SshAlgorithms.KeyExchanges, .. SshAlgorithms.HostKeys, .. SshAlgorithms.Ciphers, .. SshAlgorithms.Macs],
        name => name.EndsWith("sha1", StringComparison.Ordinal) || name.EndsWith("-cbc", StringComparison.Ordinal) || name == "ssh-rsa");
}
