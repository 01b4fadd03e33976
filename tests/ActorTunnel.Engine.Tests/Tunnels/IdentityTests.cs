using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh.Authentication;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Tests.Tunnels;

/// <summary>Which profiles share a connection.</summary>
public sealed class IdentityTests : IDisposable
{
    private static readonly ProxyServer _proxy = new() { Protocol = ProxyProtocol.Socks5, Host = "proxy", Port = 1080 };

    private readonly IdentityHasher _hasher = new();

    public void Dispose() => _hasher.Dispose();

    [Fact]
    public void Equal_passwords_share()
    {
        Assert.Equal(_hasher.Of(TunnelsScenario.WithPassword("secret")), _hasher.Of(TunnelsScenario.WithPassword("secret")));
    }

    [Fact]
    public void Different_passwords_never_share()
    {
        Assert.NotEqual(_hasher.Of(TunnelsScenario.WithPassword("secret")), _hasher.Of(TunnelsScenario.WithPassword("Secret")));
    }

    [Fact]
    public void Whoever_names_a_user_without_its_password_does_not_share_what_a_key_has_opened_for_that_user()
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        using var right = new Secret("right"u8);
        using var same = new Secret("right"u8);
        using var wrong = new Secret("wrong"u8);
        var profile = With(Key(key.PublicKey));

