using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Diagnostics;
using ActorTunnel.Engine.Entries;
using ActorTunnel.Engine.Rules;
using ActorTunnel.Engine.Sessions;
using ActorTunnel.Engine.Tunnels;
using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine;

/// <summary>Carries FTP sessions and plain connections through SSH. Members may be called from any thread.</summary>
public sealed class TunnelEngine : IAsyncDisposable
{
    /// <summary>After the grace is over: for servers to hear that what was in progress is broken.</summary>
    public static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    private readonly EngineServices _services;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ActorSystem _system;
    private readonly IActorRef _engine;

    /// <summary>Creates an engine. Nothing is connected yet.</summary>
    /// <param name="loggers">For logs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="admission">What an SSH server is asked to bear.</param>
    /// <param name="audit">Told of sessions and transfers; null: nobody is.</param>
    /// <exception cref="TunnelException">An option has a value that is not possible.</exception>
    public TunnelEngine(ILoggerFactory loggers, TimeProvider time, AdmissionOptions? admission = null, IAuditSink? audit = null)
    {
        admission ??= new AdmissionOptions();
        if (admission.Problem is { } problem)
            throw new TunnelException(Failure.Configuration, problem);
        var services = new EngineServices(loggers, time) { AuditSink = audit, Stopping = _stopping.Token };
        _services = services;
        _system = ActorSystem.Create("actortunnel");
        _system.ActorOf(Props.Create(() => new FailureLog(services)), "failure-log");
        _system.ActorOf(Props.Create(() => new DeadLetterOffice()), "dead-letters");
        _engine = _system.ActorOf(Props.Create(() => new EngineActor(services, admission)), "engine");
    }

    /// <summary>Makes the SSH connection, so that a wrong host, key or password shows at once. Does nothing when it is there.</summary>
    /// <exception cref="TunnelException">It cannot be made, or an option of the profile has a value that is not possible.</exception>
    public async Task ConnectAsync(TunnelProfile profile, CancellationToken cancellationToken)
    {
        CheckPool(profile);
        await AskAsync(new GetTunnel(profile), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the listeners of a forward and returns where they listen.</summary>
    /// <exception cref="TunnelException">An address cannot be bound, or an option of the profile has a value that is not possible.</exception>
    public async Task<IReadOnlyList<IPEndPoint>> ForwardAsync(
        ForwardOptions forward, TunnelProfile profile, CancellationToken cancellationToken)
    {
        CheckPool(profile);
        var answer = await AskAsync(new EntriesActor.Add(forward, profile), cancellationToken).ConfigureAwait(false);
        return ((ListeningEntryActor.Listening)answer).EndPoints;
    }

    /// <summary>
    /// Asks the SSH server to listen, and returns the port that it listens on. The listener is asked for again whenever the SSH connection
    /// has been made anew, on the same port.
    /// </summary>
    /// <exception cref="TunnelException">
    /// There is no SSH connection, the server refuses, or an option of the profile has a value that is not possible.
    /// </exception>
    public async Task<int> ForwardRemoteAsync(RemoteForwardOptions forward, TunnelProfile profile, CancellationToken cancellationToken)
    {
        CheckPool(profile);
        var answer = await AskAsync(new EntriesActor.AddRemote(forward, profile), cancellationToken).ConfigureAwait(false);
        return ((RemoteEntryActor.ForwardedRemotely)answer).Port;
    }

    /// <summary>
    /// Opens a SOCKS proxy and returns where it listens. Until there are rules (<see cref="Apply"/>) it refuses every connection.
    /// </summary>
    /// <exception cref="TunnelException">An address cannot be bound, or an option has a value that is not possible.</exception>
    public Task<IReadOnlyList<IPEndPoint>> OpenSocksAsync(SocksOptions socks, CancellationToken cancellationToken) =>
        OpenProxyAsync(socks, new EntriesActor.AddSocks(socks), cancellationToken);

    /// <summary>
    /// Opens an FTP proxy and returns where it listens. Until there are rules (<see cref="Apply"/>) it refuses every login.
    /// </summary>
    /// <exception cref="TunnelException">An address cannot be bound, or an option has a value that is not possible.</exception>
    public Task<IReadOnlyList<IPEndPoint>> OpenFtpProxyAsync(FtpProxyOptions proxy, CancellationToken cancellationToken) =>
        OpenProxyAsync(proxy, new EntriesActor.AddFtpProxy(proxy), cancellationToken);

    /// <summary>
    /// Closes the listeners of the entry of this name: nobody else comes in by it, and its addresses are free. Sessions go on.
    /// </summary>
    /// <returns>False: there is no entry of that name.</returns>
    public async Task<bool> CloseEntryAsync(string name, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(new EntriesActor.CloseOne(name), cancellationToken).ConfigureAwait(false);
        return ((EntriesActor.EntryClosed)answer).WasThere;
    }

    /// <summary>These rules hold for connections that are asked for from now on; those that are there go on.</summary>
    public void Apply(RuleSet rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _engine.Tell(new ApplyRules(rules));
    }

    /// <summary>The sessions at this moment.</summary>
    public async Task<IReadOnlyList<SessionInfo>> GetSessionsAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(DirectoryActor.GetSessions.Instance, cancellationToken).ConfigureAwait(false);
        return ((DirectoryActor.Sessions)answer).All;
    }

    /// <summary>
    /// Stops accepting, lets transfers in progress finish for at most <paramref name="grace"/>, then ends them as broken and closes
    /// everything.
    /// </summary>
    public async Task StopAsync(TimeSpan grace)
    {
        _engine.Tell(EntriesActor.CloseAll.Instance);
        if (!await EndSessionsAsync(EndWhenIdle.Instance, grace).ConfigureAwait(false))
            await EndSessionsAsync(new EndNow(Failure.Shutdown), FarewellTime).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Stops without grace: whatever is in progress is broken.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _system.Terminate().ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<IPEndPoint>> OpenProxyAsync(ProxyEntryOptions options, object add, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problem is { } problem)
            throw new TunnelException(Failure.Configuration, problem);
        return ((ListeningEntryActor.Listening)await AskAsync(add, cancellationToken).ConfigureAwait(false)).EndPoints;
    }

    private static void CheckPool(TunnelProfile profile)
    {
        for (var hop = profile; hop is not null; hop = hop.Via)
        {
            if (hop.Pool.Problem is { } problem)
                throw new TunnelException(Failure.Configuration, problem);
        }
    }

    private async Task<bool> EndSessionsAsync(object how, TimeSpan limit)
    {
        try
        {
            await _engine.Ask<SessionsEnded>(how, Timeout.InfiniteTimeSpan).WaitAsync(limit, _services.Time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<object> AskAsync(object question, CancellationToken cancellationToken) =>
        await _engine.Ask<object>(question, cancellationToken).ConfigureAwait(false) switch
        {
            TunnelFailed failed => throw new TunnelException(failed.Failure, failed.Message),
            var answer => answer,
        };
}
