using ActorTunnel.FunctionalTests.Clients;
using ActorTunnel.FunctionalTests.Fixtures;
using ActorTunnel.FunctionalTests.Ways;

namespace ActorTunnel.FunctionalTests.Transfers;

/// <summary>Clients of one SSH connection have a window each.</summary>
public sealed class SlowClientTests
{
    [RealPartsFact]
    public async Task C21_a_client_that_does_not_read_holds_up_no_other_on_the_same_SSH_connection()
    {
        using var parts = new LocalParts();
        var (ssh, ftp) = (await parts.SshdAsync(), await parts.FtpAsync());
        await using (var engine = LocalEngine.Create())
        {
            var entry = await engine.ForwardFtpAsync(ftp, LocalEngine.ProfileOf(ssh));
            await TestFile.CreateAsync(ftp.PathOf("large"), 64 * TestFile.Mebibyte); // More than all buffers on the way.
            using var control = await RawFtp.LoginAsync(parts.Machine, entry);
            using var data = await parts.Machine.ConnectAsync(await control.ExtendedPassiveAsync());
            Assert.StartsWith("150", await control.CommandAsync("RETR files/large"), StringComparison.Ordinal);
            await Eventually.IsTrueAsync(() => data.Available > 0, "the download has begun");

            await parts.CarryAsync(entry, ftp, DataMode.ExtendedPassive);

            Assert.Equal(1, ssh.Log.Lines.Count(line => line.StartsWith("Accepted publickey", StringComparison.Ordinal)));
            Assert.DoesNotContain(await ftp.ReadLogAsync(), line => line.Contains("OK DOWNLOAD", StringComparison.Ordinal)
                && line.Contains("/files/large", StringComparison.Ordinal));
        }

        await parts.StopAsync();
    }
}
