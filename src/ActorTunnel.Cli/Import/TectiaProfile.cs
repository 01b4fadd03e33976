using System.Buffers;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Cli.Import;

/// <summary>A profile, and what it leaves to the application or to a person.</summary>
/// <param name="Name">In our file.</param>
/// <param name="Section">As it is written.</param>
/// <param name="UserFromApplication">The SSH user is whom the FTP client logs in as.</param>
internal sealed record TectiaProfile(string Name, ProfileSection Section, bool UserFromApplication)
{
    // Of the shell.
    private static readonly SearchValues<char> _grammar = SearchValues.Create("|&;<>()$`\\\"'*?[]#~=%!{}");

    /// <summary>The SSH server is what the application asks for.</summary>
    public bool HostFromApplication => Section.Host is null;

    public static TectiaProfile Read(TectiaElement element, string name, ProfileSection usual)
    {
        element.Attribute("id");
        element.Attribute("name");
        var section = TectiaSettings.Apply(element, usual);
        section = section with
        {
            Host = element.Text("host") is { } host && host != "*" ? host : null,
            Port = (int?)element.Number("port", 1, 65535) ?? 22,
            ConnectOnStart = element.Flag("connect-on-startup"),
        };
        if (element.Text("protocol") is { } protocol && protocol != "secsh2")
            element.Note("protocol", $"'{protocol}' has no equivalent: only SSH 2 is spoken");
        if (element.Text("host-type") is { } type && type != "default")
            element.Note("host-type", MissingHere.Why("profile", "host-type"));

        var user = element.Attribute("user");
        section = section with { User = UserOf(element, user) ?? (user is null ? usual.User : null) };
        section = Pins(element, section);
        section = Keys(element, section);
        section = Password(element, section);
        if (section.ConnectOnStart && (section.Host is null || section.User is null))
        {
            element.Note("connect-on-startup", "a profile without host or user cannot be connected at the start: left out");
            section = section with { ConnectOnStart = false };
        }

        return new TectiaProfile(name, section, user is "");
    }

    /// <summary>Null: nobody, or whom a person would have to name.</summary>
    public static string? UserOf(TectiaElement element, string? user)
    {
        switch (user)
        {
            case null or "":
                return null;
            case "*":
                element.Note("user", "nobody can be asked: write the user");
                return null;
            case var own when TectiaPath.IsOwnUser(own):
                element.Note("user", TectiaPath.Became(own));
                return TectiaPath.OwnUser;
            default:
                return user;
        }
    }

    private static ProfileSection Pins(TectiaElement element, ProfileSection section)
    {
        var pins = new List<string>();
        foreach (var key in element.All("hostkey"))
        {
            var text = key.Content();
            if (TectiaPath.Of(key, "file") is { } file)
            {
                pins.Add(file);
                key.Note("file", "if this key is in SSH2 format, convert it to OpenSSH's: ssh-keygen -i -f FILE");
            }
            else if (text.Length > 0)
            {
                if (Fingerprint(text) is { } fingerprint)
                    pins.Add(fingerprint);
                else
                    key.Note("this is no public key that is known here: write its SHA256 fingerprint into hostKeys");
            }
        }

        return pins.Count > 0 ? section with { HostKeys = pins } : section;
    }

    /// <summary>Base64, perhaps with the lines around it of RFC 4716.</summary>
    private static string? Fingerprint(string text)
    {
        var encoded = string.Concat(text.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("----", StringComparison.Ordinal) && !line.Contains(':', StringComparison.Ordinal)));
        var blob = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, blob, out var length))
            return null;
        try
        {
            return PublicKey.Parse(blob.AsSpan(0, length)).Fingerprint;
        }
        catch (Exception unknown) when (unknown is FormatException or ActorTunnel.Ssh.SshException)
        {
            return null;
        }
    }

    private static ProfileSection Keys(TectiaElement element, ProfileSection section)
    {
        if (element.One("user-identities") is not { } list)
            return section;
        var files = new List<string>();
        foreach (var identity in list.All("identity"))
        {
            if ((TectiaPath.Of(identity, "identity-file") ?? TectiaPath.Of(identity, "file")) is { } file)
                files.Add(file);
            if (identity.Text("hash") is not null)
                identity.Note("hash", "keys are named by their files here: write the file, or use an SSH agent that has the key");
        }

        if (files.Count == 0)
            return section;
        list.Note("if one of these keys is in SSH2 format, convert it to OpenSSH's: ssh-keygen -i -f FILE");
        return section with { IdentityFiles = files };
    }

    private static ProfileSection Password(TectiaElement element, ProfileSection section)
    {
        if (element.One("password") is not { } password)
            return section;
        if (password.Attribute("string") is not null)
        {
            password.Note(
                "string", "a password does not stand in this file, and was not copied: write it into a file that only the proxy's user can"
                + " read, and name that as passwordFile");
        }

        if (TectiaPath.Of(password, "file") is { } file)
            section = section with { PasswordFile = file };
        if (password.Text("command") is not { } command)
            return section;
        if (section.PasswordFile is not null)
        {
            password.Note("command", "there is a file already, and only one of the two is used: left out");
            return section;
        }

        // Without a shell there is none of its grammar.
        var isPlain = !command.AsSpan().ContainsAny(_grammar);
        return section with
        {
            PasswordCommand = isPlain ? command.Split(' ', StringSplitOptions.RemoveEmptyEntries) : ["/bin/sh", "-c", command],
        };
    }
}
