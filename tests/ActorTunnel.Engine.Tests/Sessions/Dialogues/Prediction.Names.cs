namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <content>
/// Temporary names: of what is behind them the client sees nothing but the failure to rename. '@' is what no other name has.
/// </content>
internal sealed partial class Prediction
{
    private const string Mark = "@";

    // Of the uploads that have one: the name and the final one.
    private readonly Dictionary<int, (string Temporary, string Final)> _names = [];

    /// <summary>The server hears of the transfer, or there is no such name.</summary>
    private bool TryName(Transfer transfer, DataPlan data)
    {
        if (!_dialogue.HasTemporaryNames || !transfer.Line.StartsWith("STOR", StringComparison.OrdinalIgnoreCase))
        {
            Hear(transfer.Line);
            return true;
        }

        var name = transfer.Line["STOR".Length..].TrimEnd('\n').TrimEnd('\r');
        name = name.Length > 0 ? name[1..] : "";
        if (name.Contains('\0') || name.Trim(' ').Length == 0)
        {
            Ours(553);
            return false;
        }

        _names[data.Number] = ($".{name}.{Mark}.part", name);
        Hear($"STOR .{name}.{Mark}.part\r\n", data);
        return true;
    }

    private void Rename(Transfer transfer, DataPlan data)
    {
        if (!_names.TryGetValue(data.Number, out var names))
        {
            Answer(transfer.Final);
            return;
        }

        Server.Add(new ServerStep.Says(string.Concat(transfer.Final)));
        Hear($"RNFR {names.Temporary}\r\n", data);
        Server.Add(new ServerStep.Says(transfer.Renaming == Renaming.RefusedAtOnce ? "550 no\r\n" : "350 to what?\r\n"));
        if (transfer.Renaming != Renaming.RefusedAtOnce)
        {
            Hear($"RNTO {names.Final}\r\n");
            Server.Add(new ServerStep.Says(transfer.Renaming == Renaming.RefusedInTheEnd ? "553 no\r\n" : "250 renamed\r\n"));
        }

        if (transfer.Renaming == Renaming.Done)
            Hears(transfer.Final, null);
        else
            Ours(451);
    }

    /// <summary>What is left of a broken upload. The client may be gone by then.</summary>
    private void Remove(DataPlan data)
    {
        if (!_names.TryGetValue(data.Number, out var names))
            return;
        Hear($"DELE {names.Temporary}\r\n", data);
        Server.Add(new ServerStep.SaysInVain("250 deleted\r\n"));
    }
}
