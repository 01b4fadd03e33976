using System.Net;
using ActorTunnel.Engine.Configuration;
using ActorTunnel.Engine.Sessions;
using FsCheck;
using FsCheck.Fluent;

namespace ActorTunnel.Engine.Tests.Sessions;

/// <summary>How many sessions there are of whom, and whether there is room for one more.</summary>
public class SessionCountsTests
{
    private static readonly SessionOwner _rule = new("a", IsRule: true);
    private readonly SessionCounts _counts = new();

    [Fact]
    public void One_address_has_so_many_sessions_and_another_as_many()
    {
        Assert.Equal(SessionLimit.None, _counts.Enter("s1", Place(1, perClient: 2)));
        Assert.Equal(SessionLimit.None, _counts.Enter("s2", Place(1, perClient: 2)));
        Assert.Equal(SessionLimit.Client, _counts.Enter("s3", Place(1, perClient: 2)));
        Assert.Equal(SessionLimit.None, _counts.Enter("s4", Place(2, perClient: 2)));
    }

    [Fact]
    public void A_session_that_was_turned_away_has_no_place_to_give_back()
    {
        _counts.Enter("s1", Place(1, perClient: 1));
        _counts.Enter("s2", Place(1, perClient: 1));
        _counts.Leave("s2");

        Assert.Equal(SessionLimit.Client, _counts.Enter("s3", Place(1, perClient: 1)));
        _counts.Leave("s1");
        Assert.Equal(SessionLimit.None, _counts.Enter("s4", Place(1, perClient: 1)));
    }

    [Fact]
    public void A_rule_and_a_forward_count_each_for_itself_whatever_their_names()
    {
        _counts.Enter("s1", Place(1, perClient: 1));

        Assert.Equal(SessionLimit.None, _counts.Enter("s2", Place(1, perClient: 1) with { Owner = new("a", IsRule: false) }));
        Assert.Equal(SessionLimit.None, _counts.Enter("s3", Place(1, perClient: 1) with { Owner = new("b", IsRule: true) }));
    }

    [Fact]
    public void One_user_has_so_many_sessions_from_wherever_they_come()
    {
        Enter("s1", "s2", "s3");

        Assert.Equal(SessionLimit.None, _counts.Move("s1", User("ALICE")));
        Assert.Equal(SessionLimit.User, _counts.Move("s2", User("ALICE")));
        Assert.Equal(SessionLimit.None, _counts.Move("s2", User("BOB")));
        _counts.Leave("s1");
        Assert.Equal(SessionLimit.None, _counts.Move("s3", User("ALICE")));
    }

    [Fact]
    public void Who_logs_in_again_as_the_same_user_is_not_one_more()
    {
        Enter("s1");
        Assert.Equal(SessionLimit.None, _counts.Move("s1", User("ALICE")));
        Assert.Equal(SessionLimit.None, _counts.Move("s1", User("ALICE")));
    }

    [Fact]
    public void Who_becomes_somebody_else_or_nobody_gives_the_place_back()
    {
        Enter("s1", "s2");
        _counts.Move("s1", User("ALICE"));
        _counts.Move("s1", User(null));

        Assert.Equal(SessionLimit.None, _counts.Move("s2", User("ALICE")));
    }

    [Fact]
    public void Who_finds_no_room_keeps_the_place_that_it_had()
    {
        Enter("s1", "s2", "s3");
        _counts.Move("s1", User("ALICE"));
        _counts.Move("s2", User("BOB"));

        Assert.Equal(SessionLimit.User, _counts.Move("s2", User("ALICE")));
        Assert.Equal(SessionLimit.User, _counts.Move("s3", User("BOB")));
    }

    [Fact]
    public void A_session_that_is_over_takes_no_place()
    {
        Enter("s1", "s2");
        _counts.Leave("s1");
        _counts.Move("s1", User("ALICE"));

        Assert.Equal(SessionLimit.None, _counts.Move("s2", User("ALICE")));
    }

    [Fact]
    public void A_limit_that_is_lower_now_sends_nobody_away_who_is_in()
    {
        Enter("s1", "s2", "s3");
        Assert.Equal(SessionLimit.None, _counts.Move("s1", Place(1, perClient: 1) with { User = "ALICE" }));
        Assert.Equal(SessionLimit.Client, _counts.Enter("s4", Place(1, perClient: 1)));
    }

    [Theory]
    [InlineData("alice", "ALICE")]
    [InlineData(" Alice\t ", "ALICE")]
    [InlineData("al ice", "AL ICE")]
    public void A_name_that_is_the_same_to_some_server_is_the_same_here(string user, string name) =>
        Assert.Equal(name, SessionPlace.NameOf(System.Text.Encoding.UTF8.GetBytes(user)));

    // Against the plain way: a list of who is there.
    [Fact]
    public void The_counts_are_those_of_a_list()
    {
        var steps = from kind in Gen.Choose(0, 2)
                    from session in Gen.Choose(0, 7)
                    from client in Gen.Choose(1, 2)
                    from user in Gen.Elements("A", "B", null)
                    select (kind, session: $"s{session}", place: Place(client, perClient: 3, perUser: 2) with { User = user });
        Prop.ForAll(steps.ArrayOf().ToArbitrary(), run =>
        {
            var counts = new SessionCounts();
            var there = new Dictionary<string, SessionPlace>();
            foreach (var (kind, session, place) in run)
            {
                switch (kind)
                {
                    case 0 when !there.ContainsKey(session):
                        var isFull = there.Values.Count(other => other.Client.Equals(place.Client)) >= 3;
                        if (counts.Enter(session, place with { User = null }) == SessionLimit.None == isFull)
                            return false;
                        if (!isFull)
                            there.Add(session, place with { User = null });
                        break;
                    case 1 when there.TryGetValue(session, out var before):
                        var now = before with { User = place.User };
                        var isTaken = now.User is { } user && there.Count(other => other.Key != session && other.Value.User == user) >= 2;
                        if (counts.Move(session, now) == SessionLimit.None == isTaken)
                            return false;
                        there[session] = isTaken ? before : now;
                        break;
                    case 2:
                        counts.Leave(session);
                        there.Remove(session);
                        break;
                }
            }

            return true;
        }).Check(Seeded.Cases.WithMaxTest(500));
    }

    private void Enter(params string[] sessions)
    {
        foreach (var session in sessions)
            Assert.Equal(SessionLimit.None, _counts.Enter(session, User(null)));
    }

    private static SessionPlace User(string? name) => Place(1, perUser: 1) with { User = name };

    private static SessionPlace Place(int client, int? perClient = null, int? perUser = null) =>
        new(_rule, IPAddress.Parse($"10.0.0.{client}"), new FtpRestrictions { SessionsPerClient = perClient, SessionsPerUser = perUser });
}
