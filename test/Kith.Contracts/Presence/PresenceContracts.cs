using Kith.Domain;
using Kith.Engine.Presence;
using Xunit;

namespace Kith.Contracts.Presence;

/// <summary>What every store of last sights keeps.</summary>
public abstract class LastSeenStoreContract
{
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    protected abstract ValueTask<ILastSeenStore> StoreAsync();

    [Fact]
    public async Task Nobody_was_seen_until_it_is_saved()
    {
        var store = await StoreAsync();
        var (one, other) = (new UserId(TestIds.Next()), new UserId(TestIds.Next()));
        Assert.Null(await store.FindAsync(one, default));
        await store.SaveAsync(new Dictionary<UserId, DateTimeOffset> { [one] = Noon, [other] = Noon.AddMinutes(1) }, default);
        Assert.Equal(Noon, await store.FindAsync(one, default));
        Assert.Equal(Noon.AddMinutes(1), await store.FindAsync(other, default));
    }

    [Fact]
    public async Task The_latest_time_stays_in_whatever_order_times_come()
    {
        var store = await StoreAsync();
        var user = new UserId(TestIds.Next());
        foreach (var minute in (int[])[5, 3, 9, 7])
            await store.SaveAsync(new Dictionary<UserId, DateTimeOffset> { [user] = Noon.AddMinutes(minute) }, default);
        Assert.Equal(Noon.AddMinutes(9), await store.FindAsync(user, default));
    }
}

/// <summary>What every directory of presences tells.</summary>
public abstract class PresenceDirectoryContract
{
    static readonly SessionPresence Desk = SessionPresence.Of(PresenceStatus.Idle, ClientKind.Desktop);
    static readonly SessionPresence Phone = SessionPresence.Of(PresenceStatus.Online, ClientKind.Mobile, "[{\"name\":\"Chess\",\"type\":0}]"u8.ToArray());
    static readonly SessionPresence Hidden = SessionPresence.Of(PresenceStatus.Invisible, ClientKind.Web);

    protected abstract ValueTask<IPresenceDirectory> DirectoryAsync();

    [Fact]
    public async Task Each_change_tells_what_was_before()
    {
        var (directory, user) = (await DirectoryAsync(), new UserId(TestIds.Next()));
        var came = await directory.SetAsync(user, [Desk], default);
        Assert.Equal((PresenceStatus.Offline, PresenceStatus.Idle), (came.Before.Status, came.After.Status));
        var second = await directory.SetAsync(user, [Desk, Phone], default);
        Assert.Equal(came.After, second.Before);
        Assert.Equal(PresenceStatus.Online, second.After.Status);
        var same = await directory.SetAsync(user, [Desk, Phone], default);
        Assert.Equal(same.Before, same.After);
        var left = await directory.SetAsync(user, [], default);
        Assert.Equal((second.After, VisiblePresence.Offline), (left.Before, left.After));
    }

    [Fact]
    public async Task Those_who_hide_are_connected_but_not_found()
    {
        var (directory, seen, hidden, absent) = (await DirectoryAsync(), new UserId(TestIds.Next()), new UserId(TestIds.Next()), new UserId(TestIds.Next()));
        await directory.SetAsync(seen, [Phone], default);
        await directory.SetAsync(hidden, [Hidden], default);
        await directory.SetAsync(absent, [Desk], default);
        await directory.SetAsync(absent, [], default);
        UserId[] all = [seen, hidden, absent];
        var found = Assert.Single(await directory.FindAsync(all, default));
        Assert.Equal(seen, found.Key);
        Assert.Equal(VisiblePresence.Of([Phone]), found.Value);
        Assert.Equal("Chess", Assert.Single(found.Value.ToWire(seen).Activities).GetProperty("name").GetString());
        Assert.Equal(new HashSet<UserId> { seen, hidden }, await directory.ConnectedAsync(all, default));
    }
}
