using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tunnels;

/// <summary>Asks for a connection of this profile. Answered by <see cref="TunnelReady"/> or <see cref="TunnelFailed"/>.</summary>
/// <param name="Profile">Which.</param>
/// <param name="User">
/// In whose name the connection is used: as long as this actor lives, the connection is not idle. Null: nobody uses it, it is only made.
/// </param>
internal sealed record GetTunnel(TunnelProfile Profile, IActorRef? User = null) : IQuestion
{
    public object Unanswered => TunnelFailed.Defect;

    /// <summary>How many channels the user may have open on it at a time.</summary>
    public int Channels { get; init; } = 1;
}

/// <summary>
/// Asks for the connection on which a data channel is to be opened: to the same server address as its session's control channel.
/// The sender uses it as long as it lives. Answered as <see cref="GetTunnel"/> is.
/// </summary>
internal sealed record GetDataTunnel(TunnelProfile Profile, ISshTransport Control) : IQuestion
{
    public object Unanswered => TunnelFailed.Defect;
}

/// <summary>A live SSH connection to open channels on. It may be lost at any time; its channels say so.</summary>
/// <param name="Transport">The connection.</param>
/// <param name="Peer">The server's address; null when a jump host or a proxy has chosen it.</param>
internal sealed record TunnelReady(ISshTransport Transport, IPEndPoint? Peer = null);

/// <summary>There is no SSH connection, and why: one line for a person.</summary>
/// <param name="Failure">The cause.</param>
/// <param name="Message">The line.</param>
/// <param name="Hop">The jump host or proxy that it happened at; null: the server itself, or on this machine.</param>
internal sealed record TunnelFailed(Failure Failure, string Message, string? Hop = null)
{
    /// <summary>Whoever should have made the connection has failed.</summary>
    public static TunnelFailed Defect { get; } = new(Failure.Internal, "Internal error.");

    /// <summary>Who asked has ended meanwhile, and zeroed the secret of its login.</summary>
    public static TunnelFailed SecretGone { get; } = new(Failure.Credential, "The secret of this login is not kept any more.");

    /// <summary>
    /// On the way to the SSH server the very first TCP connection was not made: nobody has said anything, so nobody can have been
    /// refused, found false, or provoked to fail.
    /// </summary>
    public bool IsWithoutConnection { get; init; }

    /// <summary>The SSH server was there and trusted, and it ended in the login: perhaps only this user's.</summary>
    public bool IsWithinLogin { get; init; }
}

/// <summary>An SSH connection that was ready is over. From <see cref="SshConnectionActor"/> to its pool.</summary>
internal sealed record TunnelLost(SshEnd End);

/// <summary>A question on its way from <see cref="TunnelsActor"/> to the pool of this identity. The sender is who asked.</summary>
/// <param name="Identity">Of whom.</param>
/// <param name="Profile">As it was asked with.</param>
/// <param name="Question">What.</param>
/// <param name="Number">How many there were to this server, with this one.</param>
internal sealed record ForPool(TunnelIdentity Identity, TunnelProfile Profile, IQuestion Question, long Number) : IQuestion
{
    public object Unanswered => Question.Unanswered;
}

/// <summary>
/// Server to its parent: it has no pools and remembers no failure, after so many questions. It may be let go when no other is on its way.
/// </summary>
internal sealed record ServerEmpty(ServerIdentity Server, long Questions);

/// <summary>
/// Pool to server: nothing is left of this pool, after so many questions. It is let go when no other is on its way to it.
/// </summary>
internal sealed record PoolEmpty(int Questions);

/// <summary>Pool to server: it has failed and begins anew. Answered by <see cref="Recount"/>.</summary>
internal sealed record PoolRestarted
{
    public static PoolRestarted Instance { get; } = new();
}

/// <summary>Server to pool: so many questions have been sent to it, all before this.</summary>
internal sealed record Recount(int Questions);

/// <summary>Connection to server: may it dial? Answered by <see cref="DialGranted"/> or <see cref="TunnelFailed"/>, once.</summary>
internal sealed record AskToDial(TunnelIdentity Identity);

/// <summary>Server to connection: dial now.</summary>
internal sealed record DialGranted
{
    public static DialGranted Instance { get; } = new();
}

/// <summary>Pool to connection: nobody waits for it any more. A login that has begun goes on: what comes of it counts.</summary>
internal sealed record NotNeeded
{
    public static NotNeeded Instance { get; } = new();
}

/// <summary>Connection to pool: it has ended before its turn came.</summary>
internal sealed record NotDialled
{
    public static NotDialled Instance { get; } = new();
}

/// <summary>Connection to server: it has logged in, or has failed to.</summary>
internal sealed record DialEnded(TunnelFailed? Failed);
