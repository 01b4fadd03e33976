using System.Runtime.Versioning;
using ActorTunnel.Ssh.Keys;

namespace ActorTunnel.Ssh.Tests.Keys;

/// <summary>How <see cref="KnownHostsPolicy"/> writes a key down while others write, too.</summary>
public sealed class AddingHostsTests : IDisposable
{
    private static readonly PublicKey _key = NewKey();
    private static readonly PublicKey _otherKey = NewKey();

    private readonly SshKeygen _folder = new();

    private string KnownHosts => _folder.PathOf("known_hosts");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_that_another_process_added_while_the_person_thought_is_not_added_twice()
    {
        await Asking(() => File.WriteAllText(KnownHosts, $"h {_key.ToLine()}\n")).CheckAsync(_key, default);
        Assert.Equal($"h {_key.ToLine()}\n", File.ReadAllText(KnownHosts));
    }

    [Fact]
    public async Task Another_key_that_another_process_added_while_the_person_thought_makes_this_one_a_changed_one()
    {
        var policy = Asking(() => File.WriteAllText(KnownHosts, $"h {_otherKey.ToLine()}\n"));
        var exception = await Assert.ThrowsAsync<SshException>(() => policy.CheckAsync(_key, default).AsTask());
        Assert.Equal(SshFailure.HostKeyChanged, exception.Failure);
    }

    [Fact]
    public async Task Many_connections_to_one_new_host_add_one_line()
    {
        await Parallel.ForAsync(0, 100, (_, _) => Accepting("h").CheckAsync(_key, default));
        Assert.Equal($"h {_key.ToLine()}\n", File.ReadAllText(KnownHosts));
    }

    [Fact]
    public async Task A_symbolic_link_stays_one_and_its_target_gets_the_line()
    {
        var target = _folder.PathOf("target");
        File.WriteAllText(target, "");
        File.CreateSymbolicLink(KnownHosts, target);
        await Accepting("h").CheckAsync(_key, default);
        Assert.Equal(target, new FileInfo(KnownHosts).LinkTarget);
        Assert.Equal($"h {_key.ToLine()}\n", File.ReadAllText(target));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_permissions_of_a_file_that_is_there_are_left_alone()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.WriteAllText(KnownHosts, "");
        File.SetUnixFileMode(KnownHosts, Mode);
        await Accepting("h").CheckAsync(_key, default);
        Assert.Equal(Mode, File.GetUnixFileMode(KnownHosts));
    }

    [Fact]
    public async Task Half_a_line_destroys_neither_the_next_nor_the_trust_in_its_host()
    {
        var line = $"h {_key.ToLine()}";
        for (var length = 1; length < line.Length; length++)
        {
            File.WriteAllText(KnownHosts, line[..length]);
            await Accepting("h").CheckAsync(_key, default);
            Assert.Equal([line[..length], line], File.ReadAllLines(KnownHosts));
        }
    }

    private static PublicKey NewKey()
    {
        using var key = PrivateKey.Generate("ssh-ed25519");
        return key.PublicKey;
    }

    private KnownHostsPolicy Accepting(string host) => new(new()
    {
        Host = host,
        Files = [KnownHosts],
        Mode = StrictHostKeyChecking.AcceptNew,
    });

    private KnownHostsPolicy Asking(Action meanwhile) => new(new()
    {
        Host = "h",
        Files = [KnownHosts],
        Mode = StrictHostKeyChecking.Ask,
        Ask = (_, _) =>
        {
            meanwhile();
            return new(true);
        },
    });
}
