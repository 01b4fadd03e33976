using System.Text;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Cli.Import;

/// <summary><c>actortunnel import</c>: Tectia's configuration as ours.</summary>
internal sealed class ImportCommand : ICommand
{
    public string Name => "import";

    public string Summary => "make a configuration of SSH Tectia's files";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandOutput output)
    {
        var import = ImportArguments.Parse(arguments);
        output.Verbosity = import.Verbosity;
        if (import.Help)
        {
            output.Result.WriteLine(ImportHelp.Text);
            return Failure.None.ExitCode();
        }

        var text = Convert(import.Files, out var notes);
        if (import.Output is { } path)
            await WriteAsync(path, text);
        else
            await output.Result.WriteAsync(text);
        foreach (var note in notes.All)
            output.Error.WriteLine(PrintableText.OneLine(note.ToString()));
        output.Report(notes.All.Count switch
        {
            0 => "everything has an equivalent",
            1 => "1 thing to look at, which stands as a comment in what was written too",
            var count => $"{count} things to look at, which stand as comments in what was written too",
        });
        return Failure.None.ExitCode();
    }

    /// <exception cref="UsageException">A file cannot be read.</exception>
    public static string Convert(IReadOnlyList<string> files, out ImportNotes notes)
    {
        var found = new ImportNotes();
        var configuration = TectiaImport.Convert([.. files.Select(file => TectiaDocument.Load(file, found))], found);
        notes = found;
        return ConfigurationWriter.Write(configuration, found.All.ToLookup(note => note.Place, note => note.Comment));
    }

    private static async Task WriteAsync(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            await using var file = Create(path, options);
            await file.WriteAsync(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot write {PrintableText.Quote(path)}: {PrintableText.OneLine(failed.Message)}");
        }
    }

    private static FileStream Create(string path, FileStreamOptions options)
    {
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new UsageException($"{PrintableText.Quote(path)} exists, and is left as it is: name another file, or remove it");
        }
    }
}
