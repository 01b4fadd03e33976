using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>How FTP is carried, of a rule or a tunnel.</summary>
internal sealed class FtpPolicyBuilder(Findings findings)
{
    /// <summary>As the file has them.</summary>
    private static readonly string[] _keys = [.. typeof(FtpPolicySection).GetProperties().Select(property => KeyOf(property.Name))];

    public FtpOptions Build(string path, FtpPolicySection section)
    {
        var ftp = new FtpOptions
        {
            DataPorts = section.DataPorts is null ? null : findings.Read($"{path}.dataPorts", section.DataPorts, ValueForms.Ports),
            AdvertiseAddress = findings.Read($"{path}.advertiseAddress", section.AdvertiseAddress, ValueForms.Ipv4),
            PassiveAddress = section.PassiveAddress,
            PassiveAddressMap = AddressMap($"{path}.passiveAddressMap", section.PassiveAddressMap),
            DataMode = section.DataMode,
            DataPeerUid = section.DataPeerUid,
            AuthTls = section.AuthTls,
            VerifySize = section.VerifySize,
            UploadName = section.UploadName,
            SessionIdle = SessionIdle($"{path}.sessionIdle", section.SessionIdle),
            Restrictions = Restrictions(path, section),
        };
        foreach (var (option, other, text) in FtpChecks.Contradictions(ftp))
        {
            if (IsRight(path, KeyOf(option)) && IsRight(path, KeyOf(other)))
                findings.Mistake($"{path}.{KeyOf(option)}", text);
        }

        foreach (var (option, text) in FtpChecks.Warnings(ftp))
            findings.Warn($"{path}.{KeyOf(option)}", text);
        return ftp;
    }

    /// <summary>Where nothing is carried as FTP, these keys would only seem to do something.</summary>
    public void RefuseKeys(string path, string without)
    {
        foreach (var key in _keys.Where(key => findings.IsSet($"{path}.{key}")))
            findings.Mistake($"{path}.{key}", $"this means nothing {without}: leave it out");
    }

    private FtpRestrictions Restrictions(string path, FtpPolicySection section) => new()
    {
        ReadOnly = section.ReadOnly,
        DeniedCommands = findings.ReadAll($"{path}.deniedCommands", section.DeniedCommands, DeniedCommand.Parse).ToFrozenSet(),
        AllowFxp = section.AllowFxp,
        MaxLineLength = findings.Number(
            $"{path}.maxLineLength", section.MaxLineLength, FtpRestrictions.LeastMaxLineLength, FtpRestrictions.MostMaxLineLength,
            FtpRestrictions.DefaultMaxLineLength),
        SessionsPerClient = Sessions($"{path}.sessionsPerClient", section.SessionsPerClient),
        SessionsPerUser = Sessions($"{path}.sessionsPerUser", section.SessionsPerUser),
        TransferRate = section.TransferRate is null ? null : findings.Read($"{path}.transferRate", section.TransferRate, ValueForms.Rate),
    };

    private FrozenDictionary<IPAddress, string> AddressMap(string path, IReadOnlyDictionary<string, string> map)
    {
        var hosts = new Dictionary<IPAddress, string>();
        foreach (var (address, host) in map)
        {
            var place = JsonTree.Join(path, address);
            if (findings.Read(place, address, ValueForms.Ipv4) is { } named && findings.Read(place, host, ValueForms.Host) is { } reached)
                hosts.Add(named, reached);
        }

        return hosts.ToFrozenDictionary();
    }

    private TimeSpan? SessionIdle(string path, string? text) =>
        findings.Time(path, text, FtpOptions.DefaultSessionIdle) is { Ticks: > 0 } idle ? idle : null;

    private int? Sessions(string path, int? number)
    {
        if (number == 0)
            findings.Mistake(path, "nobody could have a session: write 1 or more, or leave the key out");
        return number;
    }

    private bool IsRight(string path, string key) => findings.Knows(path, key) && !findings.Mistakes.Touch($"{path}.{key}");

    private static string KeyOf(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);
}
