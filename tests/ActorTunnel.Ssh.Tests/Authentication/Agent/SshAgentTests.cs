using System.Buffers;
using System.Buffers.Binary;
using ActorTunnel.Ssh.Authentication.Agent;
using ActorTunnel.Ssh.Keys;
using ActorTunnel.Ssh.Tests.Support;
using ActorTunnel.Ssh.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Ssh.Tests.Authentication.Agent;

/// <summary>Against agents that say what the test wants, however strange.</summary>
public sealed class SshAgentTests
{
    private static readonly PrivateKey _key = PrivateKey.Generate("ssh-ed25519");

    private static readonly byte[] _list = Message(12, writer =>
    {
        writer.WriteUInt32(2);
        writer.WriteString(_key.PublicKey.Blob.Span);
        writer.WriteText("alice\u001b[31m@example\n");
        writer.WriteString("a blob that is no key"u8);
        writer.WriteText("");
    });

    [Fact]
    public async Task The_list_has_what_can_be_offered_with_comments_fit_to_be_shown()
    {
        var stream = new PieceStream(_list, () => int.MaxValue);
        var identity = Assert.Single(await Agent(stream).ListAsync(CancellationToken.None));
        Assert.Equal(_key.PublicKey.Blob, identity.Key.Blob);
        Assert.Equal("alice[31m@example ", identity.Comment);
        Assert.Equal([0, 0, 0, 1, 11], stream.Written);
    }

    [Fact]
    public void A_list_in_any_pieces_is_the_same_list() => Prop.ForAll(Gen.Choose(1, 9).ListOf(50).ToArbitrary(), sizes =>
    {
        var next = 0;
        var stream = new PieceStream(_list, () => sizes[next++ % sizes.Count]);
        return Agent(stream).ListAsync(CancellationToken.None).AsTask().Result.Count == 1;
    }).Check(Seeded.Cases.WithMaxTest(50));

