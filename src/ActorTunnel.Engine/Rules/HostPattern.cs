using System.IO.Enumeration;

namespace ActorTunnel.Engine.Rules;

/// <summary>
/// A destination as a rule names it: a name or an address, or with <c>*</c> for any letters and <c>?</c> for one. It is compared with the
/// canonical form of what a client asks for, addresses in text among it.
/// </summary>
public sealed class HostPattern
{
    private HostPattern(string text, bool isExact) => (Text, IsExact) = (text, isExact);

    /// <summary>In canonical form.</summary>
    public string Text { get; }

    /// <summary>It stands for one host only.</summary>
    public bool IsExact { get; }

    /// <exception cref="FormatException">With one line that says what to write.</exception>
    public static HostPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var wildcards = text.AsSpan().ContainsAny('*', '?');
        if (!wildcards)
        {
            return CanonicalHost.Parse(text) is { } host
                ? new HostPattern(host.Text, isExact: true)
                : throw new FormatException("it is no host name and no address");
        }

        var labels = (text.EndsWith('.') ? text[..^1] : text).ToLowerInvariant().Split('.').Select(LabelOf).ToList();
        return labels.Contains(null)
            ? throw new FormatException("it is no pattern of host names; * and ? stand for letters, and a label that has them is ASCII")
            : new HostPattern(string.Join('.', labels), isExact: false);
    }

    /// <summary>Whether it stands for this host. An address without a zone stands for it in every zone.</summary>
    public bool Matches(CanonicalHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return IsExact
            ? Text == host.Text || Text == host.Address?.ToString()
            : FileSystemName.MatchesSimpleExpression(Text, host.Text, ignoreCase: false);
    }

    /// <summary>As it is compared.</summary>
    public override string ToString() => Text;

    // Addresses are compared too, so that 2001:db8::* is a pattern.
    private static string? LabelOf(string label)
    {
        if (!label.AsSpan().ContainsAny('*', '?', ':'))
            return label.Contains('.', StringComparison.Ordinal) ? null : CanonicalHost.NameOf(label);
        return label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '*' or '?' or ':' or '%') ? label : null;
    }
}
