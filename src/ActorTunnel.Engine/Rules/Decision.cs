using System.Net;

namespace ActorTunnel.Engine.Rules;

/// <summary>What the rules say about one connection.</summary>
/// <param name="Rule">The rule that matched; null: none, and so it is blocked.</param>
/// <param name="Action">What becomes of it; a rule's own action may be forbidden here.</param>
/// <param name="Host">Where it goes: the rule's destination, or what the client asked for.</param>
/// <param name="Port">The same for the port.</param>
public sealed record Decision(FilterRule? Rule, FilterAction Action, string Host, int Port)
{
    /// <summary>Why it is blocked: one line for a person; null when it is not.</summary>
    public string? Refusal { get; init; }

    /// <summary>The SSH server, when it is the host that the application asked for; null: the profile's own.</summary>
    public string? SshHost { get; init; }

    /// <summary>
    /// What the rules have compared: a connection from this machine goes to one of these, as the name, asked for once more, could mean
    /// another host. Null: no rule has asked, or the rule goes elsewhere.
    /// </summary>
    public IReadOnlyList<IPAddress>? Addresses { get; init; }
}
