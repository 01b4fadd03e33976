using System.Diagnostics.CodeAnalysis;

namespace ActorTunnel.Actors;

/// <summary>
/// Marks messages that often come too late by their nature: lost ones are published as <see cref="SuppressedDeadLetter"/>.
/// </summary>
[SuppressMessage(
    "Design", "CA1040:Avoid empty interfaces", Justification = "A mark that messages carry; the name and shape are Akka.NET's.")]
public interface IDeadLetterSuppression;
