namespace ActorTunnel.Engine.Rules;

/// <summary>Why a rule does not capture a connection: the first of its conditions that does not hold, in the order of trial.</summary>
public enum Condition
{
    /// <summary>All of them hold: it does.</summary>
    Holds,

    /// <summary>Another port.</summary>
    Ports,

    /// <summary>The client comes from somewhere else.</summary>
    Client,

    /// <summary>Somebody else.</summary>
    SocksUser,

    /// <summary>None of the patterns.</summary>
    Host,

    /// <summary>Not what the regular expression says.</summary>
    HostRegex,

    /// <summary>Other addresses, or a name that the rule does not resolve.</summary>
    Address,

    /// <summary>Not known yet: the rule asks for the addresses of the name.</summary>
    AddressesNeeded,
}
