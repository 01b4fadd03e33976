using System.Net;
using System.Runtime.InteropServices;

namespace ActorTunnel.Engine.Sessions;

/// <summary>
/// How many FTP sessions there are of each client address and of each FTP user, by each rule or forward. Taking a place and finding out
/// that there is one are the same step, so two that come at once never both get the last one.
/// </summary>
internal sealed class SessionCounts
{
    private readonly Dictionary<string, SessionPlace?> _places = [];
    private readonly Dictionary<(SessionOwner, IPAddress), int> _clients = [];
    private readonly Dictionary<(SessionOwner, string), int> _users = [];

    /// <summary>A session that begins.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="place">What it counts as; null: its login will say.</param>
    public SessionLimit Enter(string session, SessionPlace? place)
    {
        var limit = place is null || HasRoomForClient(place) ? SessionLimit.None : SessionLimit.Client;
        if (limit == SessionLimit.None)
        {
            _places.Add(session, place);
            Count(place, 1);
        }

        return limit;
    }

    /// <summary>What a session counts as from now on. One that is over takes no place: nobody would give it back.</summary>
    public SessionLimit Move(string session, SessionPlace place)
    {
        if (!_places.TryGetValue(session, out var before))
            return SessionLimit.None;
        Count(before, -1);
        var limit = !IsOfSameClient(before, place) && !HasRoomForClient(place) ? SessionLimit.Client
            : !HasRoomForUser(place) ? SessionLimit.User
            : SessionLimit.None;
        var now = limit == SessionLimit.None ? place : before;
        Count(now, 1);
        _places[session] = now;
        return limit;
    }

    /// <summary>A session that has ended, if it was one that counts.</summary>
    public void Leave(string session)
    {
        if (_places.Remove(session, out var place))
            Count(place, -1);
    }

    // Who is in is not sent away because the limit has changed since.
    private static bool IsOfSameClient(SessionPlace? one, SessionPlace other) =>
        one is not null && (one.Owner, one.Client).Equals((other.Owner, other.Client));

    private bool HasRoomForClient(SessionPlace place) => IsBelow(_clients, (place.Owner, place.Client), place.Limits.SessionsPerClient);

    private bool HasRoomForUser(SessionPlace place) =>
        place.User is not { } user || IsBelow(_users, (place.Owner, user), place.Limits.SessionsPerUser);

    private static bool IsBelow<TKey>(Dictionary<TKey, int> counts, TKey key, int? most)
        where TKey : notnull => most is not { } limit || counts.GetValueOrDefault(key) < limit;

    private void Count(SessionPlace? place, int change)
    {
        if (place is null)
            return;
        Count(_clients, (place.Owner, place.Client), change);
        if (place.User is { } user)
            Count(_users, (place.Owner, user), change);
    }

    private static void Count<TKey>(Dictionary<TKey, int> counts, TKey key, int change)
        where TKey : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        count += change;
        if (count == 0)
            counts.Remove(key);
    }
}
