using System.Net;
using System.Net.Sockets;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Net;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Socks;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Sessions.Socks;

/// <summary>
/// A SOCKS client until it is known what becomes of it: it says what it wants, the rules decide, and a session takes it over, which
/// answers it when the outcome is known. What is refused here is answered here.
/// </summary>
internal sealed class SocksClientActor : ReceiveActor
{
    /// <summary>For all that the client says, and for a name to be resolved.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Clients that ask for BIND name the port of the control connection, or 20, or none.</summary>
    private const int FtpPort = 21;

    private readonly NewSocksClient _client;
    private readonly RuleSet _rules;
    private readonly Rendezvous _rendezvous;
    private readonly EngineServices _services;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopped = new();
    private SocksRequest? _request;
    private string? _user;
    private bool _isTaken;

    public SocksClientActor(NewSocksClient client, RuleSet rules, Rendezvous rendezvous, EngineServices services)
    {
        _client = client;
        _rules = rules;
        _rendezvous = rendezvous;
        _services = services;
        _logger = services.Loggers.CreateLogger("ActorTunnel.Sessions");

        Receive<Asked>(Act);
        Receive<HandshakeFailed>(failed =>
        {
            _logger.SocksHandshakeFailed(client.ClientEndPoint, failed.Reason);
            SessionAudit.Refused(services, SessionAudit.Describe(client), failed.Failure, failed.Reason);
            Context.Stop(Self);
        });
        Receive<Resolved>(Decide);
        Receive<EndWhenIdle>(_ => Refuse(Failure.Shutdown, "stopping"));
        Receive<EndNow>(end => Refuse(end.Failure, "stopping"));
    }

    private Rendezvous.Party Party => new(_client.ClientEndPoint.Address, _user);

    private SocksOrigin Origin => new(_rendezvous, Party, _request!.Host!);

    private SocksReception Reception => new(_request!.Version);

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
            return new HandshakeFailed(failed.Failure, failed.Message);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            return timer.IsCancellationRequested
                ? new HandshakeFailed(Failure.Timeout, $"nothing came that was whole within {_patience.TotalSeconds} s")
                : new HandshakeFailed(Failure.PeerClosed, "the connection broke");
        }
    }

    private void Act(Asked asked)
    {
        (_request, _user) = (asked.Request, asked.User);
        switch (_request)
        {
            case { Refusal: { } code }:
                Refuse(Failure.Protocol, code, "it is no request that can be served");
                break;
            // A data connection of an FTP session of this client: the rules were asked for that one.
            case { Command: SocksCommand.Connect } when _rendezvous.Find(Party, _request.Host!, _request.Port) is { } data:
                GiveTo(data, new SecondConnect(_client.Client, Reception));
                break;
            default:
                Decide(new Resolved(null));
                break;
        }
    }

    private void Decide(Resolved resolved)
    {
        var host = _request!.Host!;
        var decision = Ask(_request.Port, resolved);
        if (_request.Command == SocksCommand.Bind && decision is not ({ Action: FilterAction.FtpTunnel } or null))
            decision = Ask(FtpPort, resolved);
        switch (decision)
        {
            case null:
                RuleNames.ResolveAsync(host, _patience, _services.Time, _stopped.Token)
                    .PipeTo(Self, success: addresses => new Resolved(addresses));
                break;
            case { Action: FilterAction.FtpTunnel } when _request.Command == SocksCommand.Bind:
                Become(new NewSocksBind(_client.Client, _request, _rendezvous, Party));
                break;
            case not { Action: FilterAction.Block } when _request.Command == SocksCommand.Bind:
                Refuse(Failure.Policy, "BIND is for FTP through SSH: its rule has another action");
                break;
            case { Action: FilterAction.Block }:
                Refuse(Failure.Policy, decision.Refusal ?? "it is blocked", decision.Rule?.Name);
                break;
            case { Action: FilterAction.FtpTunnel, Rule.UserFromApplication: true }:
                Become(new NewLoginSession(_client.Client, _client.Options.Name!)
                {
                    Decision = decision,
                    SocksUser = _user,
                    Socks = Origin,
                    Reception = Reception,
                });
                break;
            default:
                var target = SessionTarget.Of(_client.Options.Name!, decision, _user) with { Socks = Origin };
                Become(new NewSession(_client.Client, target) { Reception = Reception });
                break;
        }
    }

    private Decision? Ask(int port, Resolved resolved) => _rules.Decide(
        new ConnectionRequest(_request!.Host!, port, _client.ClientEndPoint.Address)
        {
            SocksUser = _user,
            Addresses = resolved.Addresses,
        });

    private void Become(object session) => GiveTo(Context.Parent, session);

    private void GiveTo(IActorRef other, object client)
    {
        _isTaken = true;
        other.Tell(client);
        Context.Stop(Self);
    }

    private void Refuse(Failure failure, string reason, string? rule = null) =>
        Refuse(failure, (Socks5ReplyCode)failure.SocksCode(), reason, rule);

    private void Refuse(Failure failure, Socks5ReplyCode code, string reason, string? rule = null)
    {
        if (_request is not null && !_isTaken)
        {
            var client = SessionAudit.NameOf(_client.ClientEndPoint, _user);
            _logger.SocksRefused(client, _request.Command, _request.Host, _request.Port, reason);
            var who = SessionAudit.Describe(_client) with { SocksUser = _user, Rule = rule, Target = $"{_request.Host}:{_request.Port}" };
            SessionAudit.Refused(_services, who, failure, reason);
            TcpSocket.TrySay(_client.Client, SocksReply.Of(_request.Version, code));
        }

        Context.Stop(Self);
    }

    private sealed record Asked(SocksRequest Request, string? User);

    private sealed record HandshakeFailed(Failure Failure, string Reason);

    private sealed record Resolved(IReadOnlyList<IPAddress>? Addresses);
}
