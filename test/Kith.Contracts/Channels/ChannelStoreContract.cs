using Kith.Contracts.Accounts;
using Kith.Contracts.Guilds;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Channels;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Xunit;

namespace Kith.Contracts.Channels;

/// <summary>What every store of channels keeps of DMs and groups.</summary>
public abstract class ChannelStoreContract
{
    static readonly DateTimeOffset Now = AccountFixture.Now;

    protected abstract ValueTask<IChannelStore> StoreAsync();

    protected abstract ValueTask<GuildStores> GuildsAsync();

    [Fact]
    public async Task The_DM_of_two_is_one_whoever_opens_it_and_however_many_at_once()
    {
        var store = await StoreAsync();
        var (low, high) = Two();
        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.OpenDmAsync(NewId(), i % 2 == 0 ? low : high, i % 2 == 0 ? high : low, Now, default)));
        var id = Assert.Single(opened.Select(o => o.Channel.Id).Distinct());
        // Each side opened it once.
        Assert.Equal(2, opened.Count(o => o.Opened));
        var dm = (await store.FindAsync(id, default))!;
        Assert.Equal((ChannelType.Dm, null, null), (dm.Type, dm.GuildId, dm.OwnerId));
        Assert.Equal([low, high], dm.Recipients);
        Assert.Empty(dm.HiddenFrom);
    }

    [Fact]
    public async Task A_DM_is_open_for_who_opened_it_until_closed()
    {
        var store = await StoreAsync();
        var (one, other) = Two();
        var dm = (await store.OpenDmAsync(NewId(), one, other, Now, default)).Channel;
        Assert.Equal([other], dm.HiddenFrom);
        Assert.Equal([dm.Id], (await store.OfUserAsync(one, default)).Select(c => c.Id));
        Assert.Empty(await store.OfUserAsync(other, default));
        Assert.Equal([other], await store.PartnersOfAsync(one, default));

        Assert.True(await store.SetDmOpenAsync(dm.Id, other, open: true, default));
        Assert.False(await store.SetDmOpenAsync(dm.Id, other, open: true, default));
        Assert.Empty((await store.FindAsync(dm.Id, default))!.HiddenFrom);
        var seen = Assert.Single(await store.OfUserAsync(other, default));
        Assert.Equal((dm.Id, 2), (seen.Id, seen.Recipients.Count));

        Assert.True(await store.SetDmOpenAsync(dm.Id, one, open: false, default));
        Assert.Empty(await store.OfUserAsync(one, default));
        Assert.Empty(await store.PartnersOfAsync(one, default));
        Assert.Equal(new DmOpened(dm, Opened: true) with { Channel = default! }, (await store.OpenDmAsync(NewId(), one, other, Now, default)) with { Channel = default! });
        Assert.False((await store.OpenDmAsync(NewId(), one, other, Now, default)).Opened);
        Assert.False(await store.SetDmOpenAsync(dm.Id, GuildFixture.NewUser(), open: true, default));
    }

    [Fact]
    public async Task A_group_is_read_back_whole_and_changed_by_its_newest_state()
    {
        var store = await StoreAsync();
        var group = await GroupAsync(store, 3);
        var read = (await store.FindAsync(group.Id, default))!;
        Assert.Equal(group.Recipients, read.Recipients);
        Assert.Equal((ChannelType.GroupDm, group.OwnerId, null), (read.Type, read.OwnerId, read.Name));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => store.UpdateGroupAsync(group.Id, g => g with { Name = (g.Name ?? "") + "x" }, default)));
        var change = (await store.UpdateGroupAsync(group.Id, g => g with { Icon = "i", OwnerId = group.Recipients[1] }, default)).Value;
        Assert.Equal(new string('x', 10), change.Before.Name);
        read = (await store.FindAsync(group.Id, default))!;
        Assert.Equal((new string('x', 10), "i", group.Recipients[1]), (read.Name, read.Icon, read.OwnerId));

        Assert.Equal(ErrorCode.MissingPermissions, (await store.UpdateGroupAsync(group.Id, _ => ErrorCode.MissingPermissions, default)).Error?.Code);
        Assert.Equal(ErrorCode.UnknownChannel, (await store.UpdateGroupAsync(NewId(), g => g, default)).Error?.Code);
        var dm = (await store.OpenDmAsync(NewId(), group.Recipients[0], group.Recipients[1], Now, default)).Channel;
        Assert.Equal(ErrorCode.UnknownChannel, (await store.UpdateGroupAsync(dm.Id, g => g with { Name = "no" }, default)).Error?.Code);
    }

    [Fact]
    public async Task A_group_takes_no_more_than_its_most_also_at_once()
    {
        var store = await StoreAsync();
        var group = await GroupAsync(store, 2);
        var added = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => store.AddRecipientAsync(group.Id, GuildFixture.NewUser(), most: 5, Now, default)));
        Assert.Equal(3, added.Count(a => a == RecipientAddition.Added));
        Assert.Equal(7, added.Count(a => a == RecipientAddition.Full));
        Assert.Equal(5, (await store.FindAsync(group.Id, default))!.Recipients.Count);
        Assert.Equal(RecipientAddition.AlreadyIn, await store.AddRecipientAsync(group.Id, group.Recipients[0], most: 5, Now, default));
        Assert.Equal(RecipientAddition.Gone, await store.AddRecipientAsync(NewId(), group.Recipients[0], most: 5, Now, default));
    }

    [Fact]
    public async Task A_group_passes_to_who_has_been_there_longest_and_ends_with_its_last()
    {
        var store = await StoreAsync();
        var (youngest, oldest) = Two();
        var group = await GroupAsync(store, 1);
        var owner = group.Recipients[0];
        await store.AddRecipientAsync(group.Id, oldest, 10, Now.AddMinutes(1), default);
        await store.AddRecipientAsync(group.Id, youngest, 10, Now.AddMinutes(2), default);

        var left = (await store.RemoveRecipientAsync(group.Id, owner, default))!;
        Assert.Equal((owner, oldest), (left.Before.OwnerId, left.After.OwnerId));
        Assert.Equal(oldest, (await store.FindAsync(group.Id, default))!.OwnerId);
        Assert.Null(await store.RemoveRecipientAsync(group.Id, owner, default));

        // Who is not the owner leaves it with the owner.
        Assert.Equal(oldest, (await store.RemoveRecipientAsync(group.Id, youngest, default))!.After.OwnerId);
        Assert.Empty((await store.RemoveRecipientAsync(group.Id, oldest, default))!.After.Recipients);
        Assert.Null(await store.FindAsync(group.Id, default));
        Assert.Contains(group.Id, await (await GuildsAsync()).Deleted.ListAsync(DateTimeOffset.MaxValue, 10_000, default));
    }

    [Fact]
    public async Task A_users_channels_are_listed_by_id_with_all_participants()
    {
        var store = await StoreAsync();
        var (me, other) = Two();
        var first = (await store.OpenDmAsync(NewId(), me, other, Now, default)).Channel;
        var group = await GroupAsync(store, 3);
        await store.AddRecipientAsync(group.Id, me, 10, Now, default);
        var mine = await store.OfUserAsync(me, default);
        Assert.Equal([first.Id, group.Id], mine.Select(c => c.Id));
        Assert.Equal(4, mine[1].Recipients.Count);
        Assert.Equal([other, .. group.Recipients], (await store.PartnersOfAsync(me, default)).OrderBy(id => id.Value));
    }

    [Fact]
    public async Task A_guilds_channel_is_found_as_well_with_its_overwrites()
    {
        var guilds = await GuildsAsync();
        var guild = await guilds.CreateAsync();
        var overwrite = new PermissionOverwrite(new OverwriteId(guild.Id.Value), OverwriteType.Role, Permissions.SendMessages, Permissions.ViewChannel);
        var channel = GuildFixture.Channel(guild.Id) with { Overwrites = [overwrite], Topic = "…" };
        Assert.Equal(GuildChangeOutcome.Applied, await guilds.Guilds.ApplyAsync(new GuildChange(guild) { Channels = [channel] }, default));
        var found = (await (await StoreAsync()).FindAsync(channel.Id, default))!;
        Assert.Equal((guild.Id, "…"), (found.GuildId, found.Topic));
        Assert.Equal([overwrite], found.Overwrites);
        Assert.Null(await (await StoreAsync()).FindAsync(NewId(), default));
    }

    static ChannelId NewId() => new(GuildFixture.NextId());

    static (UserId Low, UserId High) Two() => (GuildFixture.NewUser(), GuildFixture.NewUser());

    static async Task<ChannelRecord> GroupAsync(IChannelStore store, int size)
    {
        UserId[] people = [.. Enumerable.Range(0, size).Select(_ => GuildFixture.NewUser())];
        var group = new ChannelRecord { Id = NewId(), Type = ChannelType.GroupDm, OwnerId = people[0], Recipients = people };
        await store.CreateGroupAsync(group, Now, default);
        return group;
    }
}
