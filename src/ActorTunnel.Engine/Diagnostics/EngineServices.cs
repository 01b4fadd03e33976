using Microsoft.Extensions.Logging;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>What every actor of the engine may need besides its own matter.</summary>
internal sealed record EngineServices(ILoggerFactory Loggers, TimeProvider Time);
