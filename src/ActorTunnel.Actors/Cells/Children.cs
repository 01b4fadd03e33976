using System.Runtime.InteropServices;

namespace ActorTunnel.Actors.Cells;

/// <summary>
/// The children of an actor by name. Nearly always only their parent's slice comes here; the lock is for <see cref="ActorSystem.ActorOf"/>,
/// which any thread may call and which adds to the children of <c>/user</c>.
/// </summary>
internal sealed class Children
{
    private const string NameDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    private readonly Dictionary<string, Entry> _byName = [];
    private long _unnamed;
    private int _stopping;
    private bool _closed;

    /// <summary>Whether a child that was told to stop has not terminated yet.</summary>
    public bool AnyStopping
    {
        get
        {
            lock (_byName)
                return _stopping > 0;
        }
    }

    /// <summary>Makes a child under a name that is free.</summary>
    public LocalActorRef Add(string? name, Func<string, LocalActorRef> create)
    {
        lock (_byName)
        {
            if (_closed)
                throw new InvalidOperationException("Cannot create child while terminating or terminated");
            name ??= NextName();
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_byName, name, out var taken);
            if (taken)
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            entry.Child = create(name);
            return entry.Child;
        }
    }

    public LocalActorRef? Find(string name)
    {
        lock (_byName)
            return _byName.TryGetValue(name, out var entry) ? entry.Child : null;
    }

    public bool Contains(IActorRef actor) => Find(actor.Path.Name) == actor;

    public LocalActorRef[] Snapshot()
    {
        lock (_byName)
            return [.. _byName.Values.Select(entry => entry.Child)];
    }

    /// <summary>Notes that the child was told to stop, if <paramref name="actor"/> is one.</summary>
    public void MarkStopping(IActorRef actor)
    {
        lock (_byName)
        {
            ref var entry = ref FindEntry(actor);
            if (IsNone(ref entry) || entry.Stopping)
                return;
            entry.Stopping = true;
            _stopping++;
        }
    }

    /// <summary>Counts a restart of the child; false when the limit is reached.</summary>
    public bool CountRestart(LocalActorRef child, RestartLimit limit)
    {
        lock (_byName)
        {
            ref var entry = ref FindEntry(child);
            return !IsNone(ref entry) && limit.TryCount(ref entry.Restarts, TimeProvider.System);
        }
    }

    /// <summary>Forgets a child that has terminated and sets its name free.</summary>
    public void Remove(IActorRef actor)
    {
        lock (_byName)
        {
            if (_byName.Remove(actor.Path.Name, out var entry) && entry.Stopping)
                _stopping--;
        }
    }

    /// <summary>Takes no more children.</summary>
    public void Close()
    {
        lock (_byName)
            _closed = true;
    }

    private static bool IsNone(ref Entry entry) => global::System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry);

    private ref Entry FindEntry(IActorRef actor)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_byName, actor.Path.Name);
        if (!IsNone(ref entry) && entry.Child != actor)
            return ref global::System.Runtime.CompilerServices.Unsafe.NullRef<Entry>();
        return ref entry;
    }

    /// <summary>A dollar sign and a number to the base of 64, lowest digit first.</summary>
    private string NextName()
    {
        Span<char> name = stackalloc char[1 + 11];
        name[0] = '$';
        var length = 1;
        for (var number = _unnamed++; number > 0 || length == 1; number >>= 6)
            name[length++] = NameDigits[(int)(number & 63)];
        return name[..length].ToString();
    }

    // A value of the dictionary and not an object of its own: there are as many as there are actors.
    private struct Entry
    {
        public LocalActorRef Child;
        public RestartCount Restarts;
        public bool Stopping;
    }
}
