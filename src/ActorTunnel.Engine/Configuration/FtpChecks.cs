namespace ActorTunnel.Engine.Configuration;

/// <summary>What is to be said of options for FTP that are right one by one.</summary>
public static class FtpChecks
{
    /// <summary>Options of which one takes another its meaning.</summary>
    public static IEnumerable<FtpContradiction> Contradictions(FtpOptions ftp)
    {
        ArgumentNullException.ThrowIfNull(ftp);
        var limits = ftp.Restrictions;
        if (ftp.PassiveAddress == PassiveAddress.Map && ftp.PassiveAddressMap.Count == 0)
        {
            yield return new(nameof(ftp.PassiveAddress), nameof(ftp.PassiveAddressMap),
                "map needs passiveAddressMap: the addresses that the server names, and the host by which each is reached");
        }

        if (ftp.PassiveAddress != PassiveAddress.Map && ftp.PassiveAddressMap.Count > 0)
            yield return new(nameof(ftp.PassiveAddressMap), nameof(ftp.PassiveAddress), "it is looked at only when passiveAddress is map");
        if (limits.ReadOnly && ftp.VerifySize)
            yield return new(nameof(ftp.VerifySize), nameof(limits.ReadOnly), "readOnly leaves no upload whose size could be verified");
        if (limits.ReadOnly && ftp.UploadName == UploadName.Temporary)
            yield return new(nameof(ftp.UploadName), nameof(limits.ReadOnly), "readOnly leaves no upload that could have a name");
        if (ftp.AuthTls == AuthTls.Transparent)
        {
            (string Option, bool IsSet)[] readers =
            [
                (nameof(limits.ReadOnly), limits.ReadOnly), (nameof(limits.DeniedCommands), limits.DeniedCommands.Count > 0),
                (nameof(limits.SessionsPerUser), limits.SessionsPerUser is not null),
            ];
            foreach (var (option, _) in readers.Where(reader => reader.IsSet))
            {
                yield return new(
                    option, nameof(ftp.AuthTls), "authTls transparent is a way around it: nobody sees what a client does after AUTH TLS");
            }
        }
    }

    /// <summary>What a person must know at the start, each with its option.</summary>
    public static IEnumerable<(string Option, string Text)> Warnings(FtpOptions ftp)
    {
        ArgumentNullException.ThrowIfNull(ftp);
        if (ftp.AuthTls == AuthTls.Transparent)
        {
            yield return (nameof(ftp.AuthTls),
                "AUTH TLS is transparent: data connections of such clients do not go through the tunnel");
        }
    }
}

/// <summary>What cannot be meant.</summary>
/// <param name="Option">The option that says so, as the property is called.</param>
/// <param name="Other">The one that it does not go with.</param>
/// <param name="Text">Why not, for people.</param>
public sealed record FtpContradiction(string Option, string Other, string Text);
