namespace ActorTunnel.Lab.Ftp;

/// <summary>The data connection could not be made, broke, or stood still: what came over it is not a whole file.</summary>
internal sealed class DataConnectionException(string message, Exception inner) : IOException(message, inner);
