using ActorTunnel.Engine.Ftp;
using ActorTunnel.Engine.Tunnels;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Sessions.Login;

/// <summary>
/// The FTP server has answered a login. The resources stay those of the <see cref="LoginAttemptActor"/> that says so, which lives as long
/// as they are used.
/// </summary>
internal sealed record LoginAnswered(FtpReply Reply, LoggedIn Connection);

/// <summary>The login did not get as far as an answer of the FTP server.</summary>
internal sealed record LoginFailed(TunnelFailed Cause);

/// <summary>A control connection to an FTP server that a login has been answered on.</summary>
/// <param name="Target">Where it is; without profile when it had to go without SSH.</param>
/// <param name="Transport">What it goes over, and its data connections will.</param>
/// <param name="Control">The connection.</param>
/// <param name="Server">The same line by line, with what has been read ahead.</param>
internal sealed record LoggedIn(SessionTarget Target, ISshTransport Transport, Stream Control, ControlLeg Server);
