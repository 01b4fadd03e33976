using System.Buffers;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests.Support;

/// <summary>
/// The other side of a whole connection of ours, client or server. It does each step in order when the script asks for it, and
/// whatever else the script wants in between: in plain packets before the keys are there, and under keys after that.
/// </summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private static readonly PrivateKey _hostKey = PrivateKey.Generate("ssh-ed25519");

    private readonly SshRole _role;
    private readonly PacketConnection _transport;
    private readonly Task<ISshTransport>? _connecting;
    private readonly Task<SshServerConnection>? _accepting;
    private readonly IExchangeSide _side;
    private string _theirVersion = "";
    private byte[]? _sessionId;
    private byte[] _ourInit = [];
    private byte[] _theirInit = [];
    private AgreedAlgorithms? _agreed;
    private ExchangeResult? _result;

    private ScriptedPeer(
        SshRole role, Stream stream, Task<ISshTransport>? connecting, Task<SshServerConnection>? accepting)
    {
        _role = role;
        Stream = stream;
        _connecting = connecting;
        _accepting = accepting;
        _transport = new(stream, TimeProvider.System);
        Proposal = new(role, SshAlgorithms.Ciphers, ["ssh-ed25519"]);
        _side = role == SshRole.Server
            ? new ServerExchangeSide(Proposal, [_hostKey])
            : new ClientExchangeSide(Proposal, new TestPolicy(), CancellationToken.None);
        Ended = EndAsync();
    }

    public Proposal Proposal { get; }

    public AgreedAlgorithms Agreed => _agreed!;

    /// <summary>To send what is no packet.</summary>
    public Stream Stream { get; }

    public bool IsStrict { get; private set; }

    public ExchangeTranscript Transcript => _role == SshRole.Client
        ? new(VersionLine.Ours, _theirVersion, _ourInit, _theirInit)
        : new(_theirVersion, VersionLine.Ours, _theirInit, _ourInit);

    /// <summary>How our side's connection ended, before or after its login.</summary>
    public Task<SshEnd> Ended { get; }

    /// <summary>A server for our client.</summary>
    public static ScriptedPeer Server(SshClientOptions? options = null, TimeProvider? time = null)
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var connecting = SshClient.ConnectAsync(
            clientEnd, options ?? MemoryPair.ClientOptions, NullLogger.Instance, time ?? TimeProvider.System, CancellationToken.None);
        return new(SshRole.Server, serverEnd, connecting.AsTask(), accepting: null);
    }

    /// <summary>A client for our server.</summary>
    public static ScriptedPeer Client(SshServerOptions? options = null)
    {
        var (clientEnd, serverEnd) = DuplexPipe.Create();
        var accepting = SshServer.AcceptAsync(
            serverEnd, options ?? MemoryPair.ServerOptions, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        return new(SshRole.Client, clientEnd, connecting: null, accepting.AsTask());
    }

    public async Task<ISshTransport> ConnectedAsync() => await _connecting!.WaitAsync(MemoryPair.Bound);

    public async Task<SshServerConnection> AcceptedAsync() => await _accepting!.WaitAsync(MemoryPair.Bound);

    public void Send<T>(in T message)
        where T : IMessage, allows ref struct => _transport.Output.Post(message);

    public void Send(MessageNumber number, params object[] fields) => Send(new RawMessage(number, Fields.Of(fields)));

    public async Task SendBytesAsync(params byte[] bytes) => await Stream.WriteAsync(bytes).AsTask().WaitAsync(MemoryPair.Bound);

    /// <summary>
    /// SSH_MSG_IGNORE without keys, past the queue: the key exchange would overtake it there. Nothing may be under way in it.
    /// </summary>
    public Task SendPlainIgnoreAsync() =>
        SendBytesAsync(0, 0, 0, 12, 6, (byte)MessageNumber.Ignore, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The next message; our side's SSH_MSG_NEWKEYS takes effect.</summary>
    public async Task<byte[]> ReadAsync()
    {
        var packet = (await _transport.ReadAsync().AsTask().WaitAsync(MemoryPair.Bound)).ToArray();
        if ((MessageNumber)packet[0] == MessageNumber.NewKeys)
        {
            var protection = PacketProtection.Get(_role == SshRole.Client ? _agreed!.ToClient : _agreed!.ToServer);
            var opener = _result!.Protect(protection, protection.CreateOpener, _sessionId!, toServer: _role == SshRole.Server);
            _transport.Reader.ChangeKey(opener, IsStrict);
        }

        return packet;
    }

    /// <summary>The next message, which must be this one; passes over SSH_MSG_EXT_INFO.</summary>
    public async Task<byte[]> ReadAsync(MessageNumber expected)
    {
        byte[] packet;
        do
        {
            packet = await ReadAsync();
        }
        while ((MessageNumber)packet[0] == MessageNumber.ExtInfo);
        Assert.Equal(expected, (MessageNumber)packet[0]);
        return packet;
    }

    public async Task ExchangeVersionsAsync() =>
        _theirVersion = await _transport.ExchangeVersionsAsync(VersionLine.MaxLinesBefore).AsTask().WaitAsync(MemoryPair.Bound);

    public void SendKexInit(Func<KexInitMessage, KexInitMessage>? change = null)
    {
        var message = Proposal.ToMessage(isFirst: _sessionId is null);
        var output = new ArrayBufferWriter<byte>();
        (change?.Invoke(message) ?? message).Write(new(output));
        _ourInit = [(byte)MessageNumber.KexInit, .. output.WrittenSpan];
        Send(new RawMessage(MessageNumber.KexInit, _ourInit[1..]));
    }

    public async Task ReadKexInitAsync()
    {
        _theirInit = await ReadAsync(MessageNumber.KexInit);
        var ours = KexInitMessage.Parse(_ourInit);
        var theirs = KexInitMessage.Parse(_theirInit);
        if (_sessionId is null)
        {
            IsStrict = _role == SshRole.Client
                ? theirs.KeyExchange.Contains(Proposal.StrictServer) && ours.KeyExchange.Contains(Proposal.StrictClient)
                : theirs.KeyExchange.Contains(Proposal.StrictClient) && ours.KeyExchange.Contains(Proposal.StrictServer);
        }

        _agreed = _role == SshRole.Client ? AgreedAlgorithms.Negotiate(ours, theirs) : AgreedAlgorithms.Negotiate(theirs, ours);
    }

    /// <summary>Versions and SSH_MSG_KEXINIT.</summary>
    public async Task BeginAsync(Func<KexInitMessage, KexInitMessage>? change = null)
    {
        await ExchangeVersionsAsync();
        await ExchangeKexInitAsync(change);
    }

    public async Task ExchangeKexInitAsync(Func<KexInitMessage, KexInitMessage>? change = null)
    {
        SendKexInit(change);
        await ReadKexInitAsync();
    }

    /// <summary>The two messages of the method: the secret is there.</summary>
    public async Task AgreeAsync()
    {
        using var exchange = _side.Begin(Transcript, _agreed!, _transport.Output);
        var packet = await ReadAsync(_role == SshRole.Client ? MessageNumber.KexEcdhReply : MessageNumber.KexEcdhInit);
        _result = await exchange.HandleAsync(packet);
        _sessionId ??= _result.Hash;
    }

    /// <summary>Sends SSH_MSG_NEWKEYS and uses the new key for what follows.</summary>
    public void SendNewKeys()
    {
        var protection = PacketProtection.Get(_role == SshRole.Client ? _agreed!.ToServer : _agreed!.ToClient);
        var sealer = _result!.Protect(protection, protection.CreateSealer, _sessionId!, toServer: _role == SshRole.Client);
        _transport.Output.EndKeyExchange(new(sealer, IsStrict), extInfo: null);
    }

    public async Task ReadNewKeysAsync() => await ReadAsync(MessageNumber.NewKeys);

    /// <summary>All of the first key exchange.</summary>
    public async Task ExchangeKeysAsync(Func<KexInitMessage, KexInitMessage>? change = null)
    {
        await BeginAsync(change);
        await AgreeAsync();
        SendNewKeys();
        await ReadNewKeysAsync();
    }

    /// <summary>Another one.</summary>
    public async Task RenewKeysAsync()
    {
        await ExchangeKexInitAsync();
        await AgreeAsync();
        SendNewKeys();
        await ReadNewKeysAsync();
    }

    /// <summary>Up to where authentication begins: the service is there.</summary>
    public async Task BeginAuthenticationAsync()
    {
        await ExchangeKeysAsync();
        if (_role == SshRole.Client)
        {
            Send(new ServiceRequestMessage(ServiceRequestMessage.UserAuthentication));
            await ReadAsync(MessageNumber.ServiceAccept);
        }
        else
        {
            await ReadAsync(MessageNumber.ServiceRequest);
            Send(new ServiceAcceptMessage(ServiceRequestMessage.UserAuthentication));
        }
    }

    /// <summary>All up to the connection protocol: as a server to whoever comes, as a client with the password.</summary>
    public async Task LoginAsync()
    {
        await BeginAuthenticationAsync();
        if (_role == SshRole.Client)
        {
            Send(MessageNumber.UserauthRequest, "alice", "ssh-connection", "password", false, "secret");
            await ReadAsync(MessageNumber.UserauthSuccess);
            await AcceptedAsync();
        }
        else
        {
            await ReadAsync(MessageNumber.UserauthRequest);
            Send(new EmptyMessage(MessageNumber.UserauthSuccess));
            await ConnectedAsync();
        }
    }

    /// <summary>Everything our side still sends, to the end of its stream.</summary>
    public async Task<List<byte[]>> ReadToEndAsync()
    {
        var packets = new List<byte[]>();
        try
        {
            while (true)
                packets.Add(await ReadAsync());
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ClosedByPeer)
        {
            return packets;
        }
    }

    /// <summary>
    /// Our side ends the connection for this reason, and says so once, as its last word, without anything of its own machine.
    /// </summary>
    public async Task AssertEndsAsync(
        string phrase, DisconnectReason reason = DisconnectReason.ProtocolError, SshFailure failure = SshFailure.ProtocolError)
    {
        var packets = await ReadToEndAsync();
        var end = await Ended.WaitAsync(MemoryPair.Bound);
        Assert.Equal(failure, end.Failure);
        Assert.Contains(phrase, end.Message, StringComparison.Ordinal);
        Assert.InRange(end.Message.Length, 1, 1500);
        var farewell = DisconnectMessage.Parse(Assert.Single(packets, packet => (MessageNumber)packet[0] == MessageNumber.Disconnect));
        Assert.Equal(MessageNumber.Disconnect, (MessageNumber)packets[^1][0]);
        Assert.Equal(reason, farewell.Reason);
        Assert.NotEmpty(farewell.Description);
        Assert.False(
            farewell.Description.Contains('/', StringComparison.Ordinal)
            || farewell.Description.Contains(" at ", StringComparison.Ordinal));
    }

    /// <summary>Our side is alive: it answers what was sent last.</summary>
    public async Task AssertLivesAsync()
    {
        const uint Marker = 0xABCDEF;
        Send(MessageNumber.ChannelOpen, "are-you-there@test", Marker, 1u, 1u);
        byte[] packet;
        do
        {
            packet = await ReadAsync(); // what our side had to say before
        }
        while ((MessageNumber)packet[0] != MessageNumber.ChannelOpenFailure
            || ChannelOpenFailureMessage.Parse(packet).RecipientChannel != Marker);
        Assert.False(Ended.IsCompleted);
    }

    public async ValueTask DisposeAsync()
    {
        _transport.End.TryEnd(SshFailure.ConnectionLost, "The test is over.");
        await _transport.Completion;
        _transport.Dispose();
        _result?.Dispose();
        await Ended.WaitAsync(MemoryPair.Bound);
    }

    private async Task<SshEnd> EndAsync()
    {
        try
        {
            if (_connecting is not null)
                return await (await _connecting).Closed;
            return await (await _accepting!).Closed;
        }
        catch (SshException exception)
        {
            return new(exception.Failure, exception.Message);
        }
    }
}
