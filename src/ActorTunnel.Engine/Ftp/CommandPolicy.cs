using System.Collections.Frozen;
using System.Text;
using ActorTunnel.Engine.Configuration;

namespace ActorTunnel.Engine.Ftp;

/// <summary>
/// Which commands never reach the server, and what is answered instead. It goes by the word on the wire: a command that a server knows and
/// this program does not passes, unless it is named.
/// </summary>
/// <remarks>
/// Whoever is refused DELE will look for another way to write it, which the server reads as DELE and this does not. There is no end of such
/// ways, but one answer to all of them: a command is a plain word, or it is none (<see cref="FtpVerb.Garbled"/>); and where something is
/// refused, a line has no line breaks inside.
/// </remarks>
internal sealed class CommandPolicy
{
    /// <summary>Older names (RFC 775) and one that was made to slip past devices which rewrite PASV (Pure-FTPd).</summary>
    private static readonly FrozenDictionary<string, string> _otherNames = new Dictionary<string, string>
    {
        ["XCUP"] = "CDUP",
        ["XCWD"] = "CWD",
        ["XMKD"] = "MKD",
        ["XPWD"] = "PWD",
        ["XRMD"] = "RMD",
        ["P@SW"] = "PASV",
    }.ToFrozenDictionary();

    /// <summary>
    /// RFC 959, section 4.1.3; COMB, MFMT, MFCT and MFF: draft-bryan-ftp-range, draft-somers-ftp-mfxx; RMDA: a directory with all that is
    /// in it. ALLO changes nothing.
    /// </summary>
    private static readonly FrozenSet<string> _changing = new[]
    {
        "STOR", "STOU", "APPE", "DELE", "RMD", "RMDA", "MKD", "RNFR", "RNTO", "MFMT", "MFCT", "MFF", "COMB",
    }.ToFrozenSet();

    /// <summary>From server to server: RFC 4217 leaves it out, servers practise it.</summary>
    private static readonly FrozenSet<string> _fxp = new[] { "CPSV", "SSCN", "ESTA", "ESTP" }.ToFrozenSet();

    /// <summary>Set up data connections in a form that is not rewritten here: RFC 1639; SPSV: older Pure-FTPd.</summary>
    private static readonly FrozenSet<string> _notForwarded = new[] { "LPRT", "LPSV", "SPSV" }.ToFrozenSet();

    /// <summary>RFC 2228 and RFC 4217: they mean something after AUTH only.</summary>
    private static readonly FrozenSet<string> _afterAuth =
        new[] { "ADAT", "PBSZ", "PROT", "CCC", "MIC", "CONF", "ENC" }.ToFrozenSet();

    private readonly bool _isReadOnly;
    private readonly bool _allowsFxp;
    private readonly bool _passesAuth;
    private readonly FrozenSet<string> _denied;

    /// <param name="restrictions">What clients may do.</param>
    /// <param name="passesAuth">AUTH goes to the server.</param>
    public CommandPolicy(FtpRestrictions restrictions, bool passesAuth)
    {
        _isReadOnly = restrictions.ReadOnly;
        _allowsFxp = restrictions.AllowFxp;
        _passesAuth = passesAuth;
        _denied = restrictions.DeniedCommands.Select(Canonical).ToFrozenSet();
    }

    /// <summary>What is answered in place of the server; null: the command goes to it.</summary>
    public FtpReply? Refusal(FtpCommand command)
    {
        if (command.Verb == FtpVerb.Garbled)
            return FtpReplies.GarbledVerb;
        var name = Canonical(InCapitals(command.Word));
        if (name.Length > FtpCommand.VerbLength && IsOfConcern(name[^FtpCommand.VerbLength..]))
            return FtpReplies.GarbledVerb;
        if ((_isReadOnly || _denied.Count > 0) && command.HasLineBreak)
            return FtpReplies.LineBreakWithin;
        var isDenied = IsDenied(name, command.Argument, out var second);
        if (name == "AUTH" && !_passesAuth)
            return FtpReplies.NoTls;
        if (_afterAuth.Contains(name) && !_passesAuth)
            return FtpReplies.NoTlsToSetUp;
        if (_notForwarded.Contains(name) || (_fxp.Contains(name) && !_allowsFxp))
            return FtpReplies.NotThroughTunnel;
        if (_isReadOnly && Changes(name, command.Argument, second))
            return FtpReplies.ReadOnly;
        return !isDenied ? null : _changing.Contains(name) || name == "SITE" ? FtpReplies.Denied : FtpReplies.NotAvailable;
    }

    /// <summary>Whether a command, by its name in capitals, is refused with every argument: then FEAT (RFC 2389) does not name it.</summary>
    public bool IsRefused(string name)
    {
        name = Canonical(name);
        return _denied.Contains(name)
            || (!_passesAuth && (name == "AUTH" || _afterAuth.Contains(name)))
            || _notForwarded.Contains(name)
            || (!_allowsFxp && _fxp.Contains(name))
            || (_isReadOnly && (_changing.Contains(name) || name == "SITE"));
    }

    /// <param name="name">Of the command.</param>
    /// <param name="argument">Its argument.</param>
    /// <param name="second">Of SITE and OPTS the first word of the argument; empty when it is no plain one.</param>
    private bool IsDenied(string name, ReadOnlySpan<byte> argument, out string second)
    {
        second = "";
        if (_denied.Contains(name))
            return true;
        if (name is not ("SITE" or "OPTS"))
            return false;
        argument = argument.TrimStart(" \t"u8);
        var end = argument.IndexOfAny(" \t"u8);
        var word = FtpCommand.Parse((end < 0 ? argument : argument[..end]).ToArray());
        if (word.Verb == FtpVerb.Garbled)
            return _denied.Any(denied => denied.StartsWith($"{name} ", StringComparison.Ordinal));
        second = InCapitals(word.Word);
        return _denied.Contains($"{name} {second}");
    }

    // Of a longer word some servers look at the last four letters only: BusyBox at any, pyftpdlib at some.
    private bool IsOfConcern(string letters) =>
        IsRefused(letters) || FtpCommand.Create(letters).Verb is not (FtpVerb.Other or FtpVerb.Garbled);

    // What SITE does is each server's own matter.
    private static bool Changes(string name, ReadOnlySpan<byte> argument, string second) => name switch
    {
        "SITE" => second != "HELP",
        "MDTM" => SetsTime(argument.Trim(" \t"u8)),
        _ => _changing.Contains(name),
    };

    /// <summary>
    /// MDTM with a time in front of the file's name sets it (older practice; RFC 3659, section 3 only reads). vsftpd takes a day for it,
    /// and of that only the first character must be a digit. A name alone is none: many files are named after the time they are of.
    /// </summary>
    private static bool SetsTime(ReadOnlySpan<byte> argument) =>
        argument.IndexOfAny(" \t"u8) >= "YYYYMMDD".Length && argument[0] is >= (byte)'0' and <= (byte)'9';

    private static string InCapitals(ReadOnlySpan<byte> word) => Encoding.ASCII.GetString(word).ToUpperInvariant();

    private static string Canonical(string name) => _otherNames.GetValueOrDefault(name, name);
}
