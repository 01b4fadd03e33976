using System.Buffers;
using ActorTunnel.Engine.Ftp;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Ftp;

public sealed class ControlLineReaderTests
{
    private static readonly Gen<byte[]> _wire = Gen.Elements("\r\n", "\n", "\r", "\r\0", "USER me", "\xff\xf4\xff\xf2", " ", "\0")
        .ListOf()
        .Select(parts => Bytes.Of(string.Concat(parts)));

    private static readonly Gen<int[]> _lengths = Gen.Choose(1, 5).ArrayOf();

    [Theory]
    [InlineData("NOOP\r\n", "NOOP\r\n")]
    [InlineData("NOOP\n", "NOOP\n")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("RETR a\rb\r\nNOOP\r\n", "RETR a\rb\r\n")]
    [InlineData("RETR a\r\0b\r\n", "RETR a\r\0b\r\n")]
    [InlineData("NOOP\r\r\n", "NOOP\r\r\n")]
    public void B7_a_line_ends_at_LF_and_keeps_its_end(string wire, string expected)
    {
        var buffer = new ReadOnlySequence<byte>(Bytes.Of(wire));
        Assert.Equal(LineStatus.Line, ControlLineReader.Read(ref buffer, endOfStream: false, out var line));
        Assert.Equal(expected, Bytes.Text(line));
        Assert.Equal(wire.Length - expected.Length, buffer.Length);
    }

    [Fact]
    public void B20_any_split_gives_the_lines_of_the_whole() =>
        Prop.ForAll(_wire.ToArbitrary(), _lengths.ToArbitrary(), (wire, lengths) =>
        {
            var whole = ReadAll(new ReadOnlySequence<byte>(wire));
            return whole.SequenceEqual(ReadAll(Bytes.Split(wire, lengths))) && string.Concat(whole) == Bytes.Text(wire);
        }).Check(Seeded.Cases);

    [Fact]
    public void B20_a_byte_at_a_time_gives_the_lines_of_the_whole() =>
        Prop.ForAll(_wire.ToArbitrary(), wire =>
        {
            var lines = new List<string>();
            var pending = ReadOnlySequence<byte>.Empty;
            foreach (var next in wire)
            {
                pending = new ReadOnlySequence<byte>([.. pending.ToArray(), next]);
                if (ControlLineReader.Read(ref pending, endOfStream: false, out var line) == LineStatus.Line)
                    lines.Add(Bytes.Text(line));
            }

            return lines.SequenceEqual(ReadAll(new ReadOnlySequence<byte>(wire)).Where(line => line.EndsWith('\n')));
        }).Check(Seeded.Cases);

    [Theory]
    [InlineData("QUIT")]
    [InlineData("QUIT\r")]
    public void B20_a_line_cut_off_by_the_end_of_the_stream_is_an_error(string wire)
    {
        var buffer = new ReadOnlySequence<byte>(Bytes.Of(wire));
        Assert.Equal(LineStatus.NeedMore, ControlLineReader.Read(ref buffer, endOfStream: false, out _));
        Assert.Equal(LineStatus.CutOff, ControlLineReader.Read(ref buffer, endOfStream: true, out _));
    }

    [Fact]
    public void The_end_of_the_stream_after_a_whole_line_is_a_clean_end()
    {
        var buffer = new ReadOnlySequence<byte>(Bytes.Of("QUIT\r\n"));
        Assert.Equal(LineStatus.Line, ControlLineReader.Read(ref buffer, endOfStream: true, out _));
        Assert.Equal(LineStatus.End, ControlLineReader.Read(ref buffer, endOfStream: true, out _));
    }

    [Theory]
    [InlineData(ControlLineReader.MaxLineLength - 2, LineStatus.Line)]
    [InlineData(ControlLineReader.MaxLineLength - 1, LineStatus.Part)]
    public void B8_a_line_has_a_greatest_length(int length, object expected)
    {
        var buffer = new ReadOnlySequence<byte>(Bytes.Of(new string('x', length) + "\r\n"));
        Assert.Equal(expected, ControlLineReader.Read(ref buffer, endOfStream: false, out _));
    }

    [Fact]
    public void B8_a_line_without_an_end_comes_in_parts_of_the_greatest_length()
    {
        var buffer = new ReadOnlySequence<byte>(Bytes.Of(new string('x', 2500) + "\r\n"));

        Assert.Equal(LineStatus.Part, ControlLineReader.Read(ref buffer, endOfStream: false, out var first, maxLength: 1000));
        Assert.Equal(LineStatus.Part, ControlLineReader.Read(ref buffer, endOfStream: false, out var second, maxLength: 1000));
        Assert.Equal(LineStatus.Line, ControlLineReader.Read(ref buffer, endOfStream: false, out var last, maxLength: 1000));

        Assert.Equal([1000, 1000, 502], new[] { first.Length, second.Length, last.Length });
        Assert.True(buffer.IsEmpty);
    }

    [Fact]
    public void B8_any_split_gives_the_same_parts() =>
        Prop.ForAll(_wire.ToArbitrary(), _lengths.ToArbitrary(), (wire, lengths) =>
            ReadAll(new ReadOnlySequence<byte>(wire), maxLength: 3).SequenceEqual(ReadAll(Bytes.Split(wire, lengths), maxLength: 3)))
            .Check(Seeded.Cases);

    /// <summary>The lines, and what is left after them.</summary>
    private static List<string> ReadAll(ReadOnlySequence<byte> buffer, int maxLength = ControlLineReader.MaxLineLength)
    {
        var lines = new List<string>();
        while (ControlLineReader.Read(ref buffer, endOfStream: true, out var line, maxLength) is LineStatus.Line or LineStatus.Part)
            lines.Add(Bytes.Text(line));
        return buffer.IsEmpty ? lines : [.. lines, Bytes.Text(buffer.ToArray())];
    }
}
