using ActorTunnel.Ssh.Authentication;

namespace ActorTunnel.Cli.Authentication;

/// <summary>
/// What a person typed, by the question it answers, so that a lost connection can be made anew without the person. Only answers that
/// were right are used again: a passphrase that opened its key, and the answers given before a login that succeeded.
/// </summary>
internal sealed class RememberedSecrets : IDisposable
{
    /// <summary>Questions whose answers are kept; a server that asks more asks a person again.</summary>
    public const int MaxSecrets = 16;

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<string, Remembered> _secrets = [];

    /// <summary>A copy of the right answer to <paramref name="question"/>, for the caller to zero; null when there is none.</summary>
    public byte[]? Recall(string question)
    {
        lock (_gate)
            return _secrets.TryGetValue(question, out var secret) && secret.IsProven ? secret.Answer.Copy() : null;
    }

    /// <summary>Keeps an answer: for use if it is <paramref name="proven"/>, or else once <see cref="LoginSucceeded"/> says so.</summary>
    public void Remember(string question, ReadOnlySpan<byte> answer, bool proven)
    {
        lock (_gate)
        {
            Forget(question);
            if (_secrets.Count < MaxSecrets)
                _secrets.Add(question, new Remembered(new Secret(answer)) { IsProven = proven });
        }
    }

    /// <summary>The answer was wrong.</summary>
    public void Forget(string question)
    {
        lock (_gate)
        {
            if (_secrets.Remove(question, out var secret))
                secret.Answer.Dispose();
        }
    }

    /// <summary>The answers given last were right.</summary>
    public void LoginSucceeded()
    {
        lock (_gate)
        {
            foreach (var secret in _secrets.Values)
                secret.IsProven = true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var secret in _secrets.Values)
                secret.Answer.Dispose();
            _secrets.Clear();
        }
    }

    private sealed class Remembered(Secret answer)
    {
        public Secret Answer => answer;

        /// <summary>Whether it is known to be right. One that is not is never used again by itself.</summary>
        public bool IsProven { get; set; }
    }
}
