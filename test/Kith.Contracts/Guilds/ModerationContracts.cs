using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Xunit;
using static Kith.Contracts.Guilds.GuildFixture;

namespace Kith.Contracts.Guilds;

/// <summary>What every store of bans keeps.</summary>
public abstract class BanStoreContract
{
    protected abstract ValueTask<GuildStores> StoresAsync();

    [Fact]
    public async Task A_ban_ends_the_membership_and_is_found_until_it_is_lifted()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var user = NewUser();
        await stores.JoinAsync(Member(guild.Id, user));
        var first = await stores.Bans.AddAsync(guild.Id, new BanRecord(user, "Grüße"), [Entry(guild.Id, user)], default);
        Assert.True(first.IsNew);
        Assert.Equal(user, first.Removed?.UserId);
        Assert.Equal(new BanOutcome(false, null), await stores.Bans.AddAsync(guild.Id, new BanRecord(user, "again"), [Entry(guild.Id, user)], default));
        Assert.Equal(new BanRecord(user, "Grüße"), await stores.Bans.FindAsync(guild.Id, user, default));
        Assert.Null(await stores.Members.FindAsync(guild.Id, user, default));

        Assert.True(await stores.Bans.RemoveAsync(guild.Id, user, [Entry(guild.Id, user)], default));
        Assert.False(await stores.Bans.RemoveAsync(guild.Id, user, [Entry(guild.Id, user)], default));
        Assert.Null(await stores.Bans.FindAsync(guild.Id, user, default));
        Assert.Equal(2, (await stores.AuditLog.ListAsync(guild.Id, new AuditLogQuery { Limit = 10 }, default)).Count);
    }

    [Fact]
    public async Task Whoever_joins_while_being_banned_is_out_in_the_end()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var users = Enumerable.Range(0, 40).Select(_ => NewUser()).ToArray();
        await Task.WhenAll(users.SelectMany(u => (Task[])
        [
            Task.Run(() => stores.Members.AddAsync(Member(guild.Id, u), NoLimit, [], default)),
            Task.Run(() => stores.Bans.AddAsync(guild.Id, new BanRecord(u, null), [], default)),
        ]));
        Assert.Equal(1, await stores.Members.CountAsync(guild.Id, default));
        Assert.Single(await stores.Members.ListAsync(guild.Id, default, 100, default));
    }

    [Fact]
    public async Task Bans_are_listed_in_pages_both_ways()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var users = Enumerable.Range(0, 9).Select(_ => NewUser()).ToArray();
        foreach (var user in users)
            await stores.Bans.AddAsync(guild.Id, new BanRecord(user, null), [], default);
        async Task<IEnumerable<UserId>> List(UserId? before, UserId? after, int limit) => (await stores.Bans.ListAsync(guild.Id, before, after, limit, default)).Select(b => b.UserId);
        Assert.Equal(users, await List(null, null, 100));
        Assert.Equal(users[..4], await List(null, null, 4));
        Assert.Equal(users[4..8], await List(null, users[3], 4));
        Assert.Equal(users[1..5], await List(users[5], null, 4));
        Assert.Empty(await List(users[0], null, 4));
    }
}

/// <summary>What every audit log keeps.</summary>
public abstract class AuditLogStoreContract
{
    protected abstract ValueTask<GuildStores> StoresAsync();

    [Fact]
    public async Task An_entry_is_read_back_whole()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var entry = Entry(guild.Id, guild.Guild.OwnerId, AuditLogAction.MemberUpdate, target: 7) with
        {
            Reason = "Grüße 👋", Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["count"] = "3" },
            Changes = [AuditLog.Change("nick", "old", "new"), AuditLog.Change<string>("gone", "x", null), AuditLog.Change("$add", null, new[] { 1 })],
        };
        await stores.AuditLog.AddAsync([entry], default);
        var read = Assert.Single(await stores.AuditLog.ListAsync(guild.Id, new AuditLogQuery { Limit = 10 }, default));
        Assert.Equal(Wire.Utf8(entry), Wire.Utf8(read));
        Assert.Equal(guild.Id, read.GuildId);
    }

    [Fact]
    public async Task Entries_are_found_by_user_target_action_and_place()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var (a, b) = (NewUser(), NewUser());
        AuditLogEntry[] all =
        [
            Entry(guild.Id, a, AuditLogAction.RoleCreate, 1), Entry(guild.Id, b, AuditLogAction.RoleCreate, 2), Entry(guild.Id, a, AuditLogAction.RoleDelete, 2),
            Entry(guild.Id, b, AuditLogAction.InviteCreate), Entry(guild.Id, a, AuditLogAction.RoleCreate, 3),
        ];
        await stores.AuditLog.AddAsync(all, default);
        async Task Expect(AuditLogQuery query, params int[] indices) =>
            Assert.Equal(indices.Select(i => all[i].Id), (await stores.AuditLog.ListAsync(guild.Id, query, default)).Select(e => e.Id));
        await Expect(new AuditLogQuery { Limit = 10 }, 4, 3, 2, 1, 0);
        await Expect(new AuditLogQuery { Limit = 2 }, 4, 3);
        await Expect(new AuditLogQuery { Limit = 10, User = a }, 4, 2, 0);
        await Expect(new AuditLogQuery { Limit = 10, Action = AuditLogAction.RoleCreate }, 4, 1, 0);
        await Expect(new AuditLogQuery { Limit = 10, Target = new AuditTargetId(2) }, 2, 1);
        await Expect(new AuditLogQuery { Limit = 10, User = a, Action = AuditLogAction.RoleCreate, Before = all[4].Id }, 0);
        await Expect(new AuditLogQuery { Limit = 2, Before = all[3].Id }, 2, 1);
        await Expect(new AuditLogQuery { Limit = 2, After = all[0].Id }, 1, 2);
        Assert.Empty(await stores.AuditLog.ListAsync(new GuildId(NextId()), new AuditLogQuery { Limit = 10 }, default));
    }
}

