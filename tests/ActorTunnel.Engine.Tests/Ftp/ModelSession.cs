using System.Buffers;
using System.Globalization;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>
/// Does what a session does with its queue: client bytes in, server bytes in, and a transfer's final reply held until its data is
/// delivered. While it holds one, it reads no further replies, but for those to commands of its own.
/// </summary>
internal sealed class ModelSession(ModelServer server)
{
    private readonly CommandQueue _queue = new();
    private readonly ReplyAssembler _assembler = new();
    private ReadOnlySequence<byte> _fromClient;
    private ReadOnlySequence<byte> _fromServer;
    private MatchedReply? _held;
    private FtpCommand? _injected;

    /// <summary>All bytes to the client.</summary>
    public string Relayed { get; private set; } = "";

    /// <summary>The arguments of the commands in the order of their final replies to the client.</summary>
    public List<int> Answered { get; } = [];

    /// <summary>No ABOR or STAT of the client is on the way, whose reply would come first.</summary>
    public bool MayAsk { get; private set; } = true;

    public bool HoldsReply => _held is not null && _injected is null;

    public void FromClient(string bytes)
    {
        _fromClient = new ReadOnlySequence<byte>([.. _fromClient.ToArray(), .. Bytes.Of(bytes)]);
        Advance();
    }

    public void FromServer(string bytes)
    {
        _fromServer = new ReadOnlySequence<byte>([.. _fromServer.ToArray(), .. Bytes.Of(bytes)]);
        Advance();
    }

    /// <summary>The data is delivered, or first a command of our own is asked.</summary>
    public void DataDone(bool asksFirst)
    {
        if (asksFirst)
        {
            _injected = FtpCommand.Create($"SIZE {ModelServer.InjectedTag}");
            _queue.Inject(_injected);
            server.Receive(_injected.Line);
            Advance();
            return;
        }

        var held = _held!.Value;
        _held = null;
        Relay(held);
        Advance();
    }

    private void Advance()
    {
        while ((_held is null || _injected is not null)
            && ControlLineReader.Read(ref _fromServer, endOfStream: false, out var line) == LineStatus.Line)
        {
            if (_assembler.Add(line) is { } reply)
                FromServer(_queue.Match(reply));
        }

        do
        {
            while (_queue.TryTakeNext(out var command))
                Take(command);
        }
        while (ReadCommand());
    }

    private bool ReadCommand()
    {
        if (_queue.IsFull || ControlLineReader.Read(ref _fromClient, endOfStream: false, out var line) != LineStatus.Line)
            return false;
        _queue.Enqueue(FtpCommand.Parse(line));
        return true;
    }

    private void Take(FtpCommand command)
    {
        MayAsk = command.Verb is not (FtpVerb.Abor or FtpVerb.Stat) && (MayAsk || _queue.Transfer is null || _queue.Transfer == command);
        if (command.Verb != FtpVerb.Auth)
        {
            server.Receive(command.Line);
            _queue.Sent(command);
            return;
        }

        Answered.Add(Tag(command));
        _queue.Complete(command);
    }

    private void FromServer(MatchedReply matched)
    {
        AssertPaired(matched);
        if (matched.IsSwallowed)
        {
            Assert.Same(_injected, matched.Command);
            _injected = null;
            _queue.Complete(matched.Command!);
        }
        else if (matched.IsFinal && matched.Command == _queue.Transfer)
        {
            _held = matched;
        }
        else
        {
            Relay(matched);
        }
    }

    private void Relay(MatchedReply matched)
    {
        Relayed += Bytes.Text(matched.Reply.Bytes);
        if (!matched.IsFinal)
            return;
        if (matched.Command != FtpCommand.Greeting)
            Answered.Add(Tag(matched.Command!));
        _queue.Complete(matched.Command!);
    }

    private static void AssertPaired(MatchedReply matched)
    {
        var text = Bytes.Text(matched.Reply.Bytes);
        if (matched.Reply.Kind == ReplyKind.None)
            Assert.Null(matched.Command);
        else if (matched.Command is { Verb: FtpVerb.Abor })
            Assert.Matches("^22[56] ", text);
        else if (matched.Command != FtpCommand.Greeting)
            Assert.StartsWith(Bytes.Text(matched.Command!.Argument), text[4..], StringComparison.Ordinal);
    }

    private static int Tag(FtpCommand command) => int.Parse(Bytes.Text(command.Argument), CultureInfo.InvariantCulture);
}
