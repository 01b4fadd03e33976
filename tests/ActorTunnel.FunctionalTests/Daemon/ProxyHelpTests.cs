using System.Text;
using ActorTunnel.Cli.Daemon;
using ActorTunnel.Engine.ConfigurationFiles;

namespace ActorTunnel.FunctionalTests.Daemon;

public sealed class ProxyHelpTests
{
    [Fact]
    public void The_example_is_a_configuration_without_mistakes_and_warnings_of_ten_lines()
    {
        var meaning = CheckedConfiguration.Of(ConfigurationReader.Read(Encoding.UTF8.GetBytes(ProxyHelp.Example)));

        Assert.Empty(meaning.Mistakes);
        Assert.Empty(meaning.Warnings);
        Assert.Equal(10, ProxyHelp.Example.Split('\n').Length);
        Assert.All(ProxyHelp.Text.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }
}
