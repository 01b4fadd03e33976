using System.Net.Sockets;
using System.Text;
using ActorTunnel.Cli.Daemon.Systemd;
using ActorTunnel.Cli.Output;
using ActorTunnel.FunctionalTests.Fixtures;

namespace ActorTunnel.FunctionalTests.Daemon;

/// <summary>What systemd is told, over real sockets.</summary>
public sealed class ServiceManagerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _errors = new();

    private CommandOutput Output => new(TextWriter.Null, _errors);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Systemd_hears_of_each_state_also_by_an_abstract_socket(bool isAbstract)
    {
        var name = isAbstract ? $"@actortunnel-test-{Guid.NewGuid():N}" : _folder.PathOf("notify");
        using var systemd = Listen(name);
        var manager = new ServiceManager(name, Output);

        manager.Ready("1 rule\nREADY=0");
        Assert.Equal("READY=1\nSTATUS=1 rule READY=0", Receive(systemd));
        manager.Reloading();
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$", Receive(systemd));
        manager.Stopping();
        Assert.StartsWith("STOPPING=1\nSTATUS=", Receive(systemd), StringComparison.Ordinal);
        Assert.Empty(_errors.ToString());
    }

    [Fact]
    public void The_time_of_a_reload_is_the_clock_of_systemd()
    {
        var name = _folder.PathOf("notify");
        using var systemd = Listen(name);

        var before = Uptime();
        new ServiceManager(name, Output).Reloading();

        var said = long.Parse(Receive(systemd).Split('=')[^1], null as IFormatProvider) / 1_000_000.0;
        Assert.InRange(said, before - 1, Uptime() + 1);
    }

    [Fact]
    public void Without_systemd_nobody_is_told_and_a_socket_that_is_gone_is_one_line()
    {
        new ServiceManager(null, Output).Ready("");
        Assert.Empty(_errors.ToString());

        new ServiceManager(_folder.PathOf("gone"), Output).Ready("");
        Assert.StartsWith("actortunnel: cannot tell systemd: ", _errors.ToString(), StringComparison.Ordinal);
    }

    private static Socket Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        socket.Bind(new UnixDomainSocketEndPoint(name.Replace('@', '\0')));
        return socket;
    }

    private static string Receive(Socket socket)
    {
        var datagram = new byte[4096];
        return Encoding.UTF8.GetString(datagram, 0, socket.Receive(datagram));
    }

    // CLOCK_BOOTTIME, which is the same where nothing is suspended.
    private static double Uptime() =>
        double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
}
