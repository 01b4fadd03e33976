using System.Net;
using System.Text.Json.Serialization;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>
/// What audit says of one event, a line of JSON in these names. What is not known or does not apply is left out. No secrets: of commands
/// only those that transfer are told with their argument.
/// </summary>
public sealed record AuditRecord
{
    /// <summary>When it was over, UTC.</summary>
    [JsonPropertyOrder(-2)]
    public DateTime Time { get; init; }

    /// <summary>What it was.</summary>
    [JsonPropertyOrder(-1)]
    public AuditEvent Event { get; init; }

    /// <summary>The session's id, as in logs.</summary>
    public string? Session { get; init; }

    /// <summary>The entry that the client came by.</summary>
    public string? Entry { get; init; }

    /// <summary>The client's address.</summary>
    public string? Client { get; init; }

    /// <summary>The client's port.</summary>
    public int? ClientPort { get; init; }

    /// <summary>Whom the client is to the SOCKS proxy.</summary>
    public string? SocksUser { get; init; }

    /// <summary>The rule that decided.</summary>
    public string? Rule { get; init; }

    /// <summary>The profile's name in the configuration.</summary>
    public string? Profile { get; init; }

    /// <summary>The SSH server, HOST:PORT.</summary>
    public string? SshServer { get; init; }

    /// <summary>Its host key as it was verified: SHA256 and Base64, as ssh-keygen -l shows it.</summary>
    public string? HostKey { get; init; }

    /// <summary>The SSH user.</summary>
    public string? SshUser { get; init; }

    /// <summary>The last FTP user named in the session, as <see cref="AuditText"/>.</summary>
    public string? FtpUser { get; init; }

    /// <summary>Where the session went, or should have gone: HOST:PORT.</summary>
    public string? Target { get; init; }

    /// <summary>The command of a transfer.</summary>
    public string? Verb { get; init; }

    /// <summary>Its file, as the client named it, as <see cref="AuditText"/>.</summary>
    public string? File { get; init; }

    /// <summary>The temporary name under which a part of it may still lie on the server, as <see cref="AuditText"/>.</summary>
    public string? Leftover { get; init; }

    /// <summary>Which way the file went: download or upload.</summary>
    public string? Direction { get; init; }

    /// <summary>How the data connection was made: passive or active.</summary>
    public string? DataMode { get; init; }

    /// <summary>Of a transfer: bytes of data, as they went over the data connection.</summary>
    public long? Bytes { get; init; }

    /// <summary>Of a plain connection: bytes to the client.</summary>
    public long? BytesDown { get; init; }

    /// <summary>Of a plain connection: bytes from the client.</summary>
    public long? BytesUp { get; init; }

    /// <summary>How long it took.</summary>
    public double? Seconds { get; init; }

    /// <summary>Audit lines that could not be written.</summary>
    public long? Lost { get; init; }

    /// <summary>How it ended, as a word of <see cref="FailureTable"/>.</summary>
    [JsonConverter(typeof(FailureWordConverter))]
    public Failure? Outcome { get; init; }

    /// <summary>Why, in words for a person; null when there is nothing to explain.</summary>
    public string? Reason { get; init; }

    /// <summary>The same with the client's endpoint.</summary>
    public AuditRecord From(IPEndPoint client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return this with { Client = client.Address.ToString(), ClientPort = client.Port };
    }

    /// <summary>The same with the key that the SSH server has shown.</summary>
    public AuditRecord Shown(PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return this with { HostKey = key.Fingerprint };
    }
}

/// <summary>What an audit line is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditEvent>))]
public enum AuditEvent
{
    /// <summary>A session is over.</summary>
    [JsonStringEnumMemberName("session")]
    Session,

    /// <summary>A transfer is over.</summary>
    [JsonStringEnumMemberName("transfer")]
    Transfer,

    /// <summary>A client was turned away: by a rule, a login, its address, a bound.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>A session goes on without SSH, readable for everybody.</summary>
    [JsonStringEnumMemberName("fallback")]
    Fallback,

    /// <summary>The configuration was read again.</summary>
    [JsonStringEnumMemberName("reload")]
    Reload,

    /// <summary>Lines before this one could not be written.</summary>
    [JsonStringEnumMemberName("lost")]
    Lost,
}
