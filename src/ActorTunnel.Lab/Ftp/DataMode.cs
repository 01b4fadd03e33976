namespace ActorTunnel.Lab.Ftp;

/// <summary>The four ways to make a data connection, by the command that asks for it.</summary>
internal enum DataMode
{
    /// <summary>PASV: the server listens, IPv4.</summary>
    Passive,

    /// <summary>EPSV: the server listens, any address family.</summary>
    ExtendedPassive,

    /// <summary>PORT: the client listens, IPv4.</summary>
    Active,

    /// <summary>EPRT: the client listens, any address family.</summary>
    ExtendedActive,
}
