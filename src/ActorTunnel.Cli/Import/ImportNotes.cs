namespace ActorTunnel.Cli.Import;

/// <summary>What could not be taken over, or not as it is: for the person who runs the import, and as comments in what it writes.</summary>
internal sealed class ImportNotes
{
    private readonly List<ImportNote> _notes = [];

    /// <summary>As they were found.</summary>
    public IReadOnlyList<ImportNote> All => _notes;

    /// <summary>Notes from now on are about what is written at this path of our file.</summary>
    public string Place { get; set; } = "";

    public void Add(string file, int line, string what, string why) => _notes.Add(new ImportNote(file, line, what, why, Place));
}

/// <summary>One thing that a person has to look at.</summary>
/// <param name="File">Where it was found.</param>
/// <param name="Line">From 1.</param>
/// <param name="What">The element and attribute.</param>
/// <param name="Why">What has become of it, and what to do.</param>
/// <param name="Place">The path in our file that the comment belongs to.</param>
internal sealed record ImportNote(string File, int Line, string What, string Why, string Place)
{
    /// <summary>As compilers write it.</summary>
    public override string ToString() => $"{File}:{Line}: {What}: {Why}";

    /// <summary>Within the file that is written.</summary>
    public string Comment => $"{Path.GetFileName(File)}:{Line}: {What}: {Why}";
}