/// <summary>What every store of invites keeps.</summary>
public abstract class InviteStoreContract
{
    protected abstract ValueTask<GuildStores> StoresAsync();

    [Fact]
    public async Task An_invite_is_read_back_whole_until_it_expires()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var invite = Invite(guild, maxUses: 5, expires: Now.AddSeconds(60)) with { MaxAge = 60, Temporary = true };
        Assert.True(await stores.Invites.AddAsync(invite, 10, [], default));
        Assert.Equal(invite, await stores.Invites.FindAsync(invite.Code, Now.AddSeconds(59), default));
        Assert.Null(await stores.Invites.FindAsync(invite.Code, Now.AddSeconds(60), default));
        Assert.Equal([invite], await stores.Invites.OfGuildAsync(guild.Id, Now, default));
        Assert.Equal([invite], await stores.Invites.OfChannelAsync(invite.ChannelId, Now, default));
        Assert.Empty(await stores.Invites.OfGuildAsync(guild.Id, Now.AddHours(1), default));
        Assert.Equal(Admission.InviteInvalid, await stores.Invites.AcceptAsync(invite.Code, Member(guild.Id, NewUser()), NoLimit, Now.AddHours(1), default));
    }

    [Fact]
    public async Task A_guild_has_room_for_so_many_and_expired_ones_make_room()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        Assert.True(await stores.Invites.AddAsync(Invite(guild, expires: Now.AddSeconds(1)), 2, [], default));
        Assert.True(await stores.Invites.AddAsync(Invite(guild), 2, [], default));
        Assert.False(await stores.Invites.AddAsync(Invite(guild), 2, [], default));
        Assert.True(await stores.Invites.AddAsync(Invite(guild) with { CreatedAt = Now.AddSeconds(2) }, 2, [], default));
    }

    [Fact]
    public async Task An_invite_of_three_uses_admits_three_of_many_at_once_and_is_gone()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var invite = Invite(guild, maxUses: 3);
        await stores.Invites.AddAsync(invite, 10, [], default);
        var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => stores.Invites.AcceptAsync(invite.Code, Member(guild.Id, NewUser()), NoLimit, Now, default)));
        Assert.Equal((3, 27), (results.Count(r => r == Admission.Added), results.Count(r => r == Admission.InviteInvalid)));
        Assert.Equal(4, await stores.Members.CountAsync(guild.Id, default));
        Assert.Null(await stores.Invites.FindAsync(invite.Code, Now, default));
    }

    [Fact]
    public async Task Who_is_not_admitted_uses_nothing()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var banned = NewUser();
        await stores.Bans.AddAsync(guild.Id, new BanRecord(banned, null), [], default);
        var invite = Invite(guild, maxUses: 1);
        await stores.Invites.AddAsync(invite, 10, [], default);
        Assert.Equal(Admission.Banned, await stores.Invites.AcceptAsync(invite.Code, Member(guild.Id, banned), NoLimit, Now, default));
        Assert.Equal(Admission.AlreadyMember, await stores.Invites.AcceptAsync(invite.Code, Member(guild.Id, guild.Guild.OwnerId), NoLimit, Now, default));
        Assert.Equal(Admission.TooManyGuilds, await stores.Invites.AcceptAsync(invite.Code, Member(guild.Id, NewUser()), most: 0, Now, default));
        Assert.Equal(0, (await stores.Invites.FindAsync(invite.Code, Now, default))!.Uses);
    }

    [Fact]
    public async Task A_revoked_invite_is_gone()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var invite = Invite(guild);
        await stores.Invites.AddAsync(invite, 10, [Entry(guild.Id, guild.Guild.OwnerId)], default);
        Assert.True(await stores.Invites.RemoveAsync(invite.Code, [Entry(guild.Id, guild.Guild.OwnerId)], default));
        Assert.False(await stores.Invites.RemoveAsync(invite.Code, [Entry(guild.Id, guild.Guild.OwnerId)], default));
        Assert.Null(await stores.Invites.FindAsync(invite.Code, Now, default));
        Assert.Equal(2, (await stores.AuditLog.ListAsync(guild.Id, new AuditLogQuery { Limit = 10 }, default)).Count);
    }
}
