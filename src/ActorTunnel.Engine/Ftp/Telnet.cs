using System.Buffers;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// The Telnet of a control connection (RFC 959, section 4.1.3; RFC 854), as far as it cannot be part of a file name: at the front of a
/// line. IAC IP and IAC DM stay where they are, for servers look for them before ABOR and STAT. Options are refused here and not passed on
/// (RFC 1123, section 4.1.2.12; RFC 6384, section 11): what one side would agree to, the other has not seen. Elsewhere 255 is a letter of a
/// name, doubled or not, and goes on as it came.
/// </summary>
internal static class Telnet
{
    private const byte Will = 251;
    private const byte Wont = 252;
    private const byte Do = 253;
    private const byte Dont = 254;
    private const byte Iac = 255;
    private const int NegotiationLength = 3;

    /// <summary>
    /// The length of what begins with IAC at the front of a line: a command (240..250), or a negotiation (251..254) and its option.
    /// </summary>
    public static int CommandLength(ReadOnlySpan<byte> line) => line switch
    {
        [Iac, >= 240 and <= 250, ..] => 2,
        [Iac, >= Will and <= Dont, _, ..] => NegotiationLength,
        _ => 0,
    };

    /// <summary>Takes a negotiation from the front of a line.</summary>
    /// <param name="line">It loses the negotiation.</param>
    /// <param name="answer">WONT or DONT; empty when there is nothing to refuse, and so no end of answers to answers.</param>
    public static bool TryTakeNegotiation(ref ReadOnlySequence<byte> line, out byte[] answer)
    {
        answer = [];
        if (line.Length < NegotiationLength)
            return false;
        Span<byte> front = stackalloc byte[NegotiationLength];
        line.Slice(0, NegotiationLength).CopyTo(front);
        if (front is not [Iac, >= Will and <= Dont and var wish, var option])
            return false;
        line = line.Slice(NegotiationLength);
        answer = wish switch
        {
            Will => [Iac, Dont, option],
            Do => [Iac, Wont, option],
            _ => [],
        };
        return true;
    }
}
