namespace ActorTunnel.Lab.Demo;

/// <summary>Hears of the demo while it works: one step at a time, on any thread.</summary>
internal interface IDemoObserver
{
    /// <summary>A step begins.</summary>
    void Started(DemoStep step);

    /// <summary>So many bytes of the step's file went through so far.</summary>
    void Progressed(DemoStep step, long bytes);

    /// <summary>The step is over.</summary>
    void Ended(DemoResult result);
}
