using System.Text.RegularExpressions;

namespace ActorTunnel.FunctionalTests.Fixtures;

/// <summary>
/// Compares the two servers' logs: each data port that the FTP server names must be one that sshd connected to or listened on.
/// </summary>
internal static partial class DataPeers
{
    /// <summary>Ports of 227 and 229 replies, PORT and EPRT commands in vsftpd's log.</summary>
    public static IReadOnlySet<int> NamedByFtpServer(IEnumerable<string> log) =>
        log.Select(line => ByNumbers().Match(line) is { Success: true } numbers
                ? (256 * int.Parse(numbers.Groups[1].ValueSpan)) + int.Parse(numbers.Groups[2].ValueSpan)
                : ByDelimiters().Match(line) is { Success: true } port ? int.Parse(port.Groups[1].ValueSpan) : 0)
            .Where(port => port != 0)
            .ToHashSet();

    /// <summary>Ports that sshd opened a direct-tcpip channel to, or listened on for a remote forwarding.</summary>
    public static IReadOnlySet<int> CarriedBySshd(IEnumerable<string> log) =>
        log.Select(line => Forwarded().Match(line))
            .Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].ValueSpan))
            .ToHashSet();

    [GeneratedRegex(@"""(?:227 |PORT ).*?\d+,\d+,\d+,\d+,(\d+),(\d+)")]
    private static partial Regex ByNumbers();

    [GeneratedRegex(@"""(?:229 |EPRT ).*\|(\d+)\|")]
    private static partial Regex ByDelimiters();

    [GeneratedRegex(@"(?:target .* port |Allocated listen port )(\d+)")]
    private static partial Regex Forwarded();
}
