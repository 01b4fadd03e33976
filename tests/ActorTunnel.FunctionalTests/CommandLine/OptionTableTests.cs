using ActorTunnel.Cli.CommandLine;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.FunctionalTests.CommandLine;

public sealed class OptionTableTests
{
    private static readonly OptionTable<List<string>> _table = new(
        [
            new('p', null, "PORT", "", (seen, value) => seen.Add($"p={value}")),
            new('o', null, "SETTING", "", (seen, value) => seen.Add($"o={value}")),
            new('4', null, null, "", (seen, _) => seen.Add("4")),
            new('N', null, null, "", (seen, _) => seen.Add("N")),
            new('v', "verbose", null, "", (seen, _) => seen.Add("v")),
            new(null, "password-file", "FILE", "", (seen, value) => seen.Add($"file={value}")),
        ],
        (seen, operand) => seen.Add($"<{operand}>"));

    [Theory]
    [InlineData("-p2222 host", "p=2222 <host>")]
    [InlineData("-p 2222 host", "p=2222 <host>")]
    [InlineData("host -p 2222", "<host> p=2222")]
    [InlineData("-p4222", "p=4222")]
    [InlineData("-Nv4", "N v 4")]
    [InlineData("-vvv", "v v v")]
    [InlineData("-Np22", "N p=22")]
    [InlineData("-oPort=22 -o Port=23", "o=Port=22 o=Port=23")]
    [InlineData("-o=x -o:y -o@z", "o==x o=:y o=@z")]
    [InlineData("-p -N", "p=-N")]
    [InlineData("-p --", "p=--")]
    [InlineData("-N -- -p host", "N <-p> <host>")]
    [InlineData("-- --", "<-->")]
    [InlineData("--verbose --password-file f", "v file=f")]
    [InlineData("--password-file=a=b", "file=a=b")]
    [InlineData("--password-file=", "file=")]
    [InlineData("-", "<->")]
    public void Arguments_are_read_as_getopt_reads_them(string arguments, string expected) =>
        Assert.Equal(expected.Split(' '), Read(arguments.Split(' ')));

    [Theory]
    [InlineData("-P 22", "unknown option -P; the nearest is -p")]
    [InlineData("-n", "unknown option -n; the nearest is -N")]
    [InlineData("-x", "unknown option -x; known are -p -o -4 -N -v")]
    [InlineData("-vx", "unknown option -x; known are -p -o -4 -N -v")]
    [InlineData("--pasword-flie x", "unknown option --pasword-flie; the nearest is --password-file")]
    [InlineData("--p 22", "unknown option --p; the nearest is -p")]
    [InlineData("-verbos", "unknown option -verbos; the nearest is --verbose")]
    [InlineData("--verbose=yes", "--verbose takes no value")]
    [InlineData("-p", "-p needs a value: -p PORT")]
    [InlineData("-Np", "-p needs a value: -p PORT")]
    [InlineData("--password-file", "--password-file needs a value: --password-file FILE")]
    public void A_wrong_argument_is_named_with_what_to_write(string arguments, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Read(arguments.Split(' '))).Message);

    [Fact]
    public void Every_argument_behind_two_dashes_is_an_operand() =>
        Prop.ForAll<NonNull<string>[]>(arguments =>
        {
            var texts = arguments.Select(argument => argument.Get).ToArray();
            Assert.Equal(texts.Select(text => $"<{text}>"), Read(["--", .. texts]));
        }).Check(Seeded.Cases);

    [Fact]
    public void A_value_is_taken_as_it_is_attached_or_not() =>
        Prop.ForAll<NonEmptyString>(value =>
        {
            Assert.Equal([$"o={value.Get}"], Read(["-o", value.Get]));
            Assert.Equal([$"o={value.Get}"], Read([$"-o{value.Get}"]));
        }).Check(Seeded.Cases);

    private static List<string> Read(string[] arguments)
    {
        var seen = new List<string>();
        _table.Apply(arguments, seen);
        return seen;
    }
}
