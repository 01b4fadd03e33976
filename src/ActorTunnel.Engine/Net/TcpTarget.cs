using System.Net;
using System.Net.Sockets;

namespace ActorTunnel.Engine.Net;

/// <summary>Whom to connect to, and how an error names it.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">1..65535.</param>
/// <param name="Service">What should listen there, as in "an SSH server".</param>
internal sealed record TcpTarget(string Host, int Port, string Service)
{
    /// <summary>Only this family of addresses, or any.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>Only these, which the host had when it was resolved before; null: resolve.</summary>
    public IReadOnlyList<IPEndPoint>? Peers { get; init; }

    /// <summary>
    /// Says why these addresses are not connected to, null when nothing speaks against it. They are connected to as they were checked: a
    /// name that is resolved once more may mean another host by then. Null: nothing is asked.
    /// </summary>
    public Func<IReadOnlyList<IPAddress>, string?>? Check { get; init; }
}
