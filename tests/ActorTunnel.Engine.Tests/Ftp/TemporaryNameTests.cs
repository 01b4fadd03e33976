using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

/// <summary>The name of an upload that is not complete: in the same directory, hidden, with another end, and never seen before.</summary>
public sealed class TemporaryNameTests
{
    private const string Mark = "3fa9c2d1";

    [Theory]
    [InlineData("orders.csv", ".orders.csv.3fa9c2d1.part")]
    [InlineData("in/today/orders.csv", "in/today/.orders.csv.3fa9c2d1.part")]
    [InlineData("/orders.csv", "/.orders.csv.3fa9c2d1.part")]
    [InlineData(@"in\orders.csv", @"in\.orders.csv.3fa9c2d1.part")] // Windows; elsewhere a file of the same directory, too.
    [InlineData(@"orders\", @".orders\.3fa9c2d1.part")]
    [InlineData(@"a/b\c", @"a/b\.c.3fa9c2d1.part")]
    [InlineData(@"a\b/c", @"a\b/.c.3fa9c2d1.part")]
    [InlineData(".hidden", "..hidden.3fa9c2d1.part")]
    [InlineData(" two spaces ", ". two spaces .3fa9c2d1.part")]
    [InlineData("\u00FF\u00FF", ".\u00FF\u00FF.3fa9c2d1.part")] // IAC IAC: Telnet's letter 255 stays one.
    public void It_stands_beside_the_final_one(string final, string temporary)
    {
        var name = TemporaryName.For(Bytes.Of(final), Mark)!;

        Assert.Equal(temporary, Bytes.Text(name.Path));
        Assert.Equal(final, Bytes.Text(name.Final));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("in/")]
    [InlineData("a\0b")]
    public void What_names_no_file_has_none(string argument) => Assert.Null(TemporaryName.For(Bytes.Of(argument)));

    [Theory]
    [InlineData(TemporaryName.MaxRepeated, TemporaryName.MaxRepeated + 15)]
    [InlineData(TemporaryName.MaxRepeated + 1, 14)]
    [InlineData(255, 14)]
    public void A_name_that_is_long_already_is_not_made_longer(int length, int temporary) =>
        Assert.Equal("in/".Length + temporary, TemporaryName.For(Bytes.Of($"in/{new string('x', length)}"))!.Path.Length);

    [Fact]
    public void No_two_are_the_same() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => Bytes.Text(TemporaryName.For("file"u8)!.Path)).Distinct().Count());

    [Fact]
    public void A_reply_that_names_it_names_the_final_one_to_the_client()
    {
        var name = TemporaryName.For("in/file"u8, Mark)!;

        Assert.Equal(
            "150 Opening connection for in/file (1 byte).\r\n",
            Bytes.Text(name.Hide(new FtpReply(150, Bytes.Of($"150 Opening connection for in/.file.{Mark}.part (1 byte).\r\n"))).Bytes));
        Assert.Equal("226 Done.\r\n", Bytes.Text(name.Hide(new FtpReply(226, Bytes.Of("226 Done.\r\n"))).Bytes));
    }

    [Fact]
    public void Whatever_the_name_it_stays_in_its_directory_in_one_line_and_fits() =>
        Prop.ForAll(Gen.Elements("a", "/", "\\", ".", " ", "\u00FF\u00FF", "\r", "\u00E9", new('n', 60)).ListOf().ToArbitrary(), parts =>
        {
            var final = string.Concat(parts);
            if (TemporaryName.For(Bytes.Of(final), Mark) is not { } name)
                return final.Split('/')[^1].Trim(' ').Length == 0;
            var path = Bytes.Text(name.Path);
            var directory = final[..(final.LastIndexOf('/') + 1)];
            return Bytes.Text(name.Final) == final
                && path.StartsWith(directory, StringComparison.Ordinal)
                && !path[directory.Length..].Contains('/', StringComparison.Ordinal)
                && path.EndsWith($".{Mark}.part", StringComparison.Ordinal)
                && !path.Contains('\n', StringComparison.Ordinal)
                && path.Split('/', '\\')[^1].Length <= TemporaryName.MaxRepeated + 15;
        }).Check(Seeded.Cases);
}
