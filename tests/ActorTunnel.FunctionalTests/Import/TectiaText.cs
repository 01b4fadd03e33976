using System.Text;
using ActorTunnel.Cli.Import;
using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.FunctionalTests.Import;

/// <summary>What the import makes of a text; what it has written is read back by the reader of configuration files.</summary>
internal sealed class TectiaText : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tectia-").FullName;

    public ImportNotes Notes { get; private set; } = new();

    public string Written { get; private set; } = "";

    public ConfigurationFile File { get; private set; } = new();

    public IEnumerable<string> Listed => Notes.All.Select(note => note.ToString()[(note.File.Length + 1)..]);

    public static TectiaText Import(params string[] bodies)
    {
        var text = new TectiaText();
        var files = new List<string>();
        foreach (var body in bodies)
        {
            files.Add(System.IO.Path.Combine(text._folder, $"{files.Count}.xml"));
            System.IO.File.WriteAllText(files[^1], $"<secsh-broker version=\"6.4\">{body}</secsh-broker>");
        }

        return text.Read(files);
    }

    public static TectiaText ImportRaw(byte[] document)
    {
        var text = new TectiaText();
        var file = System.IO.Path.Combine(text._folder, "raw.xml");
        System.IO.File.WriteAllBytes(file, document);
        return text.Read([file]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private TectiaText Read(IReadOnlyList<string> files)
    {
        Written = ImportCommand.Convert(files, out var notes);
        Notes = notes;
        var source = ConfigurationReader.Read(Encoding.UTF8.GetBytes(Written));
        Assert.Empty(source.Mistakes);
        File = source.File;
        return this;
    }
}
