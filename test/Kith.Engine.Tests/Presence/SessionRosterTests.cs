using Kith.Cluster.InProcess;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Presence;

namespace Kith.Engine.Tests.Presence;

public sealed class SessionRosterTests : ISessionDirectory
{
    static readonly SessionPresence Online = SessionPresence.Of(PresenceStatus.Online, ClientKind.Web);
    static readonly SessionPresence Idle = SessionPresence.Of(PresenceStatus.Idle, ClientKind.Web);
    static readonly UserId Ann = new(7);

    readonly InProcessSessionDirectory nodes = new(new InProcessPresenceDirectory());
    readonly List<(UserId User, bool Hosted)> hosted = [];

    [Fact]
    public void A_user_who_changes_many_times_is_handed_out_once_with_the_newest_state()
    {
        var roster = new SessionRoster(this);
        roster.Host(Ann);
        roster.Connect(Ann, 1, Online);
        roster.Connect(Ann, 1, Idle);
        roster.Connect(Ann, 2, Online);
        Assert.True(roster.Changed.TryRead(out var user));
        Assert.False(roster.Changed.TryRead(out _));
        Assert.Equal([Idle, Online], roster.Read(user).Connected);

        roster.Connect(Ann, 2, Online);
        Assert.False(roster.Changed.TryRead(out _));
        roster.Disconnect(Ann, 2);
        Assert.True(roster.Changed.TryRead(out _));
        Assert.Equal([Idle], roster.Read(Ann).Connected);
    }

    [Fact]
    public void Who_came_and_went_between_two_looks_has_appeared_and_who_was_invisible_has_not()
    {
        var roster = new SessionRoster(this);
        roster.Host(Ann);
        roster.Connect(Ann, 1, Online);
        roster.Disconnect(Ann, 1);
        var visit = roster.Read(Ann);
        Assert.Empty(visit.Connected);
        Assert.True(visit.Appeared);
        Assert.False(roster.Read(Ann).Appeared);
        roster.Connect(Ann, 2, SessionPresence.Of(PresenceStatus.Invisible, ClientKind.Web));
        roster.Disconnect(Ann, 2);
        Assert.False(roster.Read(Ann).Appeared);
    }

    [Fact]
    public void The_directory_hears_of_the_first_and_the_last_session_only()
    {
        var roster = new SessionRoster(this);
        roster.Host(Ann);
        roster.Host(Ann);
        roster.Connect(Ann, 1, Online);
        roster.Unhost(Ann);
        Assert.Equal([(Ann, true)], hosted);
        roster.Disconnect(Ann, 1);
        Assert.True(roster.Read(Ann).AreHosted);
        roster.Unhost(Ann);
        Assert.Equal([(Ann, true), (Ann, false)], hosted);
        Assert.Equal(Ann, Assert.Single(Drain(roster).Distinct()));
        Assert.False(roster.Read(Ann).AreHosted);
    }

    [Fact]
    public async Task Threads_that_come_and_go_leave_nothing_behind()
    {
        var roster = new SessionRoster(this);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                var session = (thread * 5000L) + i;
                roster.Host(Ann);
                roster.Connect(Ann, session, Online);
                roster.Disconnect(Ann, session);
                roster.Unhost(Ann);
            }
        })));
        Drain(roster);
        var left = roster.Read(Ann);
        Assert.Empty(left.Connected);
        Assert.False(left.AreHosted);
        Assert.False(hosted[^1].Hosted);
        Assert.Equal(hosted.Count(h => h.Hosted), hosted.Count(h => !h.Hosted));
    }

    ValueTask<HostingNodes> ISessionDirectory.NodesOfGuildAsync(GuildId guild, CancellationToken ct) => nodes.NodesOfGuildAsync(guild, ct);

    ValueTask<HostingNodes> ISessionDirectory.NodesOfUsersAsync(IReadOnlyList<UserId> users, CancellationToken ct) => nodes.NodesOfUsersAsync(users, ct);

    ValueTask<HostingNodes> ISessionDirectory.AllNodesAsync(CancellationToken ct) => nodes.AllNodesAsync(ct);

    ValueTask<IReadOnlySet<UserId>> ISessionDirectory.OnlineAsync(IReadOnlyCollection<UserId> users, CancellationToken ct) => nodes.OnlineAsync(users, ct);

    void ISessionDirectory.UserChanged(UserId user, bool isHosted) => hosted.Add((user, isHosted));

    void ISessionDirectory.GuildChanged(GuildId guild, bool isHosted) => throw new InvalidOperationException("A roster knows no guilds.");

    ValueTask ISessionDirectory.SettleAsync(CancellationToken ct) => default;

    static List<UserId> Drain(SessionRoster roster)
    {
        List<UserId> users = [];
        while (roster.Changed.TryRead(out var user))
        {
            roster.Read(user);
            users.Add(user);
        }

        return users;
    }
}
