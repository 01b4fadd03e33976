using System.Net;
using System.Net.Sockets;
using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Tests.Support;

namespace ActorTunnel.Ssh.Tests;

/// <summary>Our client against OpenSSH's server.</summary>
public sealed class SshdTests
{
    private const long Size = 64L * 1024 * 1024;

    [Theory]
    [InlineData("curve25519-sha256")]
    [InlineData("curve25519-sha256@libssh.org")]
    [InlineData("ecdh-sha2-nistp256")]
    [InlineData("ecdh-sha2-nistp384")]
    [InlineData("ecdh-sha2-nistp521")]
    [InlineData("diffie-hellman-group16-sha512")]
    [InlineData("diffie-hellman-group14-sha256")]
    public async Task Every_key_exchange_method_connects_and_rekeys(string method)
    {
        await using var sshd = await Sshd.StartAsync($"KexAlgorithms {method}\nRekeyLimit 1M");
        await using var connection = await SshdClient.ConnectAsync(sshd);
        await EchoAsync(connection, 4_000_000);
    }

    [Theory]
    [InlineData("ed25519", "ssh-ed25519")]
    [InlineData("ecdsa", "ecdsa-sha2-nistp256")]
    [InlineData("ecdsa -b 384", "ecdsa-sha2-nistp384")]
    [InlineData("ecdsa -b 521", "ecdsa-sha2-nistp521")]
    [InlineData("rsa", "ssh-rsa")]
    public async Task Every_host_key_type_is_verified(string hostKey, string type)
    {
        await using var sshd = await Sshd.StartAsync("", hostKey);
        var policy = new TestPolicy();
        await using var connection = await SshdClient.ConnectAsync(sshd, options => options with { HostKeys = policy });
        Assert.Equal(type, connection.HostKey.Type);
        Assert.Same(policy.Seen, connection.HostKey);
        await connection.PingAsync(CancellationToken.None).AsTask().WaitAsync(SshdClient.Bound);
    }

    [Fact]
    public async Task A_key_type_known_for_the_host_is_asked_for_first()
    {
        await using var sshd = await Sshd.StartAsync("", "ed25519", "rsa", "ecdsa");
        await using var rsa = await SshdClient.ConnectAsync(sshd, options => options with { HostKeys = new TestPolicy("ssh-rsa") });
        await using var any = await SshdClient.ConnectAsync(sshd);
        Assert.Equal("ssh-rsa", rsa.HostKey.Type);
        Assert.Equal("ssh-ed25519", any.HostKey.Type);
    }

    [Fact]
    public async Task Every_cipher_carries_data()
    {
        await using var sshd = await Sshd.StartAsync();
        foreach (var cipher in SshAlgorithms.Ciphers)
        {
            await using var connection = await SshdClient.ConnectAsync(sshd, options => options with { Algorithms = new() { Ciphers = [cipher] } });
            await EchoAsync(connection, 1_000_000);
        }
    }

    [Theory]
    [InlineData("ssh-ed25519")]
    [InlineData("ecdsa-sha2-nistp256")]
    [InlineData("ecdsa-sha2-nistp384")]
    [InlineData("ecdsa-sha2-nistp521")]
    [InlineData("ssh-rsa")]
    public async Task Every_user_key_type_logs_in(string type)
    {
        await using var sshd = await Sshd.StartAsync();
        using var key = PrivateKey.Generate(type);
        sshd.Authorize(key.PublicKey);
        await using var connection = await SshdClient.ConnectAsync(
            sshd, options => options with { Credentials = [Credentials.Of(key)] });
        await connection.PingAsync(CancellationToken.None).AsTask().WaitAsync(SshdClient.Bound);
    }

