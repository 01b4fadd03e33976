using System.Text.Json.Serialization.Metadata;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>What to say of a key that there is not: the nearest one, or where secrets belong.</summary>
internal static class UnknownKeys
{
    public static string Describe(string name, JsonTypeInfo contract)
    {
        var names = contract.Properties.Select(property => property.Name).ToList();
        return $"{MistakeList.Quote(name)} is no key of this object" + name.ToUpperInvariant() switch
        {
            "PASSWORD" or "PASS" or "PASSPHRASE" or "SECRET" or "PASSWD" when names.Contains("passwordFile") =>
                "; secrets do not stand in this file: write passwordFile or passwordCommand",
            "PROXYPASSWORD" when names.Contains("proxyPasswordFile") =>
                "; secrets do not stand in this file: write proxyPasswordFile",
            "PASSWORD" or "PASS" or "USER" or "USERS" when names.Contains("usersFile") =>
                "; secrets do not stand in this file: write usersFile",
            "PRIVATEKEY" or "IDENTITY" or "KEY" when names.Contains("identityFiles") =>
                "; keys do not stand in this file: write identityFiles",
            _ => NearestName.Hint(name, names),
        };
    }
}
