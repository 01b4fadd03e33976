using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Socks;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// A SOCKS client until it is known what becomes of it: it says what it wants, the rules decide, and a session takes it over, which
/// answers it when the outcome is known. What is refused here is answered here.
/// </summary>
internal sealed class SocksClientActor : ReceiveActor
{
    /// <summary>For all that the client says, and for a name to be resolved.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly NewSocksClient _client;
    private readonly RuleSet _rules;
    private readonly EngineServices _services;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private SocksRequest? _request;
    private string? _user;
    private bool _isTaken;

    public SocksClientActor(NewSocksClient client, RuleSet rules, EngineServices services)
    {
        _client = client;
        _rules = rules;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");

        Receive<Asked>(Act);
        Receive<HandshakeFailed>(failed =>
        {
            _logger.SocksHandshakeFailed(client.ClientEndPoint, failed.Reason);
            Context.Stop(Self);
        });
        Receive<Resolved>(Decide);
        Receive<EndWhenIdle>(_ => Refuse(Failure.Shutdown, "stopping"));
        Receive<EndNow>(end => Refuse(end.Failure, "stopping"));
    }

    protected override void PreStart() => HandshakeAsync().PipeTo(Self);

    protected override void PostStop()
    {
        _stopped.Cancel();
        if (!_isTaken)
            _client.Client.Dispose();
    }

    /// <returns><see cref="Asked"/> or <see cref="HandshakeFailed"/>.</returns>
    private async Task<object> HandshakeAsync()
    {
        using var timer = new CancellationTokenSource(_patience, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stopped.Token);
        try
        {
            using var stream = new NetworkStream(_client.Client, ownsSocket: false);
            var (request, user) = await new SocksHandshake(stream, _client.Options.Users).RunAsync(either.Token).ConfigureAwait(false);
            return new Asked(request, user);
        }
        catch (TunnelException failed)
        {
            return new HandshakeFailed(failed.Message);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            return new HandshakeFailed(timer.IsCancellationRequested
                ? $"nothing came that was whole within {_patience.TotalSeconds} s"
                : "the connection broke");
        }
    }

    private void Act(Asked asked)
    {
        (_request, _user) = (asked.Request, asked.User);
        switch (_request)
        {
            case { Refusal: { } code }:
                Refuse(code, "it is no request that can be served");
                break;
            // Reserved for the data connection of an FTP session: that is the FTP session's, and no rule decides.
            case { Command: SocksCommand.Bind }:
                Refuse(Socks5ReplyCode.CommandNotSupported, "BIND is not served");
                break;
            // A data connection of an FTP session of this client would be found here, before the rules.
            default:
                Decide(new Resolved(null));
                break;
        }
    }

    private void Decide(Resolved resolved)
    {
        var (host, port) = (_request!.Host!, _request.Port);
        var decision = _rules.Decide(new ConnectionRequest(host, port, _client.ClientEndPoint.Address)
        {
            SocksUser = _user,
            Addresses = resolved.Addresses,
        });
        switch (decision)
        {
            case null:
                ResolveAsync(host).PipeTo(Self);
                break;
            case { Action: FilterAction.Block }:
                Refuse(Failure.Policy, decision.Refusal ?? "it is blocked");
                break;
            case { Action: FilterAction.FtpTunnel, Rule.UserFromApplication: true }:
                Become(new NewLoginSession(_client.Client, _client.Options.Name!)
                {
                    Decision = decision,
                    SocksUser = _user,
                    Reception = new SocksReception(_request.Version),
                });
                break;
            default:
                Become(new NewSession(_client.Client, SessionTarget.Of(_client.Options.Name!, decision, _user))
                {
                    Reception = new SocksReception(_request.Version),
                });
                break;
        }
    }

    /// <summary>The addresses of a name, for a rule that asks for them; none when it has none here, or not in time.</summary>
    private async Task<Resolved> ResolveAsync(string host)
    {
        using var timer = new CancellationTokenSource(_patience, _services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stopped.Token);
        try
        {
            return new Resolved(await HostResolver.ResolveAsync(host, AddressFamily.Unspecified, either.Token).ConfigureAwait(false));
        }
        catch (Exception unknown) when (unknown is TunnelException or OperationCanceledException)
        {
            return new Resolved([]);
        }
    }

    private void Become(object session)
    {
        _isTaken = true;
        Context.Parent.Tell(session);
        Context.Stop(Self);
    }

    private void Refuse(Failure failure, string reason) => Refuse((Socks5ReplyCode)failure.SocksCode(), reason);

    private void Refuse(Socks5ReplyCode code, string reason)
    {
        if (_request is not null && !_isTaken)
        {
            _logger.SocksRefused(_client.ClientEndPoint, _request.Command, _request.Host, _request.Port, reason);
            TcpSocket.TrySay(_client.Client, SocksReply.Of(_request.Version, code));
        }

        Context.Stop(Self);
    }

    private sealed record Asked(SocksRequest Request, string? User);

    private sealed record HandshakeFailed(string Reason);

    private sealed record Resolved(IReadOnlyList<IPAddress>? Addresses);
}
