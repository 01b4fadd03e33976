using System.Text;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>What never reaches the server, however it is written.</summary>
public class CommandPolicyTests
{
    private static readonly FtpRestrictions _none = new();
    private static readonly FtpRestrictions _readOnly = new() { ReadOnly = true };

    [Theory]
    [InlineData("STOR f")]
    [InlineData("STOU")]
    [InlineData("APPE f")]
    [InlineData("DELE f")]
    [InlineData("RMD d")]
    [InlineData("XRMD d")]
    [InlineData("RMDA d")]
    [InlineData("MKD d")]
    [InlineData("XMKD d")]
    [InlineData("RNFR f")]
    [InlineData("RNTO g")]
    [InlineData("MFMT 20200101000000 f")]
    [InlineData("MFCT 20200101000000 f")]
    [InlineData("MFF Modify=20200101000000; f")]
    [InlineData("MDTM 20200101000000 f")]
    [InlineData("MDTM 20200101000000.123+0100 f")]
    [InlineData("MDTM 20200101 f")] // vsftpd
    [InlineData("MDTM 2020x1x1 f")] // vsftpd
    [InlineData("COMB all part1 part2")]
    [InlineData("SITE CHMOD 777 f")]
    [InlineData("SITE UTIME f")]
    [InlineData("SITE")]
    [InlineData("SITE \"HELP\"")]
    [InlineData("SITE HELPER")]
    [InlineData("site\tcpto f")]
    public void Read_only_refuses_what_changes_files(string line) => Assert.Equal(550, Of(_readOnly, line));

    [Theory]
    [InlineData("RETR f")]
    [InlineData("LIST")]
    [InlineData("MLSD")]
    [InlineData("SIZE f")]
    [InlineData("MDTM f")]
    [InlineData("MDTM 2020 f")]
    [InlineData("MDTM 20200101120000.csv")]
    [InlineData("MDTM report of 20200101")]
    [InlineData("XSHA256 f")]
    [InlineData("CWD d")]
    [InlineData("REST 5")]
    [InlineData("ALLO 100")]
    [InlineData("SITE HELP")]
    [InlineData("SITE  help chmod")]
    [InlineData("OPTS UTF8 ON")]
    [InlineData("XCRC f")]
    [InlineData("ABOR")]
    public void Read_only_lets_pass_what_reads(string line) => Assert.Null(Of(_readOnly, line));

    [Theory]
    [InlineData("XDELE f")]
    [InlineData("NOOPxmkd d")] // BusyBox keeps the last four letters
    [InlineData("XPORT 10,0,0,1,4,1")]
    [InlineData("XAUTH TLS")]
    public void A_longer_word_is_no_way_to_say_a_shorter_one(string line) => Assert.Equal(500, Of(_readOnly, line));

    [Theory]
    [InlineData("DELE", "DELE f", 550)]
    [InlineData("XMKD", "MKD d", 550)]
    [InlineData("MKD", "XMKD d", 550)]
    [InlineData("SITE CHMOD", "SITE CHMOD 777 f", 550)]
    [InlineData("SITE CHMOD", "SITE   chmod 777 f", 550)]
    [InlineData("SITE CHMOD", "SITE\tCHMOD 777 f", 550)]
    [InlineData("SITE CHMOD", "SITE \tCHMOD\t777 f", 550)]
    [InlineData("SITE CHMOD", "SITE \"CHMOD\" 777 f", 550)]
    [InlineData("SITE", "SITE HELP", 550)]
    [InlineData("SITE XMKD", "SITE XMKD d", 550)]
    [InlineData("MLSD", "MLSD", 502)]
    [InlineData("RETR", "retr f", 502)]
    [InlineData("CWD", "XCWD d", 502)]
    [InlineData("PASV", "P@SW", 502)]
    [InlineData("OPTS UTF8", "OPTS utf8 on", 502)]
    public void A_denied_command_is_refused_by_each_of_its_names(string denied, string line, int code) =>
        Assert.Equal(code, Of(Denying(denied), line));

    [Theory]
    [InlineData("DELE", "DELETE f")]
    [InlineData("DELE", "NOOP DELE")]
    [InlineData("SITE CHMOD", "SITE UMASK")]
    [InlineData("SITE CHMOD", "OPTS CHMOD")]
    [InlineData("OPTS UTF8", "OPTS MLST size;")]
    [InlineData("MKD", "XYZZY")]
    public void What_only_looks_like_a_denied_command_passes(string denied, string line) => Assert.Null(Of(Denying(denied), line));

    // What some server takes for DELE, and a careless reader does not.
    [Theory]
    [InlineData("dele f")]
    [InlineData("   DELE f")]
    [InlineData("\u00ff\u00f4\u00ff\u00f2DELE f")]
    [InlineData("\u00ff\u00fd\u0006DELE f")]
    [InlineData("DE\u00ff\u00f4LE f")]
    [InlineData("DE\u00ff\u00fd\u0006LE f")]
    [InlineData("DELE\u00ff\u00f2 f")]
    [InlineData("\"DELE\" f")]
    [InlineData("\"DE\\LE\" f")]
    [InlineData("DELE\tf")]
    [InlineData("DELE\vf")]
    [InlineData("DELE\ff")]
    [InlineData("DELE\0f")]
    [InlineData("DELE\r f")]
    [InlineData("\tDELE f")]
    [InlineData("\0DELE f")]
    [InlineData("\rDELE f")]
    [InlineData("DEL\u0045\u0300 f")]
    [InlineData("NOOP\rDELE f")]
    [InlineData("NOOP \rDELE f")]
    [InlineData("NOOP\0DELE f")]
    [InlineData("NOOP x\r\0DELE f")]
    [InlineData("DELE")]
    [InlineData("DELE\r")]
    public void There_is_no_other_way_to_write_it(string line) => Assert.NotNull(Of(Denying("DELE"), line));

