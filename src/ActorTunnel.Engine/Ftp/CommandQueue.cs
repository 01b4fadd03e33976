using System.Diagnostics.CodeAnalysis;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// The order of a control connection: which command may act now, and which command a reply answers. RFC 959, section 5.4: replies come
/// in the order of the commands, each ends with one final reply, and a preliminary one (1yz) may precede it.
/// <list type="bullet">
/// <item>One command at a time is with the server; those behind wait for their turn, so that data connections can be set up in between and
/// nothing overtakes the data of a transfer (a QUIT on the heels of STOR would cut the file).</item>
/// <item>ABOR and STAT do not wait for a transfer in progress (section 4.1.3); they are answered after it. Behind a second transfer command
/// they wait, since they are about that one.</item>
/// <item>Connecting is the first command: the greeting answers it (section 5.4), and everything else waits.</item>
/// <item>ABOR should get a reply of its own after the transfer's, and some servers give only one. So once its transfer is over it holds
/// nobody up. If the next command is sent before a reply to ABOR has come, 225 and 226 still belong to ABOR; any other reply shows that
/// the server has passed it by, and belongs to the next command. What we answer ourselves at that moment comes before ABOR's reply. Where
/// that is not sure enough, a NOOP of ours goes in between: what is said before its success is about ABOR.</item>
/// <item>The parts of a reply that comes in parts are for one command: what is sent meanwhile is not answered by the rest of it.</item>
/// <item>A reply that no command waits for, or that cannot be for the one which waits, is unsolicited.</item>
/// </list>
/// A command goes Enqueue, TryTakeNext, Sent, Match (once or more), Complete. One that we answer ourselves goes Enqueue, TryTakeNext,
/// Complete. Nothing moves on before Complete, so its caller may take any time in between. Not thread-safe: the session's actor owns it.
/// </summary>
internal sealed class CommandQueue
{
    /// <summary>Commands of a client that are kept, in flight or waiting. Its socket is not read while there are so many.</summary>
    public const int MaxQueued = 64;

    private readonly List<FtpCommand> _waiting = [];

    // Oldest first: [one command] or [transfer, ABOR and STAT that overtook...] or [waived ABOR..., one command].
    private readonly List<Exchange> _exchanges = [];

    // Whose the reply is that comes in parts; null: nobody's, or there is none.
    private Exchange? _parted;

    /// <param name="isGreeted">The greeting has been read already.</param>
    public CommandQueue(bool isGreeted = false)
    {
        if (isGreeted)
            return;
        _exchanges.Add(new Exchange(FtpCommand.Greeting, isInjected: false));
        Sent(FtpCommand.Greeting);
    }

    /// <summary>Commands of ours do not count: one of them must not leave without room a command that is being read already.</summary>
    public bool IsFull => _waiting.Count + _exchanges.Count(exchange => !exchange.IsInjected) >= MaxQueued;

    /// <summary>Nothing is in flight and nothing waits.</summary>
    public bool IsEmpty => _waiting.Count == 0 && _exchanges.TrueForAll(exchange => exchange.IsWaived);

    /// <summary>The transfer command that is on its way to the server and is not complete.</summary>
    public FtpCommand? Transfer => _exchanges.Find(exchange => exchange.IsTransfer && exchange.WasSent)?.Command;

    /// <summary>An ABOR whose transfer is over has no reply yet, and may get one or not.</summary>
    public bool OwesAbortReply => _exchanges.Exists(exchange => exchange.IsWaived && exchange.AwaitsReply);

    /// <summary>The same of an ABOR of ours, which the client does not know of.</summary>
    public bool OwesOwnAbortReply => _exchanges.Exists(exchange => exchange is { IsWaived: true, AwaitsReply: true, IsInjected: true });

    /// <summary>Adds the client's next command.</summary>
    /// <exception cref="InvalidOperationException">The queue is full.</exception>
    public void Enqueue(FtpCommand command)
    {
        if (IsFull)
            throw new InvalidOperationException("The command queue is full.");
        _waiting.Add(command);
    }

