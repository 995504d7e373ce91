using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Xunit;
using static Kith.Contracts.Guilds.GuildFixture;

namespace Kith.Contracts.Guilds;

/// <summary>What every store of memberships keeps.</summary>
public abstract class MemberStoreContract
{
    protected abstract ValueTask<GuildStores> StoresAsync();

    /// <summary>A user whom search finds by this name.</summary>
    protected abstract Task CreateUserAsync(UserId id, string name);

    [Fact]
    public async Task A_member_is_read_back_whole()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var member = Member(guild.Id, NewUser(), new RoleId(5), new RoleId(7)) with
        {
            Nick = "Spitzname 👋", Avatar = "a", CommunicationDisabledUntil = Now.AddDays(1), Mute = true, Deaf = true, Flags = 4, Temporary = true,
        };
        await stores.JoinAsync(member);
        var read = await stores.Members.FindAsync(guild.Id, member.UserId, default);
        Assert.NotNull(read);
        Assert.Equal(member.Roles, read.Roles);
        Assert.Equal(member with { Roles = read.Roles }, read);
    }

    [Fact]
    public async Task Members_with_equal_roles_share_one_list()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var users = (NewUser(), NewUser());
        await stores.JoinAsync(Member(guild.Id, users.Item1, new RoleId(9), new RoleId(8)));
        await stores.JoinAsync(Member(guild.Id, users.Item2, new RoleId(8), new RoleId(9)));
        var (one, two) = (await stores.Members.FindAsync(guild.Id, users.Item1, default), await stores.Members.FindAsync(guild.Id, users.Item2, default));
        Assert.Same(one!.Roles, two!.Roles);
        Assert.Equal([new RoleId(8), new RoleId(9)], one.Roles);
    }

    [Fact]
    public async Task A_list_is_read_in_pages_by_user_id()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var users = Enumerable.Range(0, 25).Select(_ => NewUser()).ToArray();
        await stores.Members.AddManyAsync([.. users.Reverse().Select(u => Member(guild.Id, u))], default);
        UserId[] expected = [guild.Guild.OwnerId, .. users];

        List<UserId> read = [];
        for (var after = default(UserId); await stores.Members.ListAsync(guild.Id, after, 10, default) is { Count: > 0 } page; after = page[^1].UserId)
        {
            Assert.True(page.Count <= 10);
            read.AddRange(page.Select(m => m.UserId));
        }

        Assert.Equal(expected.OrderBy(u => u.Value), read);
        Assert.Equal(26, await stores.Members.CountAsync(guild.Id, default));
    }

    [Fact]
    public async Task Many_are_found_by_id_at_once_and_those_who_are_no_members_are_left_out()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var (member, stranger) = (NewUser(), NewUser());
        await stores.JoinAsync(Member(guild.Id, member));
        var found = await stores.Members.FindManyAsync(guild.Id, [stranger, member, guild.Guild.OwnerId], default);
        Assert.Equal(new[] { guild.Guild.OwnerId, member }.OrderBy(u => u.Value), found.Select(m => m.UserId).OrderBy(u => u.Value));
        Assert.Empty(await stores.Members.FindManyAsync(guild.Id, [], default));
    }

    [Fact]
    public async Task Adding_many_leaves_members_as_they_are_and_counts_the_new_ones()
    {
        var stores = await StoresAsync();
        var (guild, other) = (await stores.CreateAsync(), await stores.CreateAsync());
        var known = NewUser();
        await stores.JoinAsync(Member(guild.Id, known) with { Nick = "kept" });
        MemberRecord[] many = [Member(guild.Id, known), .. Enumerable.Range(0, 1500).Select(i => Member(guild.Id, NewUser()) with { Nick = $"n'{i}\"" }), Member(other.Id, known)];
        Assert.Equal(1501, await stores.Members.AddManyAsync(many, default));
        Assert.Equal(0, await stores.Members.AddManyAsync(many, default));
        Assert.Equal(0, await stores.Members.AddManyAsync([], default));
        Assert.Equal((1502, 2), (await stores.Members.CountAsync(guild.Id, default), await stores.Members.CountAsync(other.Id, default)));
        Assert.Equal("kept", (await stores.Members.FindAsync(guild.Id, known, default))!.Nick);
        Assert.Equal("n'3\"", (await stores.Members.FindAsync(guild.Id, many[4].UserId, default))!.Nick);
    }

    [Fact]
    public async Task Search_finds_nicks_and_names_by_prefix_without_regard_to_case()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var prefix = $"s{NextId()}";
        var (byNick, byName, both, neither, elsewhere) = (NewUser(), NewUser(), NewUser(), NewUser(), NewUser());
        await CreateUserAsync(byName, $"{prefix}-b");
        await CreateUserAsync(both, $"{prefix}-c");
        await CreateUserAsync(neither, $"x{prefix}");
        await CreateUserAsync(elsewhere, $"{prefix}-d");
        await stores.JoinAsync(Member(guild.Id, byNick) with { Nick = $"{prefix.ToUpperInvariant()} Grüße" });
        await stores.JoinAsync(Member(guild.Id, byName) with { Nick = "other" });
        await stores.JoinAsync(Member(guild.Id, both) with { Nick = prefix });
        await stores.JoinAsync(Member(guild.Id, neither));

        UserId[] expected = [byNick, byName, both];
        Assert.Equal(expected.OrderBy(u => u.Value), (await stores.Members.SearchAsync(guild.Id, prefix.ToUpperInvariant(), 10, default)).Select(m => m.UserId));
        Assert.Equal(2, (await stores.Members.SearchAsync(guild.Id, prefix, 2, default)).Count);
        Assert.Empty(await stores.Members.SearchAsync(guild.Id, $"%{prefix[1..]}", 10, default));
    }

    [Fact]
    public async Task Joining_tells_why_it_fails()
    {
        var stores = await StoresAsync();
        var (guild, other) = (await stores.CreateAsync(), await stores.CreateAsync());
        var (user, banned) = (NewUser(), NewUser());
        await stores.Bans.AddAsync(guild.Id, new BanRecord(banned, null), [], default);
        Assert.Equal(Admission.Added, await stores.Members.AddAsync(Member(guild.Id, user), most: 1, [], default));
        Assert.Equal(Admission.AlreadyMember, await stores.Members.AddAsync(Member(guild.Id, user), NoLimit, [], default));
        Assert.Equal(Admission.TooManyGuilds, await stores.Members.AddAsync(Member(other.Id, user), most: 1, [], default));
        Assert.Equal(Admission.Banned, await stores.Members.AddAsync(Member(guild.Id, banned), NoLimit, [], default));
        Assert.Equal(2, await stores.Members.CountAsync(guild.Id, default));
    }

    [Fact]
    public async Task Of_many_joins_of_one_user_at_once_exactly_one_adds()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var user = NewUser();
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => stores.Members.AddAsync(Member(guild.Id, user), NoLimit, [], default)));
        Assert.Equal(1, results.Count(r => r == Admission.Added));
        Assert.Equal(2, await stores.Members.CountAsync(guild.Id, default));
    }

    [Fact]
    public async Task Changes_of_one_member_at_once_all_last()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var user = NewUser();
        await stores.JoinAsync(Member(guild.Id, user));
        var roles = Enumerable.Range(1, 30).Select(i => new RoleId(i)).ToArray();
        await Task.WhenAll(roles.Select(role => stores.Members.UpdateAsync(
            guild.Id, user, before => new MemberChange(before, before with { Roles = [.. before.Roles, role] }, [Entry(guild.Id, user)]), default)));
        Assert.Equal(roles, (await stores.Members.FindAsync(guild.Id, user, default))!.Roles);
        Assert.Equal(guild.Version + 30, (await stores.LoadAsync(guild.Id)).Version);
        Assert.Equal(30, (await stores.AuditLog.ListAsync(guild.Id, new AuditLogQuery { Limit = 100 }, default)).Count);
    }

    [Fact]
    public async Task A_change_of_who_has_left_or_to_what_it_was_writes_nothing()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        MemberChange Same(MemberRecord before) => new(before, before, [Entry(guild.Id, before.UserId)]);
        Assert.Null(await stores.Members.UpdateAsync(guild.Id, NewUser(), Same, default));
        Assert.NotNull(await stores.Members.UpdateAsync(guild.Id, guild.Guild.OwnerId, Same, default));
        Assert.Empty(await stores.AuditLog.ListAsync(guild.Id, new AuditLogQuery { Limit = 10 }, default));
        Assert.Equal(guild.Version, (await stores.LoadAsync(guild.Id)).Version);
    }

    [Fact]
    public async Task Removal_tells_who_was_there_and_counts_them_out()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var (one, two, stranger) = (NewUser(), NewUser(), NewUser());
        await stores.JoinAsync(Member(guild.Id, one) with { Nick = "one" });
        await stores.JoinAsync(Member(guild.Id, two));
        var gone = await stores.Members.RemoveAsync(guild.Id, [one, two, stranger], [Entry(guild.Id, one)], default);
        Assert.Equal(new[] { one, two }.OrderBy(u => u.Value), gone.Select(m => m.UserId).OrderBy(u => u.Value));
        Assert.Empty(await stores.Members.RemoveAsync(guild.Id, [one], [Entry(guild.Id, one)], default));
        Assert.Equal(1, await stores.Members.CountAsync(guild.Id, default));
        Assert.Single(await stores.AuditLog.ListAsync(guild.Id, new AuditLogQuery { Limit = 10 }, default));
    }

    [Fact]
    public async Task The_owner_is_never_removed()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var (owner, other) = (guild.Guild.OwnerId, NewUser());
        await stores.JoinAsync(Member(guild.Id, other));
        Assert.Equal([other], (await stores.Members.RemoveAsync(guild.Id, [owner, other], [], default)).Select(m => m.UserId));
        Assert.Equal(default, await stores.Bans.AddAsync(guild.Id, new BanRecord(owner, null), [], default));
        Assert.NotNull(await stores.Members.FindAsync(guild.Id, owner, default));
        Assert.Null(await stores.Bans.FindAsync(guild.Id, owner, default));
        Assert.Equal(1, await stores.Members.CountAsync(guild.Id, default));
    }

    [Fact]
    public async Task Roles_are_counted()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var (a, b) = (NewRole(), NewRole());
        await stores.Members.AddManyAsync(
            [Member(guild.Id, NewUser(), a), Member(guild.Id, NewUser(), a), Member(guild.Id, NewUser(), a, b), Member(guild.Id, NewUser())], default);
        var counts = await stores.Members.CountByRoleAsync(guild.Id, default);
        Assert.Equal((3, 1, 2), (counts[a], counts[b], counts.Count));
    }

    [Fact]
    public async Task A_user_has_its_guilds_and_its_temporary_memberships_without_a_role()
    {
        var stores = await StoresAsync();
        var user = NewUser();
        var guilds = new[] { await stores.CreateAsync(), await stores.CreateAsync(), await stores.CreateAsync() };
        await stores.JoinAsync(Member(guilds[0].Id, user));
        await stores.JoinAsync(Member(guilds[1].Id, user) with { Temporary = true });
        await stores.JoinAsync(Member(guilds[2].Id, user, NewRole()) with { Temporary = true });
        Assert.Equal(guilds.Select(g => g.Id), (await stores.Members.OfUserAsync(user, default)).Select(m => m.GuildId));
        Assert.Equal([guilds[1].Id], (await stores.Members.TemporaryOfUserAsync(user, default)).Select(m => m.GuildId));
    }
}
