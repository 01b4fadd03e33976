using ActorTunnel.Cli.Daemon.Profiles;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.Cli.Daemon;

/// <summary>A configuration file without mistakes, with all that it names.</summary>
/// <param name="Sections">As the file has it.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Profiles">By name.</param>
/// <param name="Users">Those of the SOCKS proxy, and by what a change of them is noticed; null: there are none.</param>
/// <param name="AuditFile">As it is opened; null: there is none.</param>
internal sealed record LoadedConfiguration(
    ConfigurationFile Sections,
    ProxyConfiguration Meaning,
    IReadOnlyDictionary<string, LoadedProfile> Profiles,
    (SocksUsers Users, string Stamp)? Users,
    string? AuditFile);