    /// <summary>Takes the next command if its turn has come.</summary>
    public bool TryTakeNext([NotNullWhen(true)] out FtpCommand? command)
    {
        var index = NextInTurn();
        command = index < 0 ? null : _waiting[index];
        if (command is null)
            return false;
        _waiting.RemoveAt(index);
        _exchanges.Add(new Exchange(command, isInjected: false));
        return true;
    }

    /// <summary>A taken command is on its way to the server: replies may be its own from now on.</summary>
    public void Sent(FtpCommand command)
    {
        var exchange = Find(command);
        exchange.Sent();
        // The first of two ABORs may get the reply to the second, whose own then never comes.
        if (command.Verb == FtpVerb.Abor && _exchanges.Exists(earlier => earlier.IsWaived))
            exchange.Waive();
    }

    /// <summary>A command of ours is on its way to the server, behind those already there. Its replies are not for the client.</summary>
    public void Inject(FtpCommand command)
    {
        _exchanges.Add(new Exchange(command, isInjected: true));
        Sent(command);
    }

    /// <summary>Finds the command that the server's next reply is for.</summary>
    public MatchedReply Match(FtpReply reply)
    {
        var owner = reply.Continues ? _parted : FindOwner(reply);
        _parted = reply.IsComplete ? null : owner;
        if (owner is null)
            return new MatchedReply(reply, Command: null, IsInjected: false);
        owner.Accept(reply);
        DropWaivedBefore(owner);
        if (owner.IsTransfer && reply.IsFinal)
            _exchanges.FindAll(left => left.Command.Verb == FtpVerb.Abor && left.AwaitsReply).ForEach(abort => abort.Waive());
        return new MatchedReply(reply, owner.Command, owner.IsInjected);
    }

    /// <summary>Done with a command: its final reply is with the client, and its data, if any, where it belongs.</summary>
    /// <exception cref="InvalidOperationException">
    /// The server still owes the final reply. It would be taken for the next command's; end the session instead.
    /// </exception>
    public void Complete(FtpCommand command)
    {
        var exchange = Find(command);
        if (exchange.AwaitsReply)
            throw new InvalidOperationException($"The server has not answered {command}.");
        _exchanges.Remove(exchange);
        command.Erase();
    }

    /// <summary>The session is over: wipes the secrets of commands that will never be completed.</summary>
    public void Abandon()
    {
        _waiting.ForEach(command => command.Erase());
        _exchanges.ForEach(exchange => exchange.Command.Erase());
    }

    private int NextInTurn()
    {
        if (_exchanges.TrueForAll(exchange => exchange.IsWaived))
            return _waiting.Count == 0 ? -1 : 0;
        if (!_exchanges.Exists(exchange => exchange.IsTransfer && exchange.WasSent))
            return -1;
        var index = _waiting.FindIndex(command => MayOvertake(command) || command.Direction != TransferDirection.None);
        return index >= 0 && MayOvertake(_waiting[index]) ? index : -1;
    }

    private static bool MayOvertake(FtpCommand command) => command.Verb is FtpVerb.Abor or FtpVerb.Stat;

    /// <summary>The oldest command that the reply fits; in doubt the oldest that takes such a reply.</summary>
    private Exchange? FindOwner(FtpReply reply)
    {
        if (reply.Kind == ReplyKind.None)
            return null;
        var owed = _exchanges.FindAll(exchange => exchange.AwaitsReply);
        return owed.Find(exchange => exchange.Fits(reply))
            ?? owed.Find(exchange => exchange.TakesUnfit(reply));
    }

    private void DropWaivedBefore(Exchange owner)
    {
        var passedBy = _exchanges.TakeWhile(exchange => exchange != owner).Where(exchange => exchange.IsWaived && exchange.AwaitsReply);
        foreach (var exchange in passedBy.ToList())
            _exchanges.Remove(exchange);
    }

    private Exchange Find(FtpCommand command) =>
        _exchanges.Find(exchange => exchange.Command == command)
            ?? throw new InvalidOperationException($"It is not the turn of {command}.");
}
