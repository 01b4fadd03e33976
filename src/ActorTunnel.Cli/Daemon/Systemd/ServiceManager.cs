using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ActorTunnel.Cli.Output;

namespace ActorTunnel.Cli.Daemon.Systemd;

/// <summary>
/// Tells systemd how the service is (sd_notify(3)): datagrams to the socket that NOTIFY_SOCKET names. Without one it is told nothing.
/// </summary>
internal sealed class ServiceManager
{
    public const string Variable = "NOTIFY_SOCKET";

    private readonly UnixDomainSocketEndPoint? _socket;
    private readonly CommandOutput _output;

    public ServiceManager(string? socket, CommandOutput output)
    {
        _output = output;
        // '@' stands for the zero byte that abstract addresses begin with (unix(7)).
        if (socket is ['/' or '@', _, ..])
            _socket = new UnixDomainSocketEndPoint(socket[0] == '@' ? $"\0{socket[1..]}" : socket);
    }

    /// <summary>By the environment, from which the name is taken: children must not speak in our name.</summary>
    public static ServiceManager FromEnvironment(CommandOutput output)
    {
        var socket = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, null);
        return new ServiceManager(socket, output);
    }

    /// <summary>All is open.</summary>
    public void Ready(string status) => Send("READY=1", $"STATUS={status}");

    /// <summary>The configuration is being read anew; <see cref="Ready"/> ends it, well or not.</summary>
    public void Reloading() => Send("RELOADING=1", string.Create(
        CultureInfo.InvariantCulture,
        // CLOCK_MONOTONIC, as systemd's own clock; .NET's timestamps are that on Linux.
        $"MONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}"));

    public void Stopping() => Send("STOPPING=1", "STATUS=stopping: transfers in progress may end");

    private void Send(params string[] lines)
    {
        if (_socket is null)
            return;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(string.Join('\n', lines.Select(PrintableText.OneLine))), _socket);
        }
        catch (SocketException exception)
        {
            _output.Report($"cannot tell systemd: {exception.Message}");
        }
    }
}
