using ActorTunnel.Ssh.Channels;
using ActorTunnel.Ssh.KeyExchange;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Messages;
using ActorTunnel.Ssh.Protection;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Transport;
using ActorTunnel.Ssh.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace ActorTunnel.Ssh.Tests.Fuzz;

/// <summary>Targets that claim more than that nothing unexpected is thrown.</summary>
internal static class FuzzProperties
{
    private const int SealedPackets = 5;

    private static readonly PublicKey _hostKey = FuzzKeys.All[0].PublicKey;

    /// <summary>A line is the same whether it comes at once or byte by byte.</summary>
    public static void VersionLineIsSplitInvariant(ReadOnlySpan<byte> input)
    {
        var whole = Read(input, out var consumed, out var version);
        if (whole != true)
            return;
        for (var length = 0; length < consumed; length++)
            Assert.Null(Read(input[..length], out _, out _));
        Assert.True(Read(input[..consumed], out _, out var again));
        Assert.Equal(version, again);

        // True: a line. Null: more is needed. False: refused.
        static bool? Read(ReadOnlySpan<byte> input, out int consumed, out string? version)
        {
            try
            {
                return VersionLine.TryRead(input, out consumed, out version) ? true : null;
            }
            catch (SshException)
            {
                (consumed, version) = (0, null);
                return false;
            }
        }
    }

    /// <summary>What is agreed on is something that both sides have and this machine can do.</summary>
    public static void Negotiate(ReadOnlySpan<byte> input)
    {
        var theirs = KexInitMessage.Parse(input);
        var ours = new Proposal(SshRole.Client, SshAlgorithms.Ciphers, SshAlgorithms.HostKeys).ToMessage(isFirst: true);
        AgreedAlgorithms.IsGuessRight(ours, theirs);
        AgreedAlgorithms.IsGuessRight(theirs, ours);
        Check(AgreedAlgorithms.Negotiate(ours, theirs));
        Check(AgreedAlgorithms.Negotiate(theirs, ours));

        void Check(AgreedAlgorithms agreed)
        {
            Assert.Contains(agreed.KeyExchange, theirs.KeyExchange);
            Assert.Contains(agreed.KeyExchange, KeyAgreements.Names);
            PacketProtection.Get(agreed.ToServer);
            PacketProtection.Get(agreed.ToClient);
        }
    }

    /// <summary>No value of the peer's leads to a secret that everybody knows.</summary>
    public static void Agree(IKeyAgreement agreement, ReadOnlySpan<byte> input)
    {
        var secret = agreement.DeriveSecret(input);
        Assert.True(secret.AsSpan().ContainsAnyExcept((byte)0));
    }

    /// <summary>Some packets with their padding the same each time; plain ones when there are no names.</summary>
    public static byte[] Sealed(ProtectionNames? names)
    {
        using var sealer = names is null ? new PlainProtection() : Protections.Sealer(names);
        var bytes = new List<byte>();
        for (var i = 0u; i < SealedPackets; i++)
        {
            var packet = Protections.Packet(sealer, blocks: 3 + (2 * (int)i));
            sealer.Seal(i, packet);
            bytes.AddRange(packet);
        }

        return [.. bytes];
    }

    /// <summary>The same packets and the same end come of the same bytes, in whatever pieces.</summary>
    public static void PacketsAreSplitInvariant(ProtectionNames? names, ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        var pieces = new Random(bytes.Length);
        Assert.Equal(Read(() => int.MaxValue), Read(() => pieces.Next(1, 40)));

        List<string> Read(Func<int> nextSize)
        {
            using var reader = new PacketReader(new PieceStream(bytes, nextSize), TimeProvider.System);
            if (names is not null)
                reader.ChangeKey(Protections.Opener(names), resetSequenceNumber: true);
            var seen = new List<string>();
            try
            {
                while (true)
                    seen.Add(Convert.ToHexString(reader.ReadAsync().AsTask().GetAwaiter().GetResult().Span));
            }
            catch (SshException exception)
            {
                seen.Add(exception.Message);
                return seen;
            }
        }
    }

    /// <summary>
    /// The messages of a server, each with its length before it, end a connection for a reason of the peer's or not at all. One channel
    /// is open, another is being opened, and a listener and a keepalive wait for their answers.
    /// </summary>
    public static void ConnectionSurvives(ReadOnlySpan<byte> input)
    {
        var connection = new Messages(input.ToArray());
        var multiplexer = new Multiplexer(connection, NullLogger.Instance);
        connection.BeforeFirst = client =>
        {
            for (var i = 0; i < 2; i++)
                Forget(client.OpenAsync("host", 21, new(0, 0), new(4096, 8192), CancellationToken.None).AsTask());
            Forget(client.PingAsync(CancellationToken.None).AsTask());
            Forget(
                client.ListenAsync("localhost", 0, offer => offer.Accept(new(4096, 4096)).Attach(new Sink()), CancellationToken.None)
                    .AsTask());
        };
        var client = new ClientConnection(multiplexer, _hostKey);
        connection.Begin(client);
        var end = client.Closed.WaitAsync(MemoryPair.Bound).GetAwaiter().GetResult();
        Assert.True(end.Failure is SshFailure.ProtocolError or SshFailure.ClosedByPeer, end.ToString());

        static void Forget(Task task) => _ = task.ContinueWith(done => done.Exception, TaskScheduler.Default);
    }

    private sealed class Sink : IChannelSink
    {
        public int Accept(ReadOnlySpan<byte> data) => data.Length;

        public void Eof()
        {
        }
    }

    /// <summary>A connection whose peer has said all this already.</summary>
    private sealed class Messages(byte[] bytes) : IPacketConnection
    {
        private readonly TaskCompletionSource _begun = new();
        private int _position;

        public Action<ClientConnection>? BeforeFirst { get; set; }

        public ConnectionEnd End { get; } = new();

        public SendQueue Output => field ??= new(End);

        public TimeProvider Time => TimeProvider.System;

        public uint SequenceNumber => 0;

        public long LastReceived => 0;

        public Task Completion => Task.CompletedTask;

        public void Begin(ClientConnection client)
        {
            BeforeFirst?.Invoke(client);
            _begun.SetResult();
        }

        public async ValueTask<ReadOnlyMemory<byte>> ReadAsync()
        {
            await _begun.Task;
            var reader = new SshReader(bytes.AsSpan(_position));
            if (reader.AtEnd)
                throw new SshException(SshFailure.ClosedByPeer, "The peer has said everything.");
            var message = reader.ReadString();
            _position = bytes.Length - reader.Rest.Length;
            return message.IsEmpty ? new byte[1] : message.ToArray();
        }

        public void Dispose()
        {
        }
    }
}
