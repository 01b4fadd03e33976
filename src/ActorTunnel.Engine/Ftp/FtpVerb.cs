namespace ActorTunnel.Engine.Ftp;

/// <summary>The commands that the engine acts on, by the names they have on the wire. All others pass as they are.</summary>
internal enum FtpVerb
{
    /// <summary>A command that means nothing to a tunnel.</summary>
    Other,

    /// <summary>A line that was too long, and is not there any more.</summary>
    TooLong,

    /// <summary>The verb is no plain word: some server would read another one than we, or one where we read none.</summary>
    Garbled,

    // Access control: RFC 959, section 4.1.1; HOST: RFC 7151; AUTH: RFC 4217.
    User,
    Pass,
    Acct,
    Rein,
    Quit,
    Host,
    Auth,

    // What clients say before they log in, too: RFC 959, sections 4.1.2 and 4.1.3; RFC 2389, section 4; CLNT: draft-peterson-streamlined-ftp.
    Clnt,
    Noop,
    Opts,
    Syst,

    // Where data connections are made: RFC 959, section 4.1.2; RFC 2428.
    Port,
    Pasv,
    Eprt,
    Epsv,

    // How data is sent: RFC 959, sections 4.1.2 and 4.1.3.
    Type,
    Stru,
    Mode,
    Rest,

    // Transfers: RFC 959, section 4.1.3; MLSD: RFC 3659, section 7.
    Retr,
    Stor,
    Stou,
    Appe,
    List,
    Nlst,
    Mlsd,

    // May come while a transfer is in progress: RFC 959, section 4.1.3.
    Abor,
    Stat,

    /// <summary>What the server can do, in a multi-line reply: RFC 2389.</summary>
    Feat,
}

/// <summary>Which way the data of a command goes.</summary>
internal enum TransferDirection
{
    /// <summary>The command moves no data.</summary>
    None,

    /// <summary>From the server to the client.</summary>
    Download,

    /// <summary>From the client to the server.</summary>
    Upload,
}
