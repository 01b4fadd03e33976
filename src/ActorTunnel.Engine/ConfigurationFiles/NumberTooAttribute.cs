namespace ActorTunnel.Engine.ConfigurationFiles;

/// <summary>Text that people also write as a number, without quotes: a port, a time in seconds.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NumberTooAttribute : Attribute;
