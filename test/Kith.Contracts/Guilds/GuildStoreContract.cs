using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Expressions;
using Kith.Protocol;
using Xunit;
using static Kith.Contracts.Guilds.GuildFixture;

namespace Kith.Contracts.Guilds;

/// <summary>What every store of guilds, roles and channels keeps.</summary>
public abstract class GuildStoreContract
{
    protected abstract ValueTask<GuildStores> StoresAsync();

    [Fact]
    public async Task A_guild_is_read_back_whole()
    {
        var stores = await StoresAsync();
        var id = new GuildId(NextId());
        var (owner, text) = (NewUser(), Channel(id) with
        {
            Topic = "Grüße 👋", Position = 3, Nsfw = true, RateLimitPerUser = 5, ParentId = new ChannelId(NextId()),
            Overwrites = [new PermissionOverwrite(new OverwriteId(id.Value), OverwriteType.Role, Permissions.ViewChannel, Permissions.All & ~Permissions.ViewChannel)],
        });
        var voice = Channel(id, "Voice") with { Type = ChannelType.GuildVoice, Bitrate = 96_000, UserLimit = 7 };
        var role = new Role
        {
            Id = NewRole(), Name = "Rolle", Permissions = Permissions.All, Position = 1, Color = 0x123456, Colors = new RoleColors(0x123456, 1, 2), Hoist = true, Managed = true,
            Mentionable = true, Tags = new RoleTags(NewUser()),
        };
        var everyone = new Role { Id = new RoleId(id.Value), Name = "@everyone" };
        var record = new GuildRecord
        {
            Id = id, Name = "世界", OwnerId = owner, Icon = "icon", Version = 1,
            Settings = new GuildSettings { Description = "d", SystemChannelId = text.Id, AfkTimeout = 60, VerificationLevel = 2, PreferredLocale = "de", Features = ["COMMUNITY"] },
        };
        Assert.True(await stores.Guilds.CreateAsync(new GuildSnapshot(record, [everyone, role], [text, voice]), Member(id, owner), NoLimit, default));

        var read = await stores.LoadAsync(id);
        Assert.Equal(record with { Settings = read.Guild.Settings }, read.Guild);
        Assert.Equal((text.Id, "COMMUNITY", 60, "de"), (read.Guild.Settings.SystemChannelId, read.Guild.Settings.Features[0], read.Guild.Settings.AfkTimeout, read.Guild.Settings.PreferredLocale));
        Assert.Equal(role, read.Roles[role.Id]);
        Assert.Equal(text with { Overwrites = read.Channels[text.Id].Overwrites }, read.Channels[text.Id] with { Recipients = text.Recipients });
        Assert.Equal(text.Overwrites, read.Channels[text.Id].Overwrites);
        Assert.Equal((96_000, 7), (read.Channels[voice.Id].Bitrate, read.Channels[voice.Id].UserLimit));
        Assert.NotNull(await stores.Members.FindAsync(id, owner, default));
    }

