using System.Text;

namespace ActorTunnel.Engine.Diagnostics;

/// <summary>Standard output, or what an embedder takes for it.</summary>
internal sealed class AuditConsole(TextWriter console) : AuditTarget("the console")
{
    public override void Write(ReadOnlySpan<byte> lines)
    {
        console.Write(Encoding.UTF8.GetString(lines));
        console.Flush();
    }
}