    [Fact]
    public async Task A_refused_login_names_what_was_tried_and_what_the_server_accepts()
    {
        await using var sshd = await Sshd.StartAsync("PasswordAuthentication yes");
        using var stranger = PrivateKey.Generate("ssh-ed25519");
        var exception = await Assert.ThrowsAsync<SshException>(() => SshdClient.ConnectAsync(sshd, options => options with
        {
            Credentials = [Credentials.Of(stranger), Credentials.Passwords("wrong", "wrong too")],
        }));
        Assert.Equal(SshFailure.AuthenticationFailed, exception.Failure);
        Assert.Contains($"publickey (ssh-ed25519 {stranger.PublicKey.Fingerprint}), password", exception.Message, StringComparison.Ordinal);
        Assert.Contains("the server accepts publickey, password", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_attempts_are_a_failed_login()
    {
        await using var sshd = await Sshd.StartAsync("MaxAuthTries 2");
        using var key1 = PrivateKey.Generate("ssh-ed25519");
        using var key2 = PrivateKey.Generate("ecdsa-sha2-nistp256");
        using var key3 = PrivateKey.Generate("ecdsa-sha2-nistp384");
        var exception = await Assert.ThrowsAsync<SshException>(() => SshdClient.ConnectAsync(sshd, options => options with
        {
            Credentials = [Credentials.Of(key1), Credentials.Of(key2), Credentials.Of(key3)],
        }));
        Assert.Equal(SshFailure.AuthenticationFailed, exception.Failure);
        Assert.Contains("Too many authentication failures", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_banner_is_shown_without_control_characters()
    {
        await using var sshd = await Sshd.StartAsync();
        var banner = Path.Combine(sshd.Folder, "banner");
        File.WriteAllText(banner, "Hello\n\u001b[31mred\u0007\n");
        await using var second = await Sshd.StartAsync($"Banner {banner}");
        var shown = "";
        await using var connection = await SshdClient.ConnectAsync(second, options => options with { Banner = text => shown += text });
        Assert.Equal("Hello\n[31mred\n", shown);
    }

    [Fact]
    public async Task No_common_algorithm_shows_both_lists()
    {
        await using var sshd = await Sshd.StartAsync("Ciphers aes256-ctr,aes128-ctr");
        var exception = await Assert.ThrowsAsync<SshException>(
            () => SshdClient.ConnectAsync(sshd, options => options with { Algorithms = new() { Ciphers = ["aes128-gcm@openssh.com"] } }));
        Assert.Equal(SshFailure.NoCommonAlgorithm, exception.Failure);
        Assert.Contains(
            "offers aes128-gcm@openssh.com; the server offers aes256-ctr, aes128-ctr", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1L << 30)]
    [InlineData("RekeyLimit 1M", 1L << 30)]
    [InlineData("", 300_000)]
    [InlineData("RekeyLimit 1M", 1_000_000)]
    public async Task Both_directions_at_once_survive_rekeying(string config, long rekeyBytes)
    {
        await using var sshd = await Sshd.StartAsync(config);
        await using var connection = await SshdClient.ConnectAsync(sshd, options => options with { RekeyBytes = rekeyBytes });
        await Task.WhenAll(EchoAsync(connection, Size / 2), EchoAsync(connection, Size / 2));
    }

    [Fact]
    public async Task A_download_arrives_whole_and_ends_with_the_end_of_file()
    {
        await using var source = new TcpTarget(stream => Traffic.WriteAsync(stream, Size));
        await using var sshd = await Sshd.StartAsync();
        await using var connection = await SshdClient.ConnectAsync(sshd);
        var channel = await SshdClient.OpenAsync(connection, source.Port);
        await using var stream = new ChannelStream(channel);
        var received = await Traffic.ReadAsync(stream).WaitAsync(SshdClient.Bound);
        Assert.Equal((Size, await Traffic.HashAsync(Size)), received);
        await stream.CompleteWritesAsync();
        Assert.Equal(ChannelEnd.Finished, await channel.Ended.WaitAsync(SshdClient.Bound));
    }

    [Fact]
    public async Task After_our_end_of_file_the_answer_still_comes()
    {
        await using var target = new TcpTarget(async stream =>
        {
            var (_, hash) = await Traffic.ReadAsync(stream);
            await stream.WriteAsync(Convert.FromHexString(hash));
        });
        await using var sshd = await Sshd.StartAsync();
        await using var connection = await SshdClient.ConnectAsync(sshd);
        await using var stream = new ChannelStream(await SshdClient.OpenAsync(connection, target.Port));
        var sent = await Traffic.WriteAsync(stream, Size);
        await stream.CompleteWritesAsync();
        var answer = new byte[32];
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(SshdClient.Bound);
        Assert.Equal(sent, Convert.ToHexString(answer));
        Assert.Equal(0, await stream.ReadAsync(answer).AsTask().WaitAsync(SshdClient.Bound));
    }

    [Fact]
    public async Task A_refused_open_leaves_the_connection_alive()
    {
        await using var echo = TcpTarget.Echo();
        await using var sshd = await Sshd.StartAsync();
        await using var connection = await SshdClient.ConnectAsync(sshd);
        var exception = await Assert.ThrowsAsync<ChannelOpenException>(() => SshdClient.OpenAsync(connection, Sshd.FreePort()));
        Assert.Equal(ChannelOpenFailure.ConnectFailed, exception.Reason);
        await EchoAsync(connection, 1000);
    }

    [Fact]
    public async Task A_prohibited_open_says_so()
    {
        await using var sshd = await Sshd.StartAsync("AllowTcpForwarding remote");
        await using var connection = await SshdClient.ConnectAsync(sshd);
        var exception = await Assert.ThrowsAsync<ChannelOpenException>(() => SshdClient.OpenAsync(connection, 1));
        Assert.Equal(ChannelOpenFailure.AdministrativelyProhibited, exception.Reason);
    }

    [Fact]
    public async Task A_remote_listener_passes_connections_on_until_it_is_disposed()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var connection = await SshdClient.ConnectAsync(sshd);
        var offered = new TaskCompletionSource<IOfferedChannel>();
        var listener = await connection.ListenAsync("localhost", 0, offered.SetResult, CancellationToken.None)
            .AsTask().WaitAsync(SshdClient.Bound);
        Assert.InRange(listener.Port, 1, 65535);

        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, listener.Port);
        var offer = await offered.Task.WaitAsync(SshdClient.Bound);
        Assert.Equal("127.0.0.1", offer.OriginatorAddress);
        Assert.Equal(((IPEndPoint)client.Client.LocalEndPoint!).Port, offer.OriginatorPort);
        await using var stream = new ChannelStream(offer.Accept(SshdClient.Window));
        var sent = await Traffic.WriteAsync(client.GetStream(), 1_000_000);
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal((1_000_000, sent), await Traffic.ReadAsync(stream).WaitAsync(SshdClient.Bound));

        await listener.DisposeAsync().AsTask().WaitAsync(SshdClient.Bound);
        await Assert.ThrowsAnyAsync<SocketException>(async () => await new TcpClient().ConnectAsync(IPAddress.Loopback, listener.Port));
    }

    [Fact]
    public async Task A_remote_listener_on_a_port_in_use_is_refused()
    {
        await using var taken = TcpTarget.Echo();
        await using var sshd = await Sshd.StartAsync();
        await using var connection = await SshdClient.ConnectAsync(sshd);
        var exception = await Assert.ThrowsAsync<SshException>(
            () => connection.ListenAsync("127.0.0.1", taken.Port, _ => { }, CancellationToken.None).AsTask().WaitAsync(SshdClient.Bound));
        Assert.Equal(SshFailure.ForwardingRefused, exception.Failure);
    }

    [Fact]
    public async Task A_killed_server_ends_every_channel()
    {
        await using var echo = TcpTarget.Echo();
        var sshd = await Sshd.StartAsync();
        await using var connection = await SshdClient.ConnectAsync(sshd);
        var channels = new List<ITunnelChannel>();
        for (var i = 0; i < 50; i++)
            channels.Add(await SshdClient.OpenAsync(connection, echo.Port));
        await sshd.DisposeAsync();
        var ends = await Task.WhenAll(channels.Select(channel => channel.Ended)).WaitAsync(SshdClient.Bound);
        Assert.All(ends, end => Assert.Equal(ChannelEnd.ConnectionLost, end));
        var closed = await connection.Closed.WaitAsync(SshdClient.Bound);
        Assert.True(closed.Failure is SshFailure.ClosedByPeer or SshFailure.ConnectionLost, closed.ToString());
        await Assert.ThrowsAsync<SshException>(() => SshdClient.OpenAsync(connection, echo.Port));
    }

    private static async Task EchoAsync(ISshTransport connection, long size)
    {
        await using var echo = TcpTarget.Echo();
        await using var stream = new ChannelStream(await SshdClient.OpenAsync(connection, echo.Port));
        var receiving = Traffic.ReadAsync(stream);
        var sent = await Traffic.WriteAsync(stream, size).WaitAsync(SshdClient.Bound);
        await stream.CompleteWritesAsync();
        Assert.Equal((size, sent), await receiving.WaitAsync(SshdClient.Bound));
    }
}
