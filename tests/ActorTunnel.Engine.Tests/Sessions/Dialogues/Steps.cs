namespace ActorTunnel.Engine.Tests.Sessions.Dialogues;

/// <summary>What the server does or must notice, in order.</summary>
internal abstract record ServerStep
{
    /// <summary>A line that must reach it. An endpoint in it is that of <paramref name="Data"/>.</summary>
    public sealed record Hears(string Line, DataPlan? Data = null) : ServerStep;

    public sealed record Says(string Text) : ServerStep;

    /// <summary>What the client does not hear; it may have left before it is said.</summary>
    public sealed record SaysInVain(string Text) : ServerStep;

    /// <summary>Of active mode: it connects to where PORT has told it.</summary>
    public sealed record Connects(DataPlan Data) : ServerStep;

    public sealed record Sends(DataPlan Data) : ServerStep;

    /// <summary>It closes its data connection.</summary>
    public sealed record Finishes(DataPlan Data) : ServerStep;

    /// <summary>So many bytes of an upload are here.</summary>
    public sealed record Receives(DataPlan Data) : ServerStep;

    /// <summary>Its data connection is over; an upload ends in order if it is <paramref name="IsWhole"/>.</summary>
    public sealed record SeesEnd(DataPlan Data, bool IsWhole) : ServerStep;

    /// <summary>The client may go on with its data.</summary>
    public sealed record LetsGo(DataPlan Data) : ServerStep;

    /// <summary>The client has as much of its part done as it can.</summary>
    public sealed record WaitsForClient(DataPlan Data) : ServerStep;

    /// <summary>The client has read so many lines.</summary>
    public sealed record WaitsForReplies(int Lines) : ServerStep;

    public sealed record Leaves : ServerStep;

    /// <summary>The SSH connection is lost.</summary>
    public sealed record WireIsCut : ServerStep;

    /// <summary>Its control connection is closed.</summary>
    public sealed record SeesControlEnd : ServerStep;
}

/// <summary>What the client does on its control connection, in order. It reads all the time.</summary>
internal abstract record ClientStep
{
    /// <summary>An endpoint in it is where it listens for <paramref name="Data"/>.</summary>
    public sealed record Says(string Text, DataPlan? Data = null) : ClientStep;

    /// <summary>It has read so many lines.</summary>
    public sealed record Reads(int Lines) : ClientStep;

    /// <summary>Its part of the data is done.</summary>
    public sealed record WaitsForData(DataPlan Data) : ClientStep;

    /// <summary>The server has all data that comes.</summary>
    public sealed record WaitsForServer(DataPlan Data) : ClientStep;

    public sealed record Finishes : ClientStep;

    public sealed record Resets : ClientStep;
}

/// <summary>One data connection.</summary>
/// <param name="Number">From 0, in the order of the set-up commands.</param>
/// <param name="ClientConnects">It does not listen.</param>
/// <param name="ServerConnects">It does not listen.</param>
internal sealed record DataPlan(int Number, bool ClientConnects, bool ServerConnects)
{
    private const int FirstPort = 3001;

    /// <summary>Where the server listens in passive mode.</summary>
    public int ServerPort => FirstPort + Number;

    /// <summary>What the client does with it; null: it stays away.</summary>
    public ClientPart? Client { get; set; }

    /// <summary>Bytes that the sender sends.</summary>
    public int Bytes { get; set; }

    /// <summary>The client's reply lines before it connects; null: it connects as soon as it can.</summary>
    public int? ConnectsAfter { get; set; }
}

/// <summary>The client's part of a data connection. At "ready" it has done all that it can before the server goes on.</summary>
internal enum ClientPart
{
    /// <summary>A download: all bytes and a clean end.</summary>
    ReadsWhole,

    /// <summary>A download: all bytes, ready, and a reset.</summary>
    ReadsBroken,

    /// <summary>A download: all bytes, and then the client resets.</summary>
    ReadsAndResets,

    /// <summary>An upload: all bytes, and a clean end.</summary>
    WritesWhole,

    /// <summary>An upload: all bytes, ready, and then the client sees a reset.</summary>
    WritesBroken,

    /// <summary>An upload: all bytes; when the server has them, the client resets.</summary>
    WritesAndResets,
}
