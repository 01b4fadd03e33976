using FsCheck;

namespace ActorTunnel.Tests;

/// <summary>How properties are checked: with the same cases in every run, so that a build that was green stays green.</summary>
internal static class Seeded
{
    public static Config Cases { get; } = Config.QuickThrowOnFailure.WithReplay(20261120, 1);
}