    [Fact]
    public void A_letter_that_becomes_another_in_capitals_is_no_letter() => Assert.Equal(
        500, Policy(Denying("STOR")).Refusal(FtpCommand.Parse(Encoding.UTF8.GetBytes("\u017fTOR f\r\n")))?.Code);

    // As servers read: Telnet out (ProFTPD), blanks skipped, quotes gone, the word up to a blank or a line break, in capitals.
    [Fact]
    public void Whatever_stands_around_the_letters_DELE_never_reaches_a_server()
    {
        byte[][] parts =
        [
            "D"u8.ToArray(), "E"u8.ToArray(), "L"u8.ToArray(), "e"u8.ToArray(), "DELE"u8.ToArray(), " "u8.ToArray(), "\t"u8.ToArray(), [0],
            "\r"u8.ToArray(), "\v"u8.ToArray(), "\""u8.ToArray(), [255, 244], [255, 253, 1], [255, 255], "x"u8.ToArray(),
        ];
        Prop.ForAll(Gen.Elements(parts).ArrayOf().ToArbitrary(), pieces =>
        {
            byte[] line = [.. pieces.SelectMany(piece => piece), .. "\r\n"u8];
            return Policy(Denying("DELE")).Refusal(FtpCommand.Parse([.. line])) is not null || !MaySomeServerReadDele(line);
        }).Check(Seeded.Cases.WithMaxTest(2000));
    }

    [Theory]
    [InlineData("LPRT 4,4,127,0,0,1,2,4,0", 502)]
    [InlineData("LPSV", 502)]
    [InlineData("spsv", 502)]
    [InlineData("CPSV", 502)]
    [InlineData("SSCN ON", 502)]
    [InlineData("ESTA 1", 502)]
    [InlineData("ESTP", 502)]
    public void Other_set_up_commands_are_not_for_a_tunnel(string line, int code) => Assert.Equal(code, Of(_none, line));

    [Fact]
    public void C12_with_FXP_allowed_its_commands_pass_but_not_those_that_cannot_be_rewritten()
    {
        var fxp = new FtpRestrictions { AllowFxp = true };
        Assert.All(["CPSV", "SSCN ON", "ESTA 1", "ESTP"], line => Assert.Null(Of(fxp, line)));
        Assert.All(["LPRT 4", "LPSV", "SPSV"], line => Assert.Equal(502, Of(fxp, line)));
    }

    [Theory]
    [InlineData("AUTH TLS", 534)]
    [InlineData("AUTH SSL", 534)]
    [InlineData("PBSZ 0", 503)]
    [InlineData("PROT P", 503)]
    [InlineData("CCC", 503)]
    [InlineData("ADAT x", 503)]
    public void C18_without_AUTH_nothing_that_belongs_to_it_is_for_the_server(string line, int code)
    {
        Assert.Equal(code, Of(_none, line));
        Assert.Null(Policy(_none, passesAuth: true).Refusal(Command(line)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("XCRC f")]
    [InlineData("DELE f")]
    [InlineData("RETR a\rb")]
    [InlineData("SITE \u00ff\u00ff")]
    public void Without_restrictions_all_else_passes(string line) => Assert.Null(Of(_none, line));

    [Theory]
    [InlineData("", "EPSV MLST SIZE SITE MFMT REST", "LPSV LPRT SPSV CPSV SSCN AUTH PBSZ PROT CCC")]
    [InlineData("DELE,MLST,SITE CHMOD", "EPSV SITE", "MLST DELE")]
    public void FEAT_names_what_passes(string denied, string named, string struck)
    {
        var policy = Policy(Denying(denied.Split(',', StringSplitOptions.RemoveEmptyEntries)));
        Assert.DoesNotContain(named.Split(' '), policy.IsRefused);
        Assert.All(struck.Split(' '), name => Assert.True(policy.IsRefused(name), name));
    }

    [Fact]
    public void FEAT_of_a_read_only_session_names_nothing_that_changes_files()
    {
        Assert.All(["MFMT", "MFF", "SITE", "COMB"], name => Assert.True(Policy(_readOnly).IsRefused(name), name));
        Assert.DoesNotContain(["MDTM", "SIZE", "MLST", "REST"], Policy(_readOnly).IsRefused);
    }

    [Fact]
    public void FEAT_names_AUTH_where_it_passes() => Assert.False(Policy(_none, passesAuth: true).IsRefused("AUTH"));

    private static bool MaySomeServerReadDele(byte[] line)
    {
        var text = Encoding.Latin1.GetString(line).Replace("\u00ff\u00f4", "", StringComparison.Ordinal)
            .Replace("\u00ff\u00fd\u0001", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        return text.Split('\r', '\n', '\0')
            .Any(part => part.TrimStart().Split(' ', '\t', '\v')[0].Equals("DELE", StringComparison.OrdinalIgnoreCase));
    }

    private static FtpRestrictions Denying(params string[] commands) => new() { DeniedCommands = commands.ToHashSet() };

    private static CommandPolicy Policy(FtpRestrictions restrictions, bool passesAuth = false) => new(restrictions, passesAuth);

    private static int? Of(FtpRestrictions restrictions, string line) => Policy(restrictions).Refusal(Command(line))?.Code;

    private static FtpCommand Command(string line) => FtpCommand.Parse(Encoding.Latin1.GetBytes($"{line}\r\n"));
}
