using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <content>The server.</content>
internal sealed partial class DialogueRun
{
    private async Task PlayServerAsync()
    {
        foreach (var step in _prediction.Server)
            await PlayAsync(step);
    }

    private async Task PlayAsync(ServerStep step)
    {
        switch (step)
        {
            case ServerStep.Hears({ } predicted, var data):
                await HearAsync(predicted, data);
                break;
            case ServerStep.Says({ } text):
                await SayAsServerAsync(text);
                break;
            case ServerStep.SaysInVain({ } text):
                await SayInVainAsync(text);
                break;
            case ServerStep.Connects({ } data):
                await _data[data.Number].ConnectServerAsync();
                break;
            case ServerStep.Sends({ } data):
                await _data[data.Number].SendAsync();
                break;
            case ServerStep.Finishes({ } data):
                (await _data[data.Number].ServerEndAsync()).Close();
                break;
            case ServerStep.Receives({ } data):
                await _data[data.Number].ReceiveAsync();
                break;
            case ServerStep.SeesEnd({ } data, var isWhole):
                await _data[data.Number].SeeEndAsync(isWhole);
                break;
            case ServerStep.LetsGo({ } data):
                _data[data.Number].LetClientGo();
                break;
            case ServerStep.WaitsForClient({ } data):
                await _data[data.Number].ClientIsReady.Soon();
                break;
            case ServerStep.WaitsForReplies({ } lines):
                await _read.ReachAsync(lines);
                break;
            case ServerStep.Leaves:
                _ftp.Server.Close();
                break;
            case ServerStep.WireIsCut:
                _ftp.Transport.Lose();
                break;
            case ServerStep.SeesControlEnd:
                Assert.Equal("", await _ftp.Server.ReadWholeLineAsync());
                break;
        }
    }

    private async Task HearAsync(string predicted, DataPlan? data)
    {
        var line = await _ftp.Server.ReadWholeLineAsync();
        Assert.True(
            Endpoints.Matches(predicted, line, out var found),
            $"The server must hear {Dialogue.Quoted(predicted)}, and hears {Dialogue.Quoted(line)}");
        if (data is null)
            return;
        if (predicted.Contains('@'))
            _data[data.Number].IsStoredAs(found);
        else
            _data[data.Number].AnnouncedToServer(Endpoints.Read(found)!);
    }

    private async Task SayAsServerAsync(string text)
    {
        foreach (var piece in Cut(text, _serverCuts))
        {
            await _ftp.Server.SendAsync(piece);
            await PauseAsync(_serverCuts);
        }
    }

    private async Task SayInVainAsync(string text)
    {
        try
        {
            await SayAsServerAsync(text);
        }
        catch (IOException) when (!_ftp.Server.Channel.IsOpen)
        {
            // The session is over.
        }
    }
}
