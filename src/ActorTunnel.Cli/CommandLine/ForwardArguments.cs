using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>
/// What <c>actortunnel forward</c> was told. Null is "not said": as in ssh the first value said wins, whether by <c>-p</c>, by
/// <c>-o Port</c> or in the destination.
/// </summary>
internal sealed class ForwardArguments
{
    public bool Help { get; set; }

    public bool Version { get; set; }

    public int Verbosity { get; set; }

    public string? Host { get; set; }

    public int? Port { get; set; }

    public string? User { get; set; }

    public AddressFamily AddressFamily { get; set; } = AddressFamily.Unspecified;

    public List<string> IdentityFiles { get; } = [];

    public string? PasswordFile { get; set; }

    public List<ForwardSpecification> Forwards { get; } = [];

    public List<RemoteForwardSpecification> RemoteForwards { get; } = [];

    /// <summary><c>-g</c>: forwards without a bind address listen on all interfaces.</summary>
    public bool AllInterfaces { get; set; }

    public IReadOnlyList<string>? UserKnownHostsFiles { get; set; }

    public StrictHostKeyChecking? StrictHostKeyChecking { get; set; }

    public IReadOnlyList<string>? Ciphers { get; set; }

    public TimeSpan? ConnectTimeout { get; set; }

    public TimeSpan? ServerAliveInterval { get; set; }

    public int? ServerAliveCountMax { get; set; }

    public PortRange? DataPorts { get; set; }

    public IPAddress? AdvertiseAddress { get; set; }

    public PassiveAddress? PassiveAddress { get; set; }

    /// <summary>Reads the arguments that follow the word <c>forward</c>.</summary>
    /// <exception cref="UsageException">They cannot be used.</exception>
    public static ForwardArguments Parse(IReadOnlyList<string> arguments)
    {
        var result = new ForwardArguments();
        new OptionTable<ForwardArguments>(ForwardOptionTable.Options, (target, text) => target.SetDestination(text))
            .Apply(arguments, result);
        if (!result.Help && !result.Version)
            result.CheckComplete();
        return result;
    }

    private void SetDestination(string text)
    {
        if (Host is not null)
        {
            throw new UsageException(
                $"{Output.PrintableText.Quote(text)} is one argument too many: only a destination is given, never a command");
        }

        var destination = Destination.Parse(text);
        Host = destination.Host;
        User ??= destination.User;
        Port ??= destination.Port;
    }

    private void CheckComplete()
    {
        if (Host is null)
            throw new UsageException("the SSH server is missing; write forward -L ftp/2121:ftp-host:21 user@ssh-server");
        if (Forwards.Count == 0 && RemoteForwards.Count == 0)
            throw new UsageException("nothing to forward; add -L ftp/2121:ftp-host:21");
    }
}
