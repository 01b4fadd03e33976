using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>
/// Plays a dialogue with a real session: what each side says is cut anywhere, and both must hear what was predicted, line for line.
/// </summary>
internal sealed partial class DialogueRun : IDisposable
{
    private readonly FtpScenario _ftp;
    private readonly Prediction _prediction;
    private readonly Random _clientCuts;
    private readonly Random _serverCuts;
    private readonly DataRun[] _data;
    private readonly ClientLines _lines;
    private readonly Counter _read = new();

    private DialogueRun(FtpScenario ftp, Dialogue dialogue, Prediction prediction)
    {
        _ftp = ftp;
        _prediction = prediction;
        _clientCuts = new Random(dialogue.Seed);
        _serverCuts = new Random(~dialogue.Seed);
        _lines = new ClientLines(ftp.Client.Socket);
        _data = [.. prediction.Data.Select(plan => new DataRun(plan, ftp, _read))];
    }

    public static async Task PlayAsync(Dialogue dialogue)
    {
        var prediction = new Prediction(dialogue);
        var mode = dialogue.IsActiveMode ? ServerDataMode.Active : ServerDataMode.Auto;
        var names = dialogue.HasTemporaryNames ? UploadName.Temporary : UploadName.Final;
        await using var ftp = await FtpScenario.ConnectAsync(options: new() { DataMode = mode, UploadName = names });
        using var run = new DialogueRun(ftp, dialogue, prediction);
        var parts = run._data.Select(data => data.PlayClientAsync())
            .Append(run.SpeakAsClientAsync()).Append(run.ReadAsClientAsync()).Append(run.PlayServerAsync())
            .ToList();
        while (parts.Count > 0)
        {
            var done = await Task.WhenAny(parts);
            await done; // The first that fails says why.
            parts.Remove(done);
        }

        await ftp.ExpectNothingLeftAsync();
    }

    public void Dispose()
    {
        foreach (var data in _data)
            data.Dispose();
    }

    private async Task SpeakAsClientAsync()
    {
        foreach (var step in _prediction.Client)
        {
            switch (step)
            {
                case ClientStep.Says({ } text, { } data):
                    await SayAsClientAsync(Endpoints.Fill(text, _data[data.Number].Listen()));
                    break;
                case ClientStep.Says({ } text, null):
                    await SayAsClientAsync(text);
                    break;
                case ClientStep.Reads({ } lines):
                    await _read.ReachAsync(lines);
                    break;
                case ClientStep.WaitsForData({ } data):
                    await _data[data.Number].ClientIsReady.Soon();
                    break;
                case ClientStep.WaitsForServer({ } data):
                    await _data[data.Number].ServerIsReady.Soon();
                    break;
                case ClientStep.Finishes:
                    _ftp.Client.Finish();
                    break;
                case ClientStep.Resets:
                    _ftp.Client.Reset();
                    break;
            }
        }
    }

    private async Task SayAsClientAsync(string text)
    {
        foreach (var piece in Cut(text, _clientCuts))
        {
            await _ftp.Client.SendRawAsync(piece);
            await PauseAsync(_clientCuts);
        }
    }

    private async Task ReadAsClientAsync()
    {
        for (var i = 0; i < _prediction.Replies.Count; i++)
            await ReadReplyAsync(i);
        if (!_prediction.Client.Any(step => step is ClientStep.Resets)) // Who does has read all before.
            Assert.Equal("", await _lines.ReadAsync());
    }

    private async Task ReadReplyAsync(int index)
    {
        var (predicted, data) = _prediction.Replies[index];
        var line = await _lines.ReadAsync();
        Assert.True(
            Endpoints.Matches(predicted, line, out var found),
            $"The client must hear {Dialogue.Quoted(predicted)} as line {index}, and hears {Dialogue.Quoted(line)}");
        if (data is not null)
            _data[data.Number].AnnouncedToClient(Endpoints.Read(found)!);
        _read.Increase();
    }

    private static IEnumerable<byte[]> Cut(string text, Random random)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var isWhole = random.Next(2) == 0;
        for (var at = 0; at < bytes.Length;)
        {
            var count = isWhole ? bytes.Length : Math.Min(random.Next(1, 12), bytes.Length - at);
            yield return bytes[at..(at + count)];
            at += count;
        }
    }

    /// <summary>Perhaps the other side gets to see a piece by itself.</summary>
    private static async Task PauseAsync(Random random)
    {
        for (var i = random.Next(8); i > 0; i--)
            await Task.Yield();
    }
}
