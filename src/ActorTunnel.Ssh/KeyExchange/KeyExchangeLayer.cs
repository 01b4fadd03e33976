using System.Runtime.CompilerServices;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Transport;
using ActorTunnel.Ssh.Wire;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Ssh.KeyExchange;

/// <summary>
/// Key exchange and rekeying (RFC 4253, sections 7 to 9) on top of the transport; above it messages just flow. While keys are
/// exchanged, what this side wants to send waits in the queue, and what the peer had already sent is still delivered.
/// </summary>
internal sealed class KeyExchangeLayer : IPacketConnection
{
    /// <summary>RFC 8308, section 2.4: a server may say it twice, before and after it knows the user.</summary>
    private const int MaxExtInfos = 2;

    /// <summary>
    /// How long renewing keys may take while the peer sends other things: what this side wants to send waits for it. A peer that sends
    /// nothing is found by keepalives.
    /// </summary>
    private static readonly TimeSpan _renewalTimeout = TimeSpan.FromMinutes(10);

    private readonly PacketConnection _transport;
    private readonly IExchangeSide _side;
    private readonly RekeyLimit _limit;
    private readonly RenewalBudget _renewals;
    private readonly ILogger _logger;

    private readonly Lock _gate = new(); // guards _ourInit and when it was sent: the send loop, too, may start an exchange
    private byte[]? _ourInit;
    private long _started;
    private volatile bool _isLoggedIn;

    // All else belongs to the receive loop.
    private string _peerVersion = "";
    private byte[]? _sessionId;
    private bool _isStrict;
    private bool _isInitial = true;
    private bool _isPeerExchanging = true; // from its SSH_MSG_KEXINIT to its SSH_MSG_NEWKEYS; at first nothing else may come
    private bool _isGuessWrong;
    private int _extInfos;
    private bool _peerWantsExtInfo;
    private AgreedAlgorithms? _algorithms;
    private IExchange? _exchange;
    private ExchangeResult? _result;

    public KeyExchangeLayer(PacketConnection transport, IExchangeSide side, RekeyLimit limit, ILogger logger)
    {
        _transport = transport;
        _side = side;
        _limit = limit;
        _renewals = new(transport.Time);
        _logger = logger;
        transport.Sender.Sent = () =>
        {
            if (_isLoggedIn && transport.Sender.Traffic.IsSpent(limit))
                Start();
        };
    }

    public ConnectionEnd End => _transport.End;

    public SendQueue Output => _transport.Output;

    public TimeProvider Time => _transport.Time;

    public Task Completion => _transport.Completion;

    public uint SequenceNumber => _transport.SequenceNumber;

    public long LastReceived => _transport.LastReceived;

    /// <summary>The exchange hash of the first exchange: names this connection in signatures (RFC 4253, section 7.2).</summary>
    public ReadOnlySpan<byte> SessionId => _sessionId;

    /// <summary>What the server said in SSH_MSG_EXT_INFO; null when it said nothing.</summary>
    public ExtInfoMessage? ExtInfo { get; private set; }

