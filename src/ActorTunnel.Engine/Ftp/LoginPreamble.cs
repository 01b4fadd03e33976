namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// What is said to a client before it logs in, while there is no FTP server yet; and what of it the server will be told. RFC 959, section 5;
/// HOST: RFC 7151; AUTH: RFC 4217; OPTS UTF8: RFC 2640 as clients practise it. FEAT is refused until the login: what the server can do is
/// not known; lftp asks again after a 530, and would believe an empty list.
/// </summary>
internal sealed class LoginPreamble
{
    private FtpCommand? _host;
    private FtpCommand? _client;
    private FtpCommand? _options;

    /// <summary>For the server, before USER; what it answers does not matter. The last of each kind counts.</summary>
    public IReadOnlyList<FtpCommand> Commands =>
        [.. new[] { _host, _client, _options }.OfType<FtpCommand>()];

    /// <summary>The answer to any command but USER, PASS and QUIT.</summary>
    /// <param name="command">The command.</param>
    /// <param name="hasUser">USER has been answered with 331.</param>
    public FtpReply Answer(FtpCommand command, bool hasUser)
    {
        switch (command.Verb)
        {
            case FtpVerb.TooLong:
                return FtpReplies.LineTooLong;
            case FtpVerb.Auth:
                return FtpReplies.NoTls;
            case FtpVerb.Noop:
                return FtpReplies.Ok;
            case FtpVerb.Syst:
                return FtpReplies.System;
            case FtpVerb.Host when hasUser: // RFC 7151, section 3.1
                return FtpReplies.HostAfterUser;
            case FtpVerb.Host when command.Argument.IsEmpty:
                return FtpReplies.HostNameNeeded;
            case FtpVerb.Host:
                _host = command;
                return FtpReplies.HostNoted;
            case FtpVerb.Clnt:
                _client = command;
                return FtpReplies.Ok;
            case FtpVerb.Opts when command.ArgumentIs("UTF8 ON") || command.ArgumentIs("UTF8"):
                _options = command;
                return FtpReplies.Ok;
            default:
                return FtpReplies.LoginFirst;
        }
    }
}
