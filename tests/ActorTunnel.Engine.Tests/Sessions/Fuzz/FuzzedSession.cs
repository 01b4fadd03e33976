using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tests.Support;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Tests.Sessions.Fuzz;

/// <summary>
/// One session with the real actors, between a client and a server of a <see cref="FuzzedDialogue"/>. The client sends blocks of commands,
/// each with a mark behind it that the server must see in the end, unless the session has ended: so nothing hangs.
/// </summary>
internal sealed class FuzzedSession : IAsyncDisposable
{
    private const int BlockLength = 16 * 1024;
    private const int DataPort = 3000;

    /// <summary>Looks at what the client has said. When there is still nothing, time passes or the server says something unasked.</summary>
    private const int Looks = 50;

    private static readonly TimeSpan _simulated = TimeSpan.FromSeconds(2);

    private readonly FtpScenario _ftp;
    private readonly FuzzedDialogue _client;
    private readonly FuzzedDialogue _server;
    private readonly ChannelReader<FarEnd> _data;
    private readonly Channel<FtpCommand> _heard = Channel.CreateUnbounded<FtpCommand>();
    private readonly Task _clientReads;
    private readonly Task _serverReads;
    private long _said;
    private int _turns;

    private FuzzedSession(FtpScenario ftp, int seed)
    {
        _ftp = ftp;
        _client = new FuzzedDialogue(seed);
        _server = new FuzzedDialogue(~seed);
        _data = ftp.Transport.Serve(FtpScenario.Host, DataPort);
        ftp.Log.Least = LogLevel.Warning;
        _clientReads = ReadClientAsync();
        _serverReads = ReadServerAsync();
    }

    /// <summary>That the engine has dealt with.</summary>
    public long ClientBytes { get; private set; }

    /// <summary>That the engine has dealt with.</summary>
    public long ServerBytes => _said - _ftp.Server.Channel.Owed;

    private bool IsOver => _clientReads.IsCompleted || _serverReads.IsCompleted;

    public static async Task<FuzzedSession> StartAsync(int seed) => new(await FtpScenario.StartAsync(), seed);

    /// <summary>One more block. False: the session has ended, which some of all this brings about.</summary>
    public async Task<bool> TalkAsync()
    {
        var mark = $"NOOP mark {ClientBytes}";
        var sending = SendAsync(mark);
        while (!IsOver)
        {
            if (await HearAsync() is not { } command)
            {
                await BreakSilenceAsync();
            }
            else if (Encoding.Latin1.GetString(command.Line.Span).TrimEnd() == mark)
            {
                await SayAsync("200 mark\r\n"u8.ToArray());
                ClientBytes += await sending;
                return true;
            }
            else
            {
                await SayAsync([.. _server.Reply(command)]);
            }
        }

        await sending;
        return false;
    }

    /// <summary>Drops what the scenario has recorded: the rest of the memory is the session's.</summary>
    public void Forget()
    {
        _ftp.Audit.Clear();
        _ftp.Transport.Journal.Clear();
        while (_data.TryRead(out _))
        {
            // The server's ends of data connections, which nobody asks for.
        }
    }

    /// <summary>The session is told to end, or one side leaves. Nothing of it may be left.</summary>
    public async ValueTask DisposeAsync()
    {
        var how = _client.Next(4);
        if (how == 0)
            _ftp.Client.Close();
        else if (how == 1)
            _ftp.Client.Reset();
        else if (how == 2)
            _ftp.Server.Close();
        else
            _ftp.Sessions.Tell(new EndNow(Failure.Shutdown), ActorRefs.NoSender);
        await Patience.UntilAsync(
            async () =>
            {
                if (await _ftp.SessionCountAsync() == 0)
                    return true;
                await BreakSilenceAsync();
                return false;
            },
            "the end of the session");
        await _clientReads.Soon();
        await _serverReads.Soon();
        await _ftp.DisposeAsync();
    }

    private async Task<long> SendAsync(string mark)
    {
        var sent = 0L;
        try
        {
            foreach (var segment in (byte[][])[.. _client.Commands(BlockLength), Encoding.Latin1.GetBytes($"{mark}\r\n")])
            {
                await _ftp.Client.SendRawAsync(segment);
                sent += segment.Length;
            }
        }
        catch (SocketException)
        {
            // The session has ended: reading says so, too.
        }

        return sent;
    }

    private async Task<FtpCommand?> HearAsync()
    {
        FtpCommand? command = null;
        await LookAsync(() => _heard.Reader.TryRead(out command));
        return command;
    }

    /// <summary>Lets others run between the looks.</summary>
    private static async Task LookAsync(Func<bool> isThere)
    {
        for (var look = 0; look < Looks && !isThere(); look++)
            await Task.Yield();
    }

    private async Task BreakSilenceAsync()
    {
        if (_turns++ % 2 == 0)
            await SayAsync([.. _server.Reply(null)]);
        else
            _ftp.Time.Advance(_simulated);
    }

    private async Task SayAsync(params byte[][] segments)
    {
        try
        {
            foreach (var segment in segments)
            {
                var sending = _ftp.Server.SendAsync(segment);
                await LookAsync(() => sending.IsCompleted);
                for (; !sending.IsCompleted; await LookAsync(() => sending.IsCompleted))
                    _ftp.Time.Advance(_simulated); // For which the session may wait before it reads on.
                await sending;
                _said += segment.Length;
            }
        }
        catch (IOException)
        {
            // The channel is over: the session has ended.
        }
    }

    private async Task ReadServerAsync()
    {
        while (await _ftp.Server.ReadLineAsync() is { } line)
            _heard.Writer.TryWrite(FtpCommand.Parse(Encoding.Latin1.GetBytes(line)));
        _heard.Writer.Complete();
    }

    private async Task ReadClientAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _ftp.Client.Socket.ReceiveAsync(buffer) > 0)
            {
                // Whatever it is.
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // An end like any other, of the session or by the client itself.
        }
    }
}
