namespace ActorTunnel.Engine.Diagnostics;

/// <summary>A message whose sender waits for an answer, whatever becomes of the actor that it is for.</summary>
internal interface IQuestion
{
    /// <summary>The answer when nobody else gives one.</summary>
    object Unanswered { get; }
}
