using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>Writes the failures of actors, which the actor library publishes, to the log.</summary>
internal sealed class FailureLog : ReceiveActor
{
    private readonly ILogger _logger;

    public FailureLog(EngineServices services)
    {
        _logger = services.Loggers.CreateLogger("ActorTunnel.Actors");
        Receive<Error>(error => _logger.ActorFailed(error.Cause, error.LogSource, error.Message));
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(Error));
}
