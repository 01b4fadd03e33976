using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>How FTP is carried, of a rule or a tunnel.</summary>
internal sealed class FtpPolicyBuilder(Findings findings)
{
    private static readonly string[] _keys = ["dataPorts", "advertiseAddress", "passiveAddress", "dataMode", "authTls"];

    public FtpOptions Build(string path, FtpPolicySection section) => new()
    {
        DataPorts = section.DataPorts is null ? null : findings.Read($"{path}.dataPorts", section.DataPorts, ValueForms.Ports),
        AdvertiseAddress = findings.Read($"{path}.advertiseAddress", section.AdvertiseAddress, ValueForms.Ipv4),
        PassiveAddress = section.PassiveAddress,
        DataMode = section.DataMode,
        AuthTls = section.AuthTls,
    };

    /// <summary>Where nothing is carried as FTP, these keys would only seem to do something.</summary>
    public void RefuseKeys(string path, string without)
    {
        foreach (var key in _keys.Where(key => findings.IsSet($"{path}.{key}")))
            findings.Mistake($"{path}.{key}", $"this means nothing {without}: leave it out");
    }
}
