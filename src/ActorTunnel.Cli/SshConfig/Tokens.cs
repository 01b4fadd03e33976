using System.Text;
using ActorTunnel.Cli.CommandLine;
using ActorTunnel.Cli.Output;

namespace ActorTunnel.Cli.SshConfig;

/// <summary>What <c>%h</c> and its like stand for (ssh_config(5), "TOKENS"), in values that may have them.</summary>
internal sealed class Tokens
{
    private readonly Dictionary<char, string>? _meanings;
    private readonly LocalUser? _user;

    private Tokens()
    {
    }

    /// <summary>HostName knows the host only, and no environment.</summary>
    public Tokens(string host) => _meanings = new() { ['h'] = host };

    /// <summary>For files: all that can be known before the connection is made, and the environment.</summary>
    public Tokens(SshSettings settings, LocalUser user)
    {
        _user = user;
        _meanings = new()
        {
            ['d'] = user.Home,
            ['h'] = settings.HostName,
            ['i'] = $"{user.Id}",
            ['k'] = settings.HostKeyAlias ?? settings.Host,
            ['L'] = user.MachineName.Split('.')[0],
            ['l'] = user.MachineName,
            ['n'] = settings.Host,
            ['p'] = $"{settings.Port}",
            ['r'] = settings.User,
            ['u'] = user.Name,
        };
    }

    /// <summary>For files of a profile, whose paths are complete: nothing stands for something else.</summary>
    public static Tokens None { get; } = new();

    /// <summary>The value of an environment variable; null when there is none.</summary>
    public string? Variable(string name) => _user?.Variable(name);

    /// <summary>A file: a leading <c>~/</c> is the home directory, then <see cref="Expand"/>.</summary>
    public string ExpandPath(string path) => Expand(path switch
    {
        "~" when _user is not null => _user.Home,
        _ when _user is not null && path.StartsWith("~/", StringComparison.Ordinal) => Path.Combine(_user.Home, path[2..].TrimStart('/')),
        _ => path,
    });

    /// <summary>Replaces tokens and <c>${NAME}</c>.</summary>
    /// <exception cref="UsageException">One of them is not known.</exception>
    public string Expand(string text)
    {
        if (_meanings is null)
            return text;
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
                result.Append(i + 1 < text.Length ? Meaning(text[++i], text) : throw Unknown("%", text));
            else if (_user is not null && text[i] == '$' && i + 1 < text.Length && text[i + 1] == '{')
                result.Append(Braced(text, ref i));
            else
                result.Append(text[i]);
        }

        return result.ToString();
    }

    private string Meaning(char token, string text) =>
        token == '%' ? "%" : _meanings!.TryGetValue(token, out var meaning) ? meaning : throw Unknown($"%{token}", text);

    private string Braced(string text, ref int i)
    {
        var start = i + 2;
        var end = text.IndexOf('}', start);
        if (end < 0)
            throw Unknown(text[i..], text);
        i = end;
        return _user!.Variable(text[start..end]) ?? throw Unknown($"${{{text[start..end]}}}", text);
    }

    private UsageException Unknown(string token, string text) => new(
        $"{PrintableText.Quote(text)}: {PrintableText.OneLine(token)} stands for nothing here; known are "
        + string.Join(' ', _meanings!.Keys.Select(known => $"%{known}")) + " %%"
        + (_user is null ? "" : " and ${NAME} of a variable that is set"));
}
