using System.Net.Sockets;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Ftp;
using ActorTunnel.Ssh.Channels;

namespace ActorTunnel.Engine.Sessions;

/// <content>
/// AUTH that the server has agreed to (RFC 4217, section 4): what follows is TLS between client and server. It is carried unread, so data
/// connections are set up unseen, and are not this program's any more.
/// </content>
internal sealed partial class ControlChannelActor
{
    private const int SecurityExchangeBegins = 234;

    /// <summary>For one side to end after the other has.</summary>
    private static readonly TimeSpan _otherSidePatience = TimeSpan.FromSeconds(60);

    // Not a byte behind AUTH may be taken for a command: nothing more of the client is read until the server has answered.
    private bool _authUnanswered;
    private bool _isUnread;
    private bool _oneSideEnded;

    /// <summary>A client that has logged in with the SSH login could log in as somebody else, unseen.</summary>
    private bool PassesAuth => _route.Ftp.AuthTls == AuthTls.Transparent && !_route.IsLoggedIn;

    private void ReceiveUnread()
    {
        Receive<SideEnded>(_ =>
        {
            if (_oneSideEnded)
            {
                End(Failure.None, "finished");
                return;
            }

            _oneSideEnded = true;
            Task.Delay(_otherSidePatience, _services.Time, _stopped.Token)
                .PipeTo(Self, success: () => OtherSideLate.Instance, failure: _ => OtherSideLate.Instance);
        });
        Receive<SideBroken>(_ => End(
            _transport!.Closed.IsCompleted ? Failure.ConnectionLost : Failure.PeerReset, "the control connection broke"));
        Receive<OtherSideLate>(_ => End(Failure.Timeout, "one side has ended, and the other has not"));
    }

    private void AuthAnswered(FtpReply reply, FtpCommand auth)
    {
        _authUnanswered = false;
        if (reply.Code != SecurityExchangeBegins)
        {
            Relay(reply, auth);
            return;
        }

        _logger.CarriedUnread(_id);
        _isUnread = true;
        _commands.Complete(auth);
        DropDataChannel();
        var agreed = _clientLeg.WriteAsync(reply.Bytes);
        Carry(agreed, _clientLeg, _serverControl!);
        Carry(agreed, _serverLeg!, _route.ClientControl);
    }

    private void Carry(Task agreed, ControlLeg from, Stream to) =>
        CarryAsync(agreed, from, to).PipeTo(Self, success: () => SideEnded.Instance, failure: _ => SideBroken.Instance);

    private static async Task CarryAsync(Task agreed, ControlLeg from, Stream to)
    {
        await agreed.ConfigureAwait(false);
        await from.CopyToAsync(to).ConfigureAwait(false);
        if (to is ChannelStream channel)
            await channel.CompleteWritesAsync().ConfigureAwait(false);
        else
            ((NetworkStream)to).Socket.Shutdown(SocketShutdown.Send);
    }

    private sealed record SideEnded
    {
        public static SideEnded Instance { get; } = new();
    }

    private sealed record SideBroken
    {
        public static SideBroken Instance { get; } = new();
    }

    private sealed record OtherSideLate
    {
        public static OtherSideLate Instance { get; } = new();
    }
}
