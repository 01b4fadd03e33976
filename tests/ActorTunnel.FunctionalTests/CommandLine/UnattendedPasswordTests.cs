using System.Runtime.Versioning;
using System.Text;
using ActorTunnel.Cli.Authentication;
using ActorTunnel.Engine.Diagnostics;

namespace ActorTunnel.FunctionalTests.CommandLine;

[UnsupportedOSPlatform("windows")]
public sealed class UnattendedPasswordTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("actortunnel-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("secret\n", "secret")]
    [InlineData("secret", "secret")]
    [InlineData("secret\r\nsecond line\n", "secret")]
    [InlineData(" with spaces \n", " with spaces ")]
    [InlineData("pässwörd\n", "pässwörd")]
    public void The_first_line_of_the_file_is_the_password(string content, string password) =>
        Assert.Equal(password, Read(Write(content, OwnerOnly)));

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.OtherRead, "0604")]
    [InlineData(UnixFileMode.OtherWrite, "0602")]
    public void A_file_that_is_open_to_others_is_refused(UnixFileMode more, string mode)
    {
        var path = Write("secret", OwnerOnly | more);

        var exception = Assert.Throws<TunnelException>(() => Read(path));
        Assert.Equal(Failure.Credential, exception.Failure);
        Assert.Equal($"password file {path} is open to others (mode {mode}) and is not used; run: chmod 600 {path}", exception.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\nsecret\n")]
    public void An_empty_first_line_is_no_password(string content) =>
        Assert.Contains("must hold a password", Assert.Throws<TunnelException>(() => Read(Write(content, OwnerOnly))).Message);

    [Fact]
    public void A_line_that_is_too_long_is_refused_and_not_repeated()
    {
        var exception = Assert.Throws<TunnelException>(() => Read(Write(new string('x', 1025), OwnerOnly)));
        Assert.DoesNotContain("xxx", exception.Message);
        Assert.Throws<TunnelException>(() => Read(Write(new string('x', 5_000_000), OwnerOnly)));
        Assert.Throws<TunnelException>(() => Read("/dev/zero"));
    }

    [Fact]
    public void A_missing_file_is_one_line() =>
        Assert.StartsWith(
            "cannot read the password file: ", Assert.Throws<TunnelException>(() => Read(Path.Combine(_folder, "none"))).Message);

    [Fact]
    public void The_environment_variable_is_used_without_a_file_and_is_gone_afterwards()
    {
        Environment.SetEnvironmentVariable(UnattendedPassword.Variable, "from environment");
        Assert.Equal("from file", Read(Write("from file", OwnerOnly)));
        Assert.Null(Environment.GetEnvironmentVariable(UnattendedPassword.Variable));

        Environment.SetEnvironmentVariable(UnattendedPassword.Variable, "from environment");
        Assert.Equal("from environment", Read(null));
        Assert.Null(Environment.GetEnvironmentVariable(UnattendedPassword.Variable));
        Assert.Null(UnattendedPassword.Read(null));
    }

    private static string Read(string? path)
    {
        using var password = UnattendedPassword.Read(path);
        return Encoding.UTF8.GetString(password!.Copy());
    }

    private string Write(string content, UnixFileMode mode)
    {
        var path = Path.Combine(_folder, "password");
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, mode);
        return path;
    }
}