        Assert.Equal(_hasher.Of(profile with { Owner = right }), _hasher.Of(profile with { Owner = same }));
        Assert.NotEqual(_hasher.Of(profile with { Owner = right }), _hasher.Of(profile with { Owner = wrong }));
        Assert.NotEqual(_hasher.Of(profile with { Owner = right }), _hasher.Of(profile));
    }

    [Fact]
    public void Who_has_only_the_public_half_of_a_key_never_shares_with_who_can_sign()
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        var owner = new PublicKeyCredential(key.PublicKey, (algorithm, data, _) => new(key.Sign(algorithm, data.Span)));

        Assert.NotEqual(_hasher.Of(With(owner)), _hasher.Of(With(Key(key.PublicKey))));
        Assert.Equal(_hasher.Of(With(owner)), _hasher.Of(With(new PublicKeyCredential(key.PublicKey, owner.Sign))));
    }

    [Fact]
    public void Equal_public_keys_share_and_different_ones_do_not()
    {
        using var one = PrivateKey.Generate("ssh-ed25519");
        using var other = PrivateKey.Generate("ssh-ed25519");

        Assert.Equal(_hasher.Of(With(Key(one.PublicKey))), _hasher.Of(With(Key(PublicKey.Parse(one.PublicKey.Blob.Span)))));
        Assert.NotEqual(_hasher.Of(With(Key(one.PublicKey))), _hasher.Of(With(Key(other.PublicKey))));
    }

    [Fact]
    public void Questions_to_a_person_share_only_when_the_same_one_asks()
    {
        Func<int, CancellationToken, ValueTask<byte[]?>> one = (_, _) => default;
        Func<int, CancellationToken, ValueTask<byte[]?>> other = (attempt, _) => new(new byte[attempt]);

        Assert.Equal(_hasher.Of(With(new PasswordCredential(one))), _hasher.Of(With(new PasswordCredential(one))));
        Assert.NotEqual(_hasher.Of(With(new PasswordCredential(one))), _hasher.Of(With(new PasswordCredential(other))));
    }

    [Fact]
    public void The_end_of_one_credential_is_not_the_beginning_of_the_next()
    {
        Assert.NotEqual(
            _hasher.Of(With(Password("ab"), Password("c"))),
            _hasher.Of(With(Password("a"), Password("bc"))));
    }

    [Fact]
    public void A_profile_with_another_host_key_policy_user_server_or_way_does_not_share()
    {
        var profile = TunnelsScenario.WithPassword("secret");
        var identity = _hasher.Of(profile);

        Assert.NotEqual(identity, _hasher.Of(profile with { HostKeys = new Lax() }));
        Assert.NotEqual(identity, _hasher.Of(profile with { User = "bob" }));
        Assert.NotEqual(identity, _hasher.Of(profile with { Host = "other.example.com" }));
        Assert.NotEqual(identity, _hasher.Of(profile with { Port = 2222 }));
        Assert.NotEqual(identity, _hasher.Of(profile with { Via = profile }));
        Assert.NotEqual(identity, _hasher.Of(profile with { Proxies = [new ProxyRule([], _proxy)] }));
        Assert.NotEqual(identity, _hasher.Of(profile with { KeepAliveInterval = TimeSpan.Zero }));
        Assert.NotEqual(identity, _hasher.Of(profile with { Algorithms = new() { Ciphers = ["aes256-gcm@openssh.com"] } }));
        Assert.NotEqual(identity, _hasher.Of(profile with { Pool = new() { IdleTimeout = TimeSpan.Zero } }));
        Assert.NotEqual(identity, _hasher.Of(profile with { Retired = new CancellationToken(canceled: true) }));
        Assert.NotEqual(
            _hasher.Of(profile with { Via = TunnelsScenario.WithPassword("one") }),
            _hasher.Of(profile with { Via = TunnelsScenario.WithPassword("other") }));
        Assert.Equal(
            _hasher.Of(profile with { Via = TunnelsScenario.WithPassword("one") }),
            _hasher.Of(profile with { Host = "SSH.example.com", Via = TunnelsScenario.WithPassword("one") }));
    }

    [Fact]
    public void Proxy_rules_count_by_the_way_that_they_choose()
    {
        var profile = TunnelsScenario.WithPassword("secret");
        var elsewhere = new ProxyRule([new ProxyDestination { Host = "elsewhere" }], _proxy);

        Assert.Equal(_hasher.Of(profile), _hasher.Of(profile with { Proxies = [elsewhere] }));
        Assert.Equal(
            _hasher.Of(profile with { Proxies = [new ProxyRule([], _proxy)] }),
            _hasher.Of(profile with { Proxies = [elsewhere, new ProxyRule([], _proxy)] }));
        Assert.NotEqual(
            _hasher.Of(profile with { Proxies = [new ProxyRule([], _proxy)] }),
            _hasher.Of(profile with { Proxies = [new ProxyRule([], _proxy with { User = "alice" })] }));
    }

    [Fact]
    public void A_server_behind_a_jump_host_is_one_whoever_logs_in_on_the_way()
    {
        var profile = TunnelsScenario.WithPassword("secret");
        var (one, other) = (TunnelsScenario.WithPassword("one"), TunnelsScenario.WithPassword("other", "bob"));

        Assert.Equal(_hasher.Of(profile with { Via = one }).Server, _hasher.Of(profile with { Via = other }).Server);
        Assert.NotEqual(_hasher.Of(profile with { Via = one }).Server, _hasher.Of(profile).Server);
    }

    [Fact]
    public void Without_the_key_of_the_process_nobody_can_try_passwords()
    {
        using var other = new IdentityHasher();

        Assert.NotEqual(_hasher.Of(TunnelsScenario.WithPassword("secret")), other.Of(TunnelsScenario.WithPassword("secret")));
        Assert.DoesNotContain(
            Convert.ToHexString("secret"u8), _hasher.Of(TunnelsScenario.WithPassword("secret")).Credentials, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profiles_that_are_equal_use_one_connection_and_others_another()
    {
        await using var tunnels = new TunnelsScenario();
        var (_, transport) = await tunnels.ConnectAsync(TunnelsScenario.WithPassword("secret"));

        Assert.Same(transport, ((TunnelReady)await tunnels.AskAsync(TunnelsScenario.WithPassword("secret"))).Transport);
        var (_, other) = await tunnels.ConnectAsync(TunnelsScenario.WithPassword("another"));
        Assert.NotSame(transport, other);
    }

    private static TunnelProfile With(params SshCredential[] credentials) => FtpScenario.Profile with { Credentials = credentials };

    private static PasswordCredential Password(string password) => new(new Secret(Encoding.UTF8.GetBytes(password)));

    private static PublicKeyCredential Key(PublicKey key) => new(key, (_, _, _) => throw new NotSupportedException());

    private sealed class Lax : IHostKeyPolicy
    {
        public IReadOnlyList<string> KnownKeyTypes => [];

        public ValueTask CheckAsync(PublicKey key, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
