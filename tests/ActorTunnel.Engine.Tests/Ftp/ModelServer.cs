using System.Buffers;
using System.Text;
using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>
/// An FTP server as far as its control connection shows. Each reply repeats the argument of the command it answers, so that a test can
/// tell whether the queue paired them rightly.
/// </summary>
internal sealed class ModelServer(bool answersAbortOnce, bool answersStatAtOnce)
{
    public const string InjectedTag = "injected";

    private readonly Queue<FtpCommand> _inbox = new();
    private readonly StringBuilder _said = new("220 greeting\r\n");
    private FtpCommand? _transfer;
    private int _taken;

    public bool HasUnread => _taken < _said.Length;

    public bool IsTransferring => _transfer is not null;

    public bool CanAct =>
        _inbox.TryPeek(out var next) && (_transfer is null || next.Verb == FtpVerb.Abor || (IsStat(next) && answersStatAtOnce));

    public string Said => _said.ToString();

    public void Receive(ReadOnlyMemory<byte> bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        while (ControlLineReader.Read(ref buffer, endOfStream: false, out var line) == LineStatus.Line)
            Receive(FtpCommand.Parse(line));
        Assert.True(buffer.IsEmpty, "A command line must go on whole.");
    }

    public void Act()
    {
        var command = _inbox.Dequeue();
        var tag = Bytes.Text(command.Argument);
        _said.Append((command.Verb, _transfer) switch
        {
            (FtpVerb.Abor, null) => $"225 {tag}\r\n",
            (FtpVerb.Abor, { } transfer) when answersAbortOnce => $"226 {Bytes.Text(transfer.Argument)}\r\n",
            (FtpVerb.Abor, { } transfer) => $"426 {Bytes.Text(transfer.Argument)}\r\n226 {tag}\r\n",
            (FtpVerb.Stat, _) => $"213-{tag}\r\n226 not the end\r\n213 {tag}\r\n",
            (FtpVerb.Pasv, _) => $"227 {tag} (127,0,0,1,4,51)\r\n",
            (FtpVerb.Feat, _) => $"211-{tag}\n PASV\n211 {tag}\n",
            (FtpVerb.Rein, _) => $"120 {tag}\r\n220 {tag}\r\n",
            (FtpVerb.List, _) => $"550 {tag}\r\n",
            (FtpVerb.Retr or FtpVerb.Stor, _) => $"150 {tag}\r\n",
            (FtpVerb.Quit, _) => $"221 {tag}\r\n",
            _ when tag == InjectedTag => $"213 {tag}\r\n",
            _ => $"???\r\n200 {tag}\r\n",
        });
        _transfer = command.Verb == FtpVerb.Abor ? null
            : command.Verb is FtpVerb.Retr or FtpVerb.Stor ? command
            : _transfer;
    }

    public void FinishTransfer()
    {
        _said.Append($"226 {Bytes.Text(_transfer!.Argument)}\r\n");
        _transfer = null;
    }

    public string TakeSaid(int count)
    {
        count = Math.Min(count, _said.Length - _taken);
        _taken += count;
        return _said.ToString(_taken - count, count);
    }

    private void Receive(FtpCommand command)
    {
        Assert.True(_transfer is null || command.Verb == FtpVerb.Abor || IsStat(command), $"{command} overtook a transfer.");
        _inbox.Enqueue(command);
    }

    private static bool IsStat(FtpCommand command) => command.Verb == FtpVerb.Stat;
}
