namespace ActorTunnel.Cli.Import;

/// <summary>Files as Tectia names them: with %D for the home directory, and with variables of the environment.</summary>
internal static class TectiaPath
{
    /// <summary>Our way to write it; null: a person must, and has been told so.</summary>
    public static string? Of(TectiaElement element, string attribute)
    {
        if (element.Text(attribute) is not { } path)
            return null;
        foreach (var home in (string[])["%D/", "$HOME/", "${HOME}/"])
        {
            if (path.StartsWith(home, StringComparison.Ordinal))
                path = $"~/{path[home.Length..]}";
        }

        if (!path.AsSpan().ContainsAny('%', '$'))
            return path;
        element.Note(attribute, $"'{path}' has a variable that is not filled in here, and was left out: write the path");
        return null;
    }

    /// <summary>What <c>%USERNAME%</c> and <c>%U</c> stand for: who runs it.</summary>
    public static bool IsOwnUser(string user) => user is "%USERNAME%" or "%U" or "$USER" or "${USER}" or "$LOGNAME";

    /// <summary>For a note.</summary>
    public static string Became(string user) =>
        $"'{user}' became {OwnUser}, who runs the import: write another if the proxy runs as another";

    /// <summary>Who runs the import.</summary>
    public static string OwnUser => Environment.UserName;
}
