using ActorTunnel.Cli.Demo;
using ActorTunnel.Lab.Demo;
using ActorTunnel.Lab.Ftp;
using ActorTunnel.Lab.Ftp.Storage;
using Spectre.Console;

namespace ActorTunnel.FunctionalTests.Lab;

public sealed class DemoTests
{
    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 2)]
    public async Task The_demo_goes_through_every_mode_of_its_address_family(bool ipv6, int modes)
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        await using var server = LabServer.Start(storage);
        var demo = new DemoRun(server.EndPointOf(ipv6), LabServer.User, LabServer.Password, storage);
        var text = new StringWriter();
        Assert.True(await new DemoView(Console(text)).ShowAsync(demo, default));

        Assert.Equal(modes, demo.Steps.Select(step => step.Mode).Distinct().Count());
        Assert.Contains("extended passive (EPSV), upload of 16 MiB: ok", text.ToString(), StringComparison.Ordinal);
        Assert.Contains($"All {demo.Steps.Count} transfers arrived unchanged.", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_terminal_every_bar_ends_full()
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        await using var server = LabServer.Start(storage);
        var demo = new DemoRun(server.EndPoint, LabServer.User, LabServer.Password, storage);
        var text = new StringWriter();
        Assert.True(await new DemoView(Console(text, terminal: true)).ShowAsync(demo, default));
        Assert.Contains("All 28 transfers arrived unchanged.", text.ToString(), StringComparison.Ordinal);
        Assert.True(text.ToString().Split("100%").Length > demo.Steps.Select(step => step.Mode).Distinct().Count());
    }

    [Fact]
    public async Task The_demo_says_what_differs_and_fails()
    {
        // A server with another file behind one of the names, and uploads that the demo's storage never sees.
        var other = new GeneratedStorage(TimeProvider.System);
        other.CreateDirectory("/demo");
        other.AddFile("/demo/file-0", 1);
        await using var server = LabServer.Start(other);
        var demo = new DemoRun(server.EndPoint, LabServer.User, LabServer.Password, new GeneratedStorage(TimeProvider.System));
        var text = new StringWriter();
        Assert.False(await new DemoView(Console(text)).ShowAsync(demo, default));

        var said = text.ToString();
        Assert.Contains("passive (PASV), list: The listing of 1 lines does not show the server's 3 files", said, StringComparison.Ordinal);
        Assert.Contains("active (PORT), download of 0 B: SHA-256 differs", said, StringComparison.Ordinal);
        Assert.Contains("active (PORT), download of 1 MiB: The server said: 550", said, StringComparison.Ordinal);
        Assert.Contains("active (PORT), upload of 0 B: The server has no complete file", said, StringComparison.Ordinal);
        Assert.Contains("28 of 28 transfers failed.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_nobody_serves_is_told_for_every_step()
    {
        var storage = new GeneratedStorage(TimeProvider.System);
        var server = LabServer.Start(storage);
        var entry = server.EndPoint;
        await server.DisposeAsync();
        var results = await new DemoRun(entry, "u", "p", storage).RunAsync(new DemoLines(Console(TextWriter.Null)), default);
        Assert.All(results, result => Assert.Contains("refused", result.Problem, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_rate_is_that_of_the_file()
    {
        var result = new DemoResult(new DemoStep(DataMode.Passive, DemoOperation.Upload, 1000), TimeSpan.FromSeconds(2), null);
        Assert.Equal(500, result.Rate);
    }

    private static IAnsiConsole Console(TextWriter writer, bool terminal = false)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 200;
        return console;
    }
}