    [Fact]
    public async Task A_list_cut_off_anywhere_is_an_agent_that_went_away()
    {
        for (var length = 0; length < _list.Length; length++)
            Assert.StartsWith("the SSH agent went away", (await FailToListAsync(_list[..length])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_with_any_byte_changed_is_a_list_or_unusable() => Keys.Corruption.Try(_list, changed =>
    {
        try
        {
            Agent(new PieceStream(changed, () => int.MaxValue)).ListAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (SshException exception)
        {
            Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        }
    });

    [Theory]
    [InlineData(0u)]
    [InlineData(SshAgent.MaximumReply + 1)]
    [InlineData(uint.MaxValue)]
    public async Task An_answer_of_an_impossible_length_is_not_waited_for(uint length)
    {
        var header = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);
        Assert.Contains($"a message of {length} bytes", (await FailToListAsync(header)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_claims_more_keys_than_it_may_have_is_refused()
    {
        var many = Message(12, writer => writer.WriteUInt32(AgentMessages.MaximumIdentities + 1));
        Assert.Contains("more than 2048 keys", (await FailToListAsync(many)).Message, StringComparison.Ordinal);
        var tooMany = Message(12, writer => writer.WriteUInt32(uint.MaxValue));
        Assert.Contains("more than 2048 keys", (await FailToListAsync(tooMany)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, "the SSH agent does not list its keys")] // SSH_AGENT_FAILURE
    [InlineData(14, "speaks no language of agents")]
    public async Task Another_answer_than_a_list_is_named(byte number, string expected) =>
        Assert.Contains(expected, (await FailToListAsync(Message(number, _ => { }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Bytes_after_a_list_are_refused()
    {
        var exception = await FailToListAsync(Message(12, writer => writer.WriteBytes([0, 0, 0, 0, 0])));
        Assert.Contains("left over", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssh-ed25519", 0)]
    [InlineData("rsa-sha2-256", 2)]
    [InlineData("rsa-sha2-512", 4)]
    public async Task The_algorithm_is_asked_for_by_flags(string algorithm, byte flags)
    {
        var answer = Message(14, writer => writer.WriteString(Signature(algorithm)));
        var stream = new PieceStream(answer, () => 3);
        Assert.Equal(Signature(algorithm), await SignAsync(Agent(stream), algorithm));

        byte[] expected = Message(13, writer =>
        {
            writer.WriteString(_key.PublicKey.Blob.Span);
            writer.WriteText("data");
            writer.WriteUInt32(flags);
        });
        Assert.Equal(expected, stream.Written);
    }

    [Fact]
    public async Task A_signature_with_another_algorithm_is_refused()
    {
        var answer = Message(14, writer => writer.WriteString(Signature("ssh-rsa")));
        var exception = await Assert.ThrowsAsync<SshException>(
            () => SignAsync(Agent(new PieceStream(answer, () => int.MaxValue)), "rsa-sha2-512"));
        Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        Assert.Equal("the SSH agent signs with ssh-rsa where rsa-sha2-512 is needed", exception.Message);
    }

    [Fact]
    public async Task A_signature_that_no_packet_could_carry_is_refused()
    {
        var signature = new ArrayBufferWriter<byte>();
        new SshWriter(signature).WriteText("ssh-ed25519");
        new SshWriter(signature).WriteString(new byte[AgentMessages.MaximumSignature]);
        var answer = Message(14, writer => writer.WriteString(signature.WrittenSpan));
        var exception = await Assert.ThrowsAsync<SshException>(
            () => SignAsync(Agent(new PieceStream(answer, () => int.MaxValue)), "ssh-ed25519"));
        Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        Assert.Contains("a signature of 16403 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_refuses_to_sign_makes_its_key_unusable()
    {
        var agent = Agent(new PieceStream(Message(5, _ => { }), () => int.MaxValue));
        var exception = await Assert.ThrowsAsync<SshException>(() => SignAsync(agent, "ssh-ed25519"));
        Assert.Equal((SshFailure.CredentialUnusable, "the SSH agent refuses to sign"), (exception.Failure, exception.Message));
    }

    [Fact]
    public async Task An_agent_that_never_answers_is_given_up()
    {
        var (ours, theirs) = DuplexPipe.Create();
        await using var open = theirs;
        var time = new ExpiringTime();
        var signing = SignAsync(new SshAgent(_ => new(ours), time), "ssh-ed25519");
        await theirs.ReadExactlyAsync(new byte[sizeof(uint)]);
        Assert.Equal(SshAgent.SignTimeout, time.Due);
        time.Expire();
        var exception = await Assert.ThrowsAsync<SshException>(() => signing.WaitAsync(MemoryPair.Bound));
        Assert.Equal((SshFailure.CredentialUnusable, "the SSH agent did not answer within 60 s"), (exception.Failure, exception.Message));
    }

    [Fact]
    public async Task A_login_that_is_given_up_gives_the_agent_up()
    {
        using var stop = new CancellationTokenSource();
        var never = new TaskCompletionSource<Stream>();
        var agent = new SshAgent(token => new(never.Task.WaitAsync(token)), TimeProvider.System);
        var listing = agent.ListAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listing.WaitAsync(MemoryPair.Bound));
    }

    private static SshAgent Agent(Stream stream) => new(_ => new(stream), TimeProvider.System);

    private static Task<byte[]> SignAsync(SshAgent agent, string algorithm) =>
        agent.SignAsync(_key.PublicKey, algorithm, "data"u8.ToArray(), CancellationToken.None).AsTask();

    private static async Task<SshException> FailToListAsync(byte[] answer)
    {
        var agent = Agent(new PieceStream(answer, () => int.MaxValue));
        var exception = await Assert.ThrowsAsync<SshException>(() => agent.ListAsync(CancellationToken.None).AsTask());
        Assert.Equal(SshFailure.CredentialUnusable, exception.Failure);
        return exception;
    }

    private static byte[] Signature(string algorithm)
    {
        var signature = new ArrayBufferWriter<byte>();
        var writer = new SshWriter(signature);
        writer.WriteText(algorithm);
        writer.WriteText("signature");
        return signature.WrittenSpan.ToArray();
    }

    private static byte[] Message(byte number, Fields fields)
    {
        var message = new ArrayBufferWriter<byte>();
        fields(new SshWriter(message));
        var length = new byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(length, message.WrittenCount + 1);
        return [.. length, number, .. message.WrittenSpan];
    }

    private delegate void Fields(SshWriter writer);

    /// <summary>The one timer that is asked of it runs out when the test says so.</summary>
    private sealed class ExpiringTime : TimeProvider
    {
        private TimerCallback? _callback;
        private object? _state;

        public TimeSpan Due { get; private set; }

        public void Expire() => _callback!(_state);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, _state, Due) = (callback, state, dueTime);
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
