using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>
/// Writes to the log what the actor library publishes about defects: failures of actors, and messages that their receiver has no handler
/// for (an unexpected failure of a piped task is one, and whoever waits for its outcome waits for ever).
/// </summary>
internal sealed class FailureLog : ReceiveActor
{
    private readonly ILogger _logger;

    public FailureLog(EngineServices services)
    {
        _logger = services.Loggers.CreateLogger("ActorTunnel.Actors");
        Receive<Error>(error => _logger.ActorFailed(error.Cause, error.LogSource, error.Message));
        // By its type: what is in a message may be a secret.
        Receive<UnhandledMessage>(unhandled => _logger.MessageUnhandled(
            (unhandled.Message as Status.Failure)?.Cause, unhandled.Recipient, unhandled.Message.GetType().Name));
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Error));
        Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));
    }
}
