using System.Globalization;
using ActorTunnel.Engine.ConfigurationFiles;
using ActorTunnel.Ssh;

namespace ActorTunnel.Cli.Import;

/// <summary>The elements that default-settings and profiles have in common: what a profile says overrides what was said before.</summary>
internal static class TectiaSettings
{
    private const int MaxSeconds = 30 * 24 * 60 * 60;

    public static ProfileSection Apply(TectiaElement element, ProfileSection profile)
    {
        profile = Algorithms(element, profile);
        profile = Login(element, profile);
        profile = Trust(element, profile);
        profile = Timing(element, profile);
        return Way(element, profile);
    }

    private static ProfileSection Algorithms(TectiaElement element, ProfileSection profile)
    {
        profile = profile with
        {
            Ciphers = Names(element, "ciphers", "cipher", SshAlgorithms.Ciphers) ?? profile.Ciphers,
            Macs = Names(element, "macs", "mac", SshAlgorithms.Macs) ?? profile.Macs,
            KexAlgorithms = Names(element, "kexs", "kex", SshAlgorithms.KeyExchanges) ?? profile.KexAlgorithms,
            HostKeyAlgorithms =
                Names(element, "hostkey-algorithms", "hostkey-algorithm", SshAlgorithms.HostKeys) ?? profile.HostKeyAlgorithms,
        };
        if (element.One("rekey") is { } rekey && rekey.Number("bytes", 0, long.MaxValue) is { } bytes)
        {
            if (bytes < 16)
                rekey.Note("bytes", "keys are always renewed, after 1 GiB when nothing else is said");
            else
                profile = profile with { RekeyLimit = bytes.ToString(CultureInfo.InvariantCulture) };
        }

        if (element.One("compression") is { } compression && compression.Text("name") is { } name && name != "none")
        {
            compression.Attribute("level");
            compression.Note("name", "has no equivalent: nothing is compressed");
        }

        return profile;
    }

    /// <summary>Null: there is no such list, or nothing of it is known here.</summary>
    private static string? Names(TectiaElement element, string listName, string itemName, IReadOnlyList<string> known)
    {
        if (element.One(listName) is not { } list)
            return null;
        var names = new List<string>();
        foreach (var item in list.All(itemName))
        {
            if (item.Text("name") is not { } name)
                item.Note("name", "is missing");
            else if (known.Contains(name))
                names.Add(name);
            else
                item.Note("name", $"'{name}' is not known here, and was left out");
        }

        if (names.Count > 0)
            return string.Join(',', names.Distinct());
        list.Note("none of these is known here: the usual ones are proposed");
        return null;
    }

    private static ProfileSection Login(TectiaElement element, ProfileSection profile)
    {
        if (element.One("authentication-methods") is not { } list)
            return profile;
        var methods = new List<LoginMethod>();
        foreach (var item in list.Children)
        {
            item.Skip();
            switch (item.Name)
            {
                case "auth-password":
                    methods.Add(LoginMethod.Password);
                    break;
                case "auth-publickey":
                    methods.Add(LoginMethod.PublicKey);
                    break;
                case "auth-keyboard-interactive":
                    methods.Add(LoginMethod.KeyboardInteractive);
                    break;
                case "authentication-method" when item.Text("name") is { } name && MethodOf(name) is { } method:
                    methods.Add(method);
                    break;
                default:
                    item.Note("there is no such way to log in here, and it was left out");
                    break;
            }
        }

        if (methods.Count > 0)
            return profile with { Methods = [.. methods.Distinct()] };
        list.Note("none of these is known here: all that there is something for are tried");
        return profile;
    }

    private static LoginMethod? MethodOf(string name) => name switch
    {
        "password" => LoginMethod.Password,
        "publickey" => LoginMethod.PublicKey,
        "keyboard-interactive" => LoginMethod.KeyboardInteractive,
        _ => null,
    };

    private static ProfileSection Trust(TectiaElement element, ProfileSection profile)
    {
        var key = element.One("server-authentication-methods")?.One("auth-server-publickey");
        return key?.Text("policy") is { } policy ? profile with { HostKeyPolicy = PolicyOf(policy, key) } : profile;
    }

    private static HostKeyMode PolicyOf(string policy, TectiaElement key)
    {
        switch (policy.ToLowerInvariant())
        {
            case "strict":
                return HostKeyMode.Strict;
            case "ask":
                return HostKeyMode.Ask;
            case "tofu" or "trust-on-first-use":
                return HostKeyMode.AcceptNew;
            default:
                key.Note("policy", $"'{policy}' has no equivalent: strict was written, host keys must be known");
                return HostKeyMode.Strict;
        }
    }

    private static ProfileSection Timing(TectiaElement element, ProfileSection profile)
    {
        if (element.One("idle-timeout") is { } idle)
        {
            idle.Attribute("type"); // connection is the only one.
            profile = profile with { IdleTimeout = Seconds(idle, 24 * 60 * 60) ?? profile.IdleTimeout };
        }

        if (element.One("tcp-connect-timeout") is { } connect && Seconds(connect, MaxSeconds) is { } time)
        {
            if (time == "0s")
                connect.Note("time", "there is always a bound: the usual one of 2 minutes was left");
            else
                profile = profile with { ConnectTimeout = time };
        }

        if (element.One("keepalive-interval") is { } alive)
            profile = profile with { KeepAliveInterval = Seconds(alive, MaxSeconds) ?? profile.KeepAliveInterval };
        return profile;
    }

    private static string? Seconds(TectiaElement element, int most) =>
        element.Number("time", 0, most) is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds}s") : null;

    private static ProfileSection Way(TectiaElement element, ProfileSection profile)
    {
        if (element.One("proxy") is { } proxy)
            profile = profile with { Proxy = TectiaProxies.Convert(proxy) };
        if (element.One("address-family") is { } family && family.Text("type") is { } type)
        {
            profile = profile with
            {
                AddressFamily = type.ToLowerInvariant() switch
                {
                    "inet" => AddressFamilyName.Inet,
                    "inet6" => AddressFamilyName.Inet6,
                    _ => AddressFamilyName.Any,
                },
            };
        }

        // A session has two channels, control and data.
        if (element.One("exclusive-connection") is { } exclusive)
            profile = profile with { MaxChannels = exclusive.Flag("enable") ? 2 : null };
        if (element.One("server-banners") is { } banners && banners.Text("visible") is not (null or "yes" or "YES"))
            banners.Note("visible", "has no equivalent: banners are not shown by a program without a terminal, whatever is said");
        return profile;
    }
}
