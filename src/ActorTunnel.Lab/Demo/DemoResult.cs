namespace ActorTunnel.Lab.Demo;

/// <summary>How a step went. <paramref name="Problem"/> is null when both sides have the same bytes.</summary>
internal sealed record DemoResult(DemoStep Step, TimeSpan Duration, string? Problem)
{
    /// <summary>Everything came through unchanged.</summary>
    public bool IsGood => Problem is null;

    /// <summary>Bytes per second; 0 for a step that moves no file.</summary>
    public double Rate => Duration > TimeSpan.Zero ? Step.Size / Duration.TotalSeconds : 0;
}
