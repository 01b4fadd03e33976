namespace ActorTunnel.Cli.CommandLine;

/// <summary>Paths below the user's home directory.</summary>
internal static class UserPath
{
    /// <summary>The user's home directory.</summary>
    public static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>A leading <c>~/</c> becomes the home directory: in <c>-oIdentityFile=~/key</c> no shell has done it.</summary>
    public static string Expand(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Home, path[2..]) : path;
}