    /// <summary>Exchanges versions and the first keys.</summary>
    public async ValueTask HandshakeAsync()
    {
        // RFC 4253, section 4.2: only a server may send other lines before its version.
        var linesBefore = _side.Proposal.Role == SshRole.Client ? VersionLine.MaxLinesBefore : 0;
        _peerVersion = await _transport.ExchangeVersionsAsync(linesBefore).ConfigureAwait(false);
        Start();
        while (_isPeerExchanging)
            await HandleAsync(await _transport.ReadAsync().ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>From now on keys are renewed when they are spent. Not before the login: sshd signs but once until then.</summary>
    public void OnLoggedIn() => _isLoggedIn = true;

    /// <summary>Starts a key exchange unless one is under way.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_ourInit is not null)
                return;
            _ourInit = Output.BeginKeyExchange(_side.Proposal.ToMessage(isFirst: _sessionId is null));
            _started = Time.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
    {
        while (true)
        {
            var packet = await _transport.ReadAsync().ConfigureAwait(false);
            if (_isLoggedIn && _transport.Reader.Traffic.IsSpent(_limit))
                Start();
            if (_ourInit is not null)
                CheckRenewalTime();
            if (!_isPeerExchanging && IsForAbove((MessageNumber)packet.Span[0]))
                return packet;
            await HandleAsync(packet).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _exchange?.Dispose();
        _result?.Dispose();
        _transport.Dispose();
    }

    public static SshException Unexpected(byte number) =>
        new(SshFailure.ProtocolError, $"The peer sent message {number} where the protocol does not allow it.");

    private static bool IsForAbove(MessageNumber number) =>
        number is >= MessageNumber.UserauthRequest or MessageNumber.ServiceRequest or MessageNumber.ServiceAccept;

    private async ValueTask HandleAsync(ReadOnlyMemory<byte> packet)
    {
        var number = (MessageNumber)packet.Span[0];
        switch (number)
        {
            case MessageNumber.Disconnect:
                throw Disconnected(DisconnectMessage.Parse(packet.Span));
            case MessageNumber.KexInit:
                await PaceAsync().ConfigureAwait(false);
                OnKexInit(packet);
                break;
            case MessageNumber.NewKeys:
                OnNewKeys(packet.Span);
                break;
            case >= MessageNumber.KexEcdhInit and < MessageNumber.UserauthRequest when _isGuessWrong:
                _isGuessWrong = false;
                break;
            case >= MessageNumber.KexEcdhInit and < MessageNumber.UserauthRequest when _exchange is not null && _result is null:
                OnResult(await ExchangeAsync(_exchange, packet).ConfigureAwait(false));
                break;
            // Strict key exchange: nothing else may stand between the first packets, or it could be put there to shift the numbers.
            case not (MessageNumber.Ignore or MessageNumber.Debug or MessageNumber.Unimplemented)
                when _isPeerExchanging:
            case var _ when _isStrict && _isInitial:
            case >= MessageNumber.KexEcdhInit and < MessageNumber.UserauthRequest:
                throw Unexpected(packet.Span[0]);
            case MessageNumber.ExtInfo when ++_extInfos > MaxExtInfos:
                throw Unexpected(packet.Span[0]);
            case MessageNumber.ExtInfo:
                ExtInfo = ExtInfoMessage.Parse(packet.Span);
                break;
            case MessageNumber.Ignore or MessageNumber.Debug or MessageNumber.Unimplemented:
                break;
            default:
                Output.Post(new UnimplementedMessage(SequenceNumber));
                break;
        }
    }

    /// <summary>
    /// A renewal that the peer begins and has not earned yet waits. That delays nothing else: after its SSH_MSG_KEXINIT the peer may send
    /// no other message (RFC 4253, section 7.1), and what this side sends goes on until it answers.
    /// </summary>
    private async ValueTask PaceAsync()
    {
        lock (_gate)
        {
            if (_isInitial || _ourInit is not null)
                return;
        }

        var wait = _renewals.Spend(_transport.Reader.Traffic.Bytes + _transport.Sender.Traffic.Bytes);
        if (wait == TimeSpan.Zero)
            return;
        try
        {
            var end = await End.Cause.WaitAsync(wait, Time).ConfigureAwait(false);
            throw new SshException(end.Failure, end.Message);
        }
        catch (TimeoutException)
        {
            // Earned.
        }
    }

    private void OnKexInit(ReadOnlyMemory<byte> packet)
    {
        var peer = KexInitMessage.Parse(packet.Span);
        if (_exchange is not null)
            throw Unexpected(packet.Span[0]);
        Start();
        byte[] ourInit;
        lock (_gate)
            ourInit = _ourInit!;
        var isClient = _side.Proposal.Role == SshRole.Client;
        if (_sessionId is null)
        {
            _peerWantsExtInfo = !isClient && peer.KeyExchange.Contains(Proposal.ExtInfoClient);
            _isStrict = peer.KeyExchange.Contains(isClient ? Proposal.StrictServer : Proposal.StrictClient);
            if (_isStrict && SequenceNumber != 0)
                throw Unexpected(packet.Span[0]);
        }

        var ours = KexInitMessage.Parse(ourInit);
        var (client, server) = isClient ? (ours, peer) : (peer, ours);
        _isPeerExchanging = true;
        _isGuessWrong = peer.FirstKexPacketFollows && !AgreedAlgorithms.IsGuessRight(client, server);
        _algorithms = AgreedAlgorithms.Negotiate(client, server);
        var peerInit = packet.ToArray();
        var transcript = isClient
            ? new ExchangeTranscript(VersionLine.Ours, _peerVersion, ourInit, peerInit)
            : new ExchangeTranscript(_peerVersion, VersionLine.Ours, peerInit, ourInit);
        _exchange = _side.Begin(transcript, _algorithms, Output);
    }

    /// <summary>Whatever is wrong with the peer's part of an exchange, it failed; RFC 4253, section 11.1 has a reason for that.</summary>
    private static async ValueTask<ExchangeResult> ExchangeAsync(IExchange exchange, ReadOnlyMemory<byte> packet)
    {
        try
        {
            return await exchange.HandleAsync(packet).ConfigureAwait(false);
        }
        catch (SshException exception) when (exception.Failure == SshFailure.ProtocolError)
        {
            throw new SshException(exception.Failure, exception.Message, exception)
            {
                DisconnectReason = DisconnectReason.KeyExchangeFailed,
            };
        }
    }

    private void CheckRenewalTime()
    {
        lock (_gate)
        {
            if (_sessionId is null || _isInitial || Time.GetElapsedTime(_started) < _renewalTimeout)
                return;
        }

        throw new SshException(SshFailure.Timeout, "The peer did not take part in renewing the keys in time.");
    }

    private void OnResult(ExchangeResult result)
    {
        var isFirst = _sessionId is null;
        _sessionId ??= result.Hash;
        _result = result;
        var isClient = _side.Proposal.Role == SshRole.Client;
        var protection = PacketProtection.Get(isClient ? _algorithms!.ToServer : _algorithms!.ToClient);
        var sealer = result.Protect(protection, protection.CreateSealer, _sessionId, toServer: isClient);
        var extInfo = isFirst && _peerWantsExtInfo ? new ExtInfoMessage(Keys.KeyAlgorithms.SignatureAlgorithms) : null;
        Output.EndKeyExchange(new(sealer, _isStrict), extInfo);
    }

    private void OnNewKeys(ReadOnlySpan<byte> packet)
    {
        EmptyMessage.Check(packet);
        if (_result is null)
            throw Unexpected(packet[0]);
        var isClient = _side.Proposal.Role == SshRole.Client;
        var protection = PacketProtection.Get(isClient ? _algorithms!.ToClient : _algorithms!.ToServer);
        _transport.Reader.ChangeKey(
            _result.Protect(protection, protection.CreateOpener, _sessionId!, toServer: !isClient), _isStrict);
        _logger.KeysExchanged(_algorithms.KeyExchange, _algorithms.HostKey, _algorithms.ToServer, _algorithms.ToClient);
        _result.Dispose();
        _exchange!.Dispose();
        _result = null;
        _exchange = null;
        _isPeerExchanging = false;
        _isInitial = false;
        lock (_gate)
            _ourInit = null;
    }

    private static SshException Disconnected(DisconnectMessage message) => new(
        SshFailure.ClosedByPeer, $"The peer closed the SSH connection: {PeerText.Line(message.Description)}");
}
