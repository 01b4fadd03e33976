using System.Net;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Ssh;

namespace ActorTunnel.Engine.Tunnels;

/// <content>When connections are made: because somebody waits, because one was lost that is kept, or to spread data over.</content>
internal sealed partial class TunnelPoolActor
{
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));
    private ITimer? _redial;
    private bool _redialFailed;
    private bool _everConnected;

    // A loss was reported, and nothing better since.
    private bool _isLost;
    private int _dials;

    /// <summary>
    /// As many connections as those who wait need. The first one alone: if it fails, the others would fail the same way, and each failed
    /// login counts.
    /// </summary>
    private void DialIfAsked()
    {
        if (_redial is not null && !_redialFailed)
            return; // It has just been lost. The wait is short, and a restarted server may need it.
        if (_connections.Values.Any(connection => connection is { Ready: not null, IsUsable: false }))
            return; // One has ended: the news of it is on its way, and settles what follows.
        var needed = _waiting.Sum(question => question.Channels);
        while (needed > Connecting * Options.MaxChannelsPerConnection && (Connecting == 0 || _connections.Values.Any(one => one.IsUsable)))
            Dial(peer: null);
    }

    private int Connecting => _connections.Values.Count(connection => connection is { Ready: null, IsExtra: false });

    private void Dial(IPEndPoint? peer)
    {
        StopRedial();
        var (profile, identity, server, dial) = (_profile, _identity, Context.Parent, _dial);
        var context = new DialContext(_services, _tunnels, peer);
        var actor = Context.ActorOf(
            Props.Create(() => new SshConnectionActor(profile, identity, server, context, dial)), $"ssh-{++_dials}");
        _connections.Add(Context.Watch(actor), new PooledConnection(actor, peer));
    }

    private void Redial()
    {
        StopRedial();
        if (_connections.Count == 0)
            Dial(peer: null);
    }

    private void StopRedial()
    {
        _redial?.Dispose();
        _redial = null;
    }

    private void Connected(PooledConnection connection, TunnelReady ready)
    {
        connection.Connected(ready);
        _everConnected = true;
        _redialFailed = false;
        _backoff.Reset();
        _logger.Connected(_identity.ToString(), ready.Transport.HostKey.Fingerprint);
        if (_isLost)
            _logger.ConnectedAgain(_identity.ToString());
        _isLost = false;
        _profile.LoggedIn?.Invoke();
        ServeWaiting();
        DialIfAsked();
        WaitIdle(connection);
    }

    private void Failed(PooledConnection connection, TunnelFailed failed)
    {
        Remove(connection);
        _logger.CannotConnect(_identity.ToString(), failed.Failure.Word(), failed.Message);
        RedialIfKept(failed.Failure, failed.Message);
        if (!connection.IsExtra && Connecting == 0)
            TellWaiting(failed);
        RetireIfEmpty();
    }

    /// <summary>Who has left must not keep others waiting for their turn.</summary>
    private void StopWaitingIfNobodyDoes()
    {
        if (_waiting.Count > 0 || Keeps)
            return;
        foreach (var connection in _connections.Values.Where(connection => connection is { Ready: null, IsExtra: false }))
            connection.Actor.Tell(NotNeeded.Instance);
    }

    private void NotDialled(PooledConnection connection)
    {
        Remove(connection);
        DialIfAsked(); // Somebody may have come meanwhile.
        RetireIfEmpty();
    }

    private void Lost(PooledConnection connection, SshEnd end)
    {
        Remove(connection);
        _logger.Lost(_identity.ToString(), end.Message);
        _isLost = true;
        RedialIfKept(Failure.None, end.Message);
        DialIfAsked();
        RetireIfEmpty();
    }

    /// <summary>
    /// A connection that has stopped without a last word has failed by a defect: whoever waits for it must not wait for ever.
    /// </summary>
    private void ConnectionFailed(PooledConnection connection)
    {
        if (connection.Ready is null)
            Failed(connection, TunnelFailed.Defect);
        else
            Lost(connection, new SshEnd(SshFailure.ConnectionLost, TunnelFailed.Defect.Message));
    }

    /// <param name="failure">Why it could not be made; <see cref="Failure.None"/> when it was there and is lost.</param>
    /// <param name="reason">The line.</param>
    private void RedialIfKept(Failure failure, string reason)
    {
        _redialFailed = failure != Failure.None;
        if (!Keeps || !_everConnected || _connections.Count > 0)
            return; // Also the first connection: who asked for it now knows.

        // A server that refuses us is not asked again and again: it may lock the account or the address.
        if (failure is Failure.HostKey or Failure.Authentication or Failure.Credential)
        {
            _logger.NotRedialling(_identity.ToString(), reason);
            return;
        }

        var wait = _backoff.Next();
        _logger.Redialling(_identity.ToString(), reason, wait.TotalSeconds);
        var self = Self;
        StopRedial();
        _redial = _services.Time.CreateTimer(_ => self.Tell(RedialDue.Instance), null, wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// The least used connection to the control channel's address. Another one is made while there may be more, but not waited for: the
    /// next data channel has it.
    /// </summary>
    private void SpreadData(ISshTransport control)
    {
        _questions++;
        var own = _connections.Values.FirstOrDefault(connection => connection.Ready?.Transport == control);
        if (own is not { IsUsable: true })
        {
            Sender.Tell(new TunnelFailed(Failure.ConnectionLost, "The SSH connection was lost."));
            RetireIfEmpty();
            return;
        }

        if (own.Peer is null)
        {
            Sender.Tell(own.Ready!); // The way there chooses the address: another connection may end at another server.
            return;
        }

        // Room on its own is what the session has already.
        var chosen = LeastUsed(one => one == own || (own.Peer.Equals(one.Peer) && HasRoom(one, 1)))!;
        if (chosen.Channels > 0 && _connections.Values.Count(one => own.Peer.Equals(one.Peer)) < Options.ConnectionsPerIdentity)
            Dial(own.Peer);
        if (chosen != own)
            Begin(Sender, chosen, 1);
        Sender.Tell(chosen.Ready!);
    }

    private sealed record RedialDue
    {
        public static RedialDue Instance { get; } = new();
    }
}
