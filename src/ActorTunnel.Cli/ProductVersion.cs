using System.Reflection;

namespace ActorTunnel.Cli;

/// <summary>What <c>--version</c> prints.</summary>
internal static class ProductVersion
{
    public static string Line { get; } =
        "actortunnel " + typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
