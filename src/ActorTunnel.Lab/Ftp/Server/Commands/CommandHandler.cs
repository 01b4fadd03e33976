using ActorTunnel.Engine.Ftp;

namespace ActorTunnel.Lab.Ftp.Server.Commands;

/// <summary>
/// Carries out a command that needs no data connection and returns its reply, without the final line end. A path in a reply is safe:
/// <see cref="Storage.FtpPath"/> lets no control character through.
/// </summary>
internal delegate string CommandHandler(FtpSessionState session, FtpCommand command);
