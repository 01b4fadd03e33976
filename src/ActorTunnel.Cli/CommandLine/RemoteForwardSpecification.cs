using ActorTunnel.Cli.Output;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Cli.CommandLine;

/// <summary>The value of <c>-R</c>. As in ssh the bind address is the SSH server's matter, so a name of its own will do.</summary>
/// <param name="Kind">What is carried.</param>
/// <param name="BindAddress">As the SSH server is asked: <c>localhost</c> when none is given, empty for all addresses.</param>
/// <param name="ListenPort">0..65535; 0 takes a free one.</param>
/// <param name="Host">Without brackets.</param>
/// <param name="HostPort">1..65535.</param>
internal sealed record RemoteForwardSpecification(ForwardKind Kind, string BindAddress, int ListenPort, string Host, int HostPort)
{
    /// <exception cref="UsageException">It is not of that form.</exception>
    public static RemoteForwardSpecification Parse(string text)
    {
        var fields = ForwardFields.Parse("-R", text);
        var bind = fields.Bind switch
        {
            null => "localhost",
            "" or "*" => "",
            var given when HostName.IsUsable(given) => given,
            var given => throw fields.Invalid($"{PrintableText.Quote(given)} is no address to listen on"),
        };
        return new RemoteForwardSpecification(fields.Kind, bind, fields.ListenPort, fields.Host, fields.HostPort);
    }

    /// <summary>What the engine is asked to do.</summary>
    public RemoteForwardOptions ToOptions(FtpOptions ftp) => new()
    {
        Kind = Kind,
        BindAddress = BindAddress,
        ListenPort = ListenPort,
        Host = Host,
        HostPort = HostPort,
        Ftp = ftp,
    };
}
