using System.Text;
using System.Text.Json;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Tests.Support;

namespace ActorTunnel.Engine.Tests.Diagnostics;

/// <summary>Audit lines: appended, whole, and never lost without a word.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("audit-").FullName;
    private readonly LogCapture _log = new();
    private readonly ManualTimeProvider _time = new();

    private string Path => System.IO.Path.Combine(_folder, "audit.jsonl");

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _log.Dispose();
    }

    [Fact]
    public async Task Lines_are_appended_to_what_is_there()
    {
        await File.WriteAllTextAsync(Path, "{\"before\":1}\n");
        await using (var audit = new AuditLog(Path, console: null, _time, _log))
        {
            audit.Write(Session("s1"));
            audit.Write(Session("s2"));
        }

        Assert.Equal(["before", "s1", "s2"], (await File.ReadAllLinesAsync(Path)).Select(Name));
    }

    [Fact]
    public async Task A_new_file_is_for_its_owner_and_group()
    {
        await using (new AuditLog(Path, console: null, _time, _log))
        {
        }

        var others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        Assert.Equal(UnixFileMode.None, new FileInfo(Path).UnixFileMode & others);
    }

    [Fact]
    public async Task A_line_that_was_cut_before_is_not_joined_to()
    {
        await File.WriteAllTextAsync(Path, "{\"before\":1}\n{\"cut");
        await using (var audit = new AuditLog(Path, console: null, _time, _log))
            audit.Write(Session("s1"));

        Assert.Equal("s1", Name((await File.ReadAllLinesAsync(Path))[^1]));
    }

    [Fact]
    public async Task After_a_rename_lines_go_to_a_new_file()
    {
        var rotated = Path + ".1";
        await using (var audit = new AuditLog(Path, console: null, _time, _log))
        {
            audit.Write(Session("s1"));
            await Patience.UntilAsync(() => new FileInfo(Path).Length > 0, "the first line");
            File.Move(Path, rotated);
            audit.Reopen();
            audit.Write(Session("s2"));
        }

        Assert.Equal("s1", Name(Assert.Single(await File.ReadAllLinesAsync(rotated))));
        Assert.Equal("s2", Name(Assert.Single(await File.ReadAllLinesAsync(Path))));
    }

    [Fact]
    public async Task A_full_disk_is_said_in_the_log_and_the_loss_in_a_line_when_there_is_room_again()
    {
        File.CreateSymbolicLink(Path, "/dev/full");
        await using (var audit = new AuditLog(Path, console: null, _time, _log))
        {
            audit.Write(Session("s1"));
            await Patience.UntilAsync(() => _log.Errors.Any(), "the loss in the log");
            audit.Write(Session("s2"));
            File.Delete(Path);
            audit.Reopen();
            audit.Write(Session("s3"));
        }

        var lines = await File.ReadAllLinesAsync(Path);
        var lost = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal("lost", lost.GetProperty("event").GetString());
        // s2 may have found the disk full, or not.
        Assert.Equal(3, lost.GetProperty("lost").GetInt64() + lines.Length - 1);
        Assert.Equal("s3", Name(lines[^1]));
        Assert.Single(_log.Errors);
        Assert.Contains(_log.Warnings, line => line.Contains("can be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_queue_that_is_full_holds_nobody_up_and_the_loss_is_counted()
    {
        using var console = new SlowConsole();
        await using (var audit = new AuditLog(null, console, _time, _log))
        {
            audit.Write(Session("s0"));
            await console.Writing.Soon();
            for (var i = 1; i <= AuditLog.Capacity + 7; i++)
                audit.Write(Session($"s{i}"));
            console.Go();
        }

        var lines = console.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var lost = Assert.Single(lines, line => line.Contains("\"lost\":", StringComparison.Ordinal));
        Assert.Equal(7, JsonDocument.Parse(lost).RootElement.GetProperty("lost").GetInt64());
        Assert.Equal(AuditLog.Capacity + 1, lines.Length - 1);
        Assert.Contains(_log.Errors, line => line.Contains("7 audit lines", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_one_clear_line()
    {
        var failed = Assert.Throws<TunnelException>(
            () => new AuditLog(System.IO.Path.Combine(_folder, "missing", "audit.jsonl"), console: null, _time, _log));

        Assert.Equal(Failure.Configuration, failed.Failure);
        Assert.Contains("Cannot write audit lines to ", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_outcome_is_the_word_that_logs_use()
    {
        using var console = new StringWriter();
        await using (var audit = new AuditLog(null, console, _time, _log))
        {
            foreach (var failure in Enum.GetValues<Failure>())
                audit.Write(new AuditRecord { Event = AuditEvent.Session, Outcome = failure });
        }

        Assert.Equal(
            Enum.GetValues<Failure>().Select(failure => failure.Word()),
            console.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetString()));
    }

    private static AuditRecord Session(string id) => new() { Event = AuditEvent.Session, Session = id, Outcome = Failure.None };

    private static string? Name(string line)
    {
        var root = JsonDocument.Parse(line).RootElement;
        return root.TryGetProperty("session", out var session) ? session.GetString() : root.EnumerateObject().First().Name;
    }

    /// <summary>Somebody has stopped the terminal.</summary>
    private sealed class SlowConsole : TextWriter
    {
        private readonly TaskCompletionSource _writing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _go = new();
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => Encoding.UTF8;

        public Task Writing => _writing.Task;

        public string Text => _text.ToString();

        public void Go() => _go.Set();

        public override void Write(string? value)
        {
            _writing.TrySetResult();
            _go.Wait();
            _text.Append(value);
        }

        protected override void Dispose(bool disposing)
        {
            _go.Dispose();
            base.Dispose(disposing);
        }
    }
}