    [Fact]
    public async Task Emojis_and_stickers_are_kept_changed_and_removed()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var emoji = new EmojiRecord(new EmojiId(NextId()), "blob", [new RoleId(7)], guild.Guild.OwnerId, Animated: true);
        var sticker = new StickerRecord(new StickerId(NextId()), guild.Id, "wave", null, "👋", StickerFormat.Gif, guild.Guild.OwnerId);
        await stores.Guilds.ApplyAsync(new GuildChange(guild) { Emojis = [emoji], Stickers = [sticker] }, default);
        var first = await stores.LoadAsync(guild.Id);
        Assert.Equal(emoji with { Roles = first.Emojis[0].Roles }, first.Emojis.Single());
        Assert.Equal([new RoleId(7)], first.Emojis[0].Roles);
        Assert.Equal(sticker, first.Stickers.Single());
        await stores.Guilds.ApplyAsync(new GuildChange(first) { Emojis = [emoji with { Name = "renamed" }], DeletedSticker = sticker.Id }, default);
        var second = await stores.LoadAsync(guild.Id);
        Assert.Equal("renamed", second.Emojis.Single().Name);
        Assert.Empty(second.Stickers);
        await stores.Guilds.ApplyAsync(new GuildChange(second) { DeletedEmoji = emoji.Id }, default);
        Assert.Empty((await stores.LoadAsync(guild.Id)).Emojis);
    }

    [Fact]
    public async Task A_guild_that_does_not_exist_is_null() => Assert.Null(await (await StoresAsync()).Guilds.LoadAsync(new GuildId(NextId()), default));

    [Fact]
    public async Task Who_is_in_as_many_guilds_as_one_may_creates_none()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var more = new GuildSnapshot(guild.Guild with { Id = new GuildId(NextId()) }, [], []);
        Assert.False(await stores.Guilds.CreateAsync(more, Member(more.Id, guild.Guild.OwnerId), most: 1, default));
        Assert.Null(await stores.Guilds.LoadAsync(more.Id, default));
    }

    [Fact]
    public async Task A_change_applies_whole_and_raises_the_version_by_one()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var (role, channel) = (new Role { Id = NewRole(), Name = "role" }, Channel(guild.Id, "second"));
        var entry = Entry(guild.Id, guild.Guild.OwnerId);
        var change = new GuildChange(guild) { Guild = guild.Guild with { Name = "Renamed" }, Roles = [role], Channels = [channel], Audit = [entry] };
        Assert.Equal(GuildChangeOutcome.Applied, await stores.Guilds.ApplyAsync(change, default));

        var read = await stores.LoadAsync(guild.Id);
        Assert.Equal((guild.Version + 1, "Renamed"), (read.Version, read.Guild.Name));
        Assert.Equal(change.Version, read.Version);
        Assert.True(read.Roles.ContainsKey(role.Id) && read.Channels.ContainsKey(channel.Id));
        Assert.Equal(entry.Id, Assert.Single(await stores.AuditLog.ListAsync(guild.Id, new AuditLogQuery { Limit = 10 }, default)).Id);
    }

    [Fact]
    public async Task A_change_planned_on_an_older_version_does_nothing()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var first = new GuildChange(guild) { Guild = guild.Guild with { Name = "First" } };
        var second = new GuildChange(guild) { Guild = guild.Guild with { Name = "Second" }, Channels = [Channel(guild.Id)], Audit = [Entry(guild.Id, guild.Guild.OwnerId)] };
        Assert.Equal(GuildChangeOutcome.Applied, await stores.Guilds.ApplyAsync(first, default));
        Assert.Equal(GuildChangeOutcome.Stale, await stores.Guilds.ApplyAsync(second, default));

        var read = await stores.LoadAsync(guild.Id);
        Assert.Equal(("First", 1), (read.Guild.Name, read.Channels.Count));
        Assert.Empty(await stores.AuditLog.ListAsync(guild.Id, new AuditLogQuery { Limit = 10 }, default));
    }

    [Fact]
    public async Task Of_many_changes_planned_on_one_version_exactly_one_applies()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            stores.Guilds.ApplyAsync(new GuildChange(guild) { Channels = [Channel(guild.Id, $"c{i}")] }, default)));
        Assert.Equal(1, outcomes.Count(o => o == GuildChangeOutcome.Applied));
        Assert.Equal(2, (await stores.LoadAsync(guild.Id)).Channels.Count);
    }

    [Fact]
    public async Task A_deleted_role_is_taken_from_every_member_who_has_it_and_from_no_list_more()
    {
        var stores = await StoresAsync();
        // Ids that contain each other's digits.
        var (gone, longer, other) = (new Role { Id = new RoleId(12), Name = "" }, new Role { Id = new RoleId(4123), Name = "" }, new Role { Id = new RoleId(123), Name = "" });
        var guild = await stores.CreateAsync(gone, longer, other);
        RoleId[][] sets = [[gone.Id], [gone.Id, other.Id], [other.Id, longer.Id], [gone.Id, other.Id, longer.Id], []];
        var users = sets.Select(_ => NewUser()).ToArray();
        await stores.Members.AddManyAsync([.. sets.Select((roles, i) => Member(guild.Id, users[i], roles))], default);
        Assert.Equal(GuildChangeOutcome.Applied, await stores.Guilds.ApplyAsync(new GuildChange(guild) { DeletedRole = gone.Id }, default));

        for (var i = 0; i < sets.Length; i++)
            Assert.Equal(sets[i].Where(r => r != gone.Id), (await stores.Members.FindAsync(guild.Id, users[i], default))!.Roles);
        Assert.False((await stores.LoadAsync(guild.Id)).Roles.ContainsKey(gone.Id));
    }

    [Fact]
    public async Task A_deleted_channel_takes_its_invites_along_and_leaves_a_note_about_its_messages()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var invite = Invite(guild);
        Assert.True(await stores.Invites.AddAsync(invite, 10, [], default));
        var channel = guild.ChannelsInOrder[0].Id;
        Assert.Equal(GuildChangeOutcome.Applied, await stores.Guilds.ApplyAsync(new GuildChange(guild) { DeletedChannel = channel }, default));

        Assert.Empty((await stores.LoadAsync(guild.Id)).Channels);
        Assert.Null(await stores.Invites.FindAsync(invite.Code, Now, default));
        Assert.Contains(channel, await stores.Deleted.ListAsync(DateTimeOffset.MaxValue, 100_000, default));
        Assert.DoesNotContain(channel, await stores.Deleted.ListAsync(DateTimeOffset.UtcNow.AddHours(-1), 100_000, default));
        await stores.Deleted.RemoveAsync(channel, default);
        Assert.DoesNotContain(channel, await stores.Deleted.ListAsync(DateTimeOffset.MaxValue, 100_000, default));
    }

    [Fact]
    public async Task A_member_comes_with_a_change_or_not_at_all()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var (role, bot, banned) = (new Role { Id = NewRole(), Name = "bot" }, NewUser(), NewUser());
        Assert.Equal(GuildChangeOutcome.Applied, await stores.Guilds.ApplyAsync(new GuildChange(guild) { Roles = [role], NewMember = Member(guild.Id, bot, role.Id) }, default));
        Assert.Equal([role.Id], (await stores.Members.FindAsync(guild.Id, bot, default))!.Roles);
        Assert.Equal(2, await stores.Members.CountAsync(guild.Id, default));

        await stores.Bans.AddAsync(guild.Id, new BanRecord(banned, null), [], default);
        var now = await stores.LoadAsync(guild.Id);
        var more = new Role { Id = NewRole(), Name = "more" };
        Assert.Equal(GuildChangeOutcome.AlreadyMember, await stores.Guilds.ApplyAsync(new GuildChange(now) { Roles = [more], NewMember = Member(guild.Id, bot) }, default));
        Assert.Equal(GuildChangeOutcome.Banned, await stores.Guilds.ApplyAsync(new GuildChange(now) { Roles = [more], NewMember = Member(guild.Id, banned) }, default));
        Assert.Equal(now.Version, (await stores.LoadAsync(guild.Id)).Version);
    }

    [Fact]
    public async Task A_guild_is_given_to_a_member_only()
    {
        var stores = await StoresAsync();
        var guild = await stores.CreateAsync();
        var heir = NewUser();
        var change = new GuildChange(guild) { Guild = guild.Guild with { OwnerId = heir } };
        Assert.Equal(GuildChangeOutcome.HeirGone, await stores.Guilds.ApplyAsync(change, default));
        await stores.JoinAsync(Member(guild.Id, heir));
        Assert.Equal(GuildChangeOutcome.Applied, await stores.Guilds.ApplyAsync(change, default));
        Assert.Equal(heir, (await stores.LoadAsync(guild.Id)).Guild.OwnerId);
    }

    [Fact]
    public async Task A_deleted_guild_leaves_nothing_behind()
    {
        var stores = await StoresAsync();
        var (guild, other) = (await stores.CreateAsync(), await stores.CreateAsync());
        var (member, banned, invite) = (NewUser(), NewUser(), Invite(guild));
        await stores.JoinAsync(Member(guild.Id, member));
        await stores.Bans.AddAsync(guild.Id, new BanRecord(banned, null), [Entry(guild.Id, member)], default);
        await stores.Invites.AddAsync(invite, 10, [], default);
        Assert.True(await stores.Guilds.DeleteAsync(guild.Id, default));
        Assert.False(await stores.Guilds.DeleteAsync(guild.Id, default));

        Assert.Null(await stores.Guilds.LoadAsync(guild.Id, default));
        Assert.Empty(await stores.Members.OfUserAsync(member, default));
        Assert.Null(await stores.Bans.FindAsync(guild.Id, banned, default));
        Assert.Null(await stores.Invites.FindAsync(invite.Code, Now, default));
        Assert.Empty(await stores.AuditLog.ListAsync(guild.Id, new AuditLogQuery { Limit = 10 }, default));
        Assert.Contains(guild.ChannelsInOrder[0].Id, await stores.Deleted.ListAsync(DateTimeOffset.MaxValue, 100_000, default));
        Assert.Single((await stores.LoadAsync(other.Id)).Channels);
        Assert.Equal(Admission.UnknownGuild, await stores.Members.AddAsync(Member(guild.Id, member), NoLimit, [], default));
    }
}
