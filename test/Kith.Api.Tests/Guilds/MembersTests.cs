using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Api.Tests.Guilds;

public sealed class MembersTests(KithHost host)
{
    const string ManageNicknames = "134217728", ManageRoles = "268435456", ModerateMembers = "1099511627776", KickMembers = "2";

    [Fact]
    public async Task Members_are_listed_in_pages_by_id()
    {
        var users = await host.Register(6);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        var expected = users.Select(u => u.Id).OrderBy(id => id.Value).ToArray();
        var path = $"/guilds/{guild.Id}/members";
        Assert.Equal(expected, (await users[3].Api.Get($"{path}?limit=1000")).Ok().Items().Select(m => m.GetProperty("user").Id<UserId>()));
        Assert.Single((await users[3].Api.Get(path)).Ok().Items());
        Assert.Equal(expected[2..4], (await users[3].Api.Get($"{path}?limit=2&after={expected[1]}")).Ok().Items().Select(m => m.GetProperty("user").Id<UserId>()));
        Assert.Empty((await users[3].Api.Get($"{path}?limit=2&after={long.MaxValue}")).Ok().Items());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("after=x", "after")]
    public async Task A_page_out_of_bounds_names_its_field(string query, string field)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        (await owner.Api.Get($"/guilds/{guild.Id}/members?{query}")).RefusedField(field);
    }

    [Fact]
    public async Task Search_finds_nicks_and_names_by_prefix_and_takes_no_wildcards()
    {
        var users = await host.Register(3);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        (await users[1].Api.Patch($"/guilds/{guild.Id}/members/@me", new { nick = "Zaphod B." })).Ok();
        async Task<IEnumerable<UserId>> Search(string query) =>
            (await users[2].Api.Get($"/guilds/{guild.Id}/members/search?limit=10&query={Uri.EscapeDataString(query)}")).Ok().Items().Select(m => m.GetProperty("user").Id<UserId>());
        Assert.Equal([users[1].Id], await Search("zAPH"));
        Assert.Equal([users[2].Id], await Search(users[2].Name.ToUpperInvariant()));
        foreach (var hostile in (string[])["%", "_", "*", "' OR 1=1 --", "\"", "\0", "zaphod%"])
            Assert.Empty(await Search(hostile));
        (await users[2].Api.Get($"/guilds/{guild.Id}/members/search")).RefusedField("query");
        (await users[2].Api.Get($"/guilds/{guild.Id}/members/search?query={new string('x', 101)}")).RefusedField("query");
    }

    [Fact]
    public async Task A_member_is_found_and_a_stranger_is_not()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        Assert.Equal(users[0].Id, (await users[0].Api.Get($"/guilds/{guild.Id}/members/{users[0].Id}")).Ok().GetProperty("user").Id<UserId>());
        Assert.Equal(users[0].Id, (await users[0].Api.Get($"/users/@me/guilds/{guild.Id}/member")).Ok().GetProperty("user").Id<UserId>());
        (await users[0].Api.Get($"/guilds/{guild.Id}/members/{users[1].Id}")).Refused(ErrorCode.UnknownMember);
        (await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { nick = "x" })).Refused(ErrorCode.UnknownMember);
        (await users[0].Api.Delete($"/guilds/{guild.Id}/members/{users[1].Id}")).Refused(ErrorCode.UnknownMember);
        (await users[0].Api.Put($"/guilds/{guild.Id}/members/{users[1].Id}/roles/{await users[0].CreateRole(guild.Id)}")).Refused(ErrorCode.UnknownMember);
    }

    [Fact]
    public async Task A_nick_is_set_cleared_and_announced()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await using var probe = await GatewayProbe.Login(users[0]);
        Assert.Equal("Ford", (await users[1].Api.Patch($"/guilds/{guild.Id}/members/@me", new { nick = " Ford " })).Ok().Str("nick"));
        var update = await probe.Next("GUILD_MEMBER_UPDATE");
        Assert.Equal(("Ford", users[1].Id, guild.Id), (update.Str("nick"), update.GetProperty("user").Id<UserId>(), update.Id<GuildId>("guild_id")));
        Assert.Equal("Prefect", (await users[1].Api.Patch($"/guilds/{guild.Id}/members/@me/nick", new { nick = "Prefect" })).Ok().Str("nick"));
        Assert.Null((await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { nick = "" })).Ok().Str("nick"));
        (await users[1].Api.Patch($"/guilds/{guild.Id}/members/@me", new { nick = new string('x', 33) })).RefusedField("nick");
        (await users[0].Api.Patch($"/guilds/{guild.Id}/roles/{guild.Everyone}", new { permissions = "1024" })).Ok();
        (await users[1].Api.Patch($"/guilds/{guild.Id}/members/@me", new { nick = "x" })).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task Nobody_acts_on_who_stands_as_high_or_higher()
    {
        var users = await host.Register(4);
        var (owner, guild) = (users[0], await users[0].CreateGuild());
        await guild.Admit(users[1..]);
        var permissions = $"{ulong.Parse(ManageNicknames) | ulong.Parse(ManageRoles) | ulong.Parse(ModerateMembers) | 2 | 4 | (1UL << 22) | (1UL << 23)}";
        var (low, high) = (await owner.CreateRole(guild.Id, "low", new { permissions }), await owner.CreateRole(guild.Id, "high", new { permissions }));
        (await owner.Api.Patch($"/guilds/{guild.Id}/roles", new[] { new { id = low, position = 1 }, new { id = high, position = 2 } })).Ok();
        await owner.GiveRole(guild.Id, users[1].Id, low);
        await owner.GiveRole(guild.Id, users[2].Id, high);
        var (moderator, equal, superior) = (users[1], users[3], users[2]);
        await owner.GiveRole(guild.Id, equal.Id, low);
        object[] bodies = [new { nick = "x" }, new { mute = true }, new { deaf = true }, new { communication_disabled_until = DateTimeOffset.UtcNow.AddHours(1) }, new { flags = 4 }];
        foreach (var target in (TestUser[])[owner, superior, equal])
        {
            foreach (var body in bodies)
                (await moderator.Api.Patch($"/guilds/{guild.Id}/members/{target.Id}", body)).Refused(ErrorCode.MissingPermissions);
            (await moderator.Api.Delete($"/guilds/{guild.Id}/members/{target.Id}")).Refused(ErrorCode.MissingPermissions);
            (await moderator.Api.Put($"/guilds/{guild.Id}/bans/{target.Id}")).Refused(ErrorCode.MissingPermissions);
        }

        (await moderator.Api.Put($"/guilds/{guild.Id}/members/{moderator.Id}/roles/{high}")).Refused(ErrorCode.MissingPermissions);
        (await moderator.Api.Delete($"/guilds/{guild.Id}/members/{superior.Id}/roles/{high}")).Refused(ErrorCode.MissingPermissions);
        (await moderator.Api.Patch($"/guilds/{guild.Id}/members/{superior.Id}", new { roles = Array.Empty<string>() })).Refused(ErrorCode.MissingPermissions);
        foreach (var body in bodies)
            (await superior.Api.Patch($"/guilds/{guild.Id}/members/{moderator.Id}", body)).Ok();
        (await superior.Api.Delete($"/guilds/{guild.Id}/members/{moderator.Id}")).Ok(204);
    }

    [Fact]
    public async Task Roles_are_given_and_taken_one_by_one_and_as_a_list()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var roles = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => users[0].CreateRole(guild.Id, $"r{i}")));
        await using var probe = await GatewayProbe.Login(users[1]);
        (await users[0].Api.Put($"/guilds/{guild.Id}/members/{users[1].Id}/roles/{roles[0]}")).Ok(204);
        Assert.Equal([roles[0].ToString()], (await probe.Next("GUILD_MEMBER_UPDATE")).Items("roles").Select(r => r.GetString()));
        (await users[0].Api.Put($"/guilds/{guild.Id}/members/{users[1].Id}/roles/{roles[0]}")).Ok(204);
        var listed = (await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { roles = new[] { roles[2], roles[1], roles[2] } })).Ok();
        Assert.Equal(new[] { roles[1], roles[2] }.OrderBy(r => r.Value).Select(r => r.ToString()), listed.Items("roles").Select(r => r.GetString()!));
        (await users[0].Api.Delete($"/guilds/{guild.Id}/members/{users[1].Id}/roles/{roles[1]}")).Ok(204);
        (await users[0].Api.Delete($"/guilds/{guild.Id}/members/{users[1].Id}/roles/{roles[1]}")).Ok(204);
        Assert.Equal([roles[2].ToString()], (await users[0].Api.Get($"/guilds/{guild.Id}/members/{users[1].Id}")).Ok().Items("roles").Select(r => r.GetString()));
        (await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { roles = new[] { "5" } })).Refused(ErrorCode.UnknownRole);
        (await users[1].Api.Put($"/guilds/{guild.Id}/members/{users[1].Id}/roles/{roles[0]}")).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Patch($"/guilds/{guild.Id}/members/{users[0].Id}", new { roles = Array.Empty<string>() })).Refused(ErrorCode.MissingPermissions);
    }

    [Fact]
    public async Task Roles_given_by_many_at_once_all_last()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var roles = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => users[0].CreateRole(guild.Id, $"r{i}")));
        await Task.WhenAll(roles.Select(r => users[0].GiveRole(guild.Id, users[1].Id, r)));
        Assert.Equal(20, (await users[0].Api.Get($"/guilds/{guild.Id}/members/{users[1].Id}")).Ok().Items("roles").Count);
    }

    [Fact]
    public async Task A_timeout_silences_until_it_ends_and_spares_administrators()
    {
        var users = await host.Register(3);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        await users[0].GiveRole(guild.Id, users[2].Id, await users[0].CreateRole(guild.Id, "admin", new { permissions = "8" }));
        var until = DateTimeOffset.UtcNow.AddHours(1);
        Task<ApiReply> TimeOut(TestUser target, object? end) => users[0].Api.Patch($"/guilds/{guild.Id}/members/{target.Id}", new { communication_disabled_until = end });
        (await TimeOut(users[1], until)).Ok();
        (await users[1].Api.Post($"/channels/{guild.General}/messages", new { content = "hm" })).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Get($"/channels/{guild.General}/messages")).Ok();
        (await TimeOut(users[2], until)).Refused(ErrorCode.MissingPermissions);
        (await TimeOut(users[0], until)).Refused(ErrorCode.MissingPermissions);
        (await TimeOut(users[1], DateTimeOffset.UtcNow.AddDays(28).AddMinutes(5))).RefusedField("communication_disabled_until");
        (await TimeOut(users[1], "tomorrow")).RefusedField("communication_disabled_until");
        (await TimeOut(users[1], DateTimeOffset.UtcNow.AddDays(28).AddMinutes(-5))).Ok();
        (await TimeOut(users[1], null)).Ok();
        await users[1].Send(guild.General, "back");
    }

    [Fact]
    public async Task A_timeout_ends_by_the_clock()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var own = await KithHost.Start(new KithHostSetup { Clock = clock });
        var users = await own.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        (await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { communication_disabled_until = clock.GetUtcNow().AddMinutes(10) })).Ok();
        clock.Advance(TimeSpan.FromMinutes(9));
        (await users[1].Api.Post($"/channels/{guild.General}/messages", new { content = "hm" })).Refused(ErrorCode.MissingPermissions);
        clock.Advance(TimeSpan.FromMinutes(1));
        await users[1].Send(guild.General, "back");
    }

    [Fact]
    public async Task Voice_state_is_kept_and_nobody_is_moved_who_is_in_no_voice_channel()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var voice = await users[0].CreateChannel(guild.Id, "v", new { type = 2 });
        var changed = (await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { mute = true, deaf = true })).Ok();
        Assert.True(changed.Bool("mute") && changed.Bool("deaf"));
        (await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { channel_id = voice })).Refused(ErrorCode.TargetNotInVoice);
        (await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { channel_id = (string?)null })).Ok();
    }

    [Fact]
    public async Task Who_is_kicked_or_leaves_is_gone_at_once_and_comes_back_as_new()
    {
        var users = await host.Register(3);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        (await users[1].Api.Patch($"/guilds/{guild.Id}/members/@me", new { nick = "Old" })).Ok();
        await using var kicked = await GatewayProbe.Login(users[1]);
        await using var watching = await GatewayProbe.Login(users[0]);
        (await users[2].Api.Delete($"/guilds/{guild.Id}/members/{users[1].Id}")).Refused(ErrorCode.MissingPermissions);
        (await users[0].Api.Delete($"/guilds/{guild.Id}/members/{users[1].Id}")).Ok(204);
        Assert.Equal(guild.Id, (await kicked.Next("GUILD_DELETE")).Id<GuildId>());
        var removed = await watching.Next("GUILD_MEMBER_REMOVE");
        Assert.Equal((guild.Id, users[1].Id), (removed.Id<GuildId>("guild_id"), removed.GetProperty("user").Id<UserId>()));
        (await users[1].Api.Get($"/guilds/{guild.Id}")).Refused(ErrorCode.UnknownGuild);
        (await users[1].Api.Post($"/channels/{guild.General}/messages", new { content = "still here?" })).Refused(ErrorCode.UnknownChannel);

        (await users[2].Api.Delete($"/users/@me/guilds/{guild.Id}")).Ok(204);
        Assert.Equal(users[2].Id, (await watching.Next("GUILD_MEMBER_REMOVE")).GetProperty("user").Id<UserId>());
        await guild.Admit(users[1]);
        Assert.Null((await users[1].Api.Get($"/guilds/{guild.Id}/members/{users[1].Id}")).Ok().Str("nick"));
        Assert.Equal(guild.Id, (await kicked.Next("GUILD_CREATE")).Id<GuildId>());
    }

    [Fact]
    public async Task Who_joins_is_announced_and_greeted_in_the_system_channel_where_that_is_wished()
    {
        var users = await host.Register(3);
        var guild = await users[0].CreateGuild();
        await using var probe = await GatewayProbe.Login(users[0]);
        await guild.Admit(users[1]);
        var added = await probe.Next("GUILD_MEMBER_ADD");
        Assert.Equal((guild.Id, users[1].Id), (added.Id<GuildId>("guild_id"), added.GetProperty("user").Id<UserId>()));
        var greeting = await probe.Next("MESSAGE_CREATE");
        Assert.Equal((7, users[1].Id, guild.General), (greeting.Int("type"), greeting.GetProperty("author").Id<UserId>(), greeting.Id<ChannelId>("channel_id")));

        (await users[0].Api.Patch($"/guilds/{guild.Id}", new { system_channel_flags = 1 })).Ok();
        await guild.Admit(users[2]);
        await probe.Next("GUILD_MEMBER_ADD");
        Assert.Single((await users[0].Api.Get($"/channels/{guild.General}/messages")).Ok().Items());
    }

    [Fact]
    public async Task Twenty_thousand_members_are_added_at_once_counted_and_paged()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var store = host.Services.GetRequiredService<IMemberStore>();
        var counts = host.Services.GetRequiredService<MemberCounts>();
        var members = Enumerable.Range(1, 20_000).Select(i => new MemberRecord { GuildId = guild.Id, UserId = new UserId(i), JoinedAt = DateTimeOffset.UtcNow }).ToArray();
        Assert.Equal(20_000, await store.AddManyAsync(members, default));
        await counts.ChangedAsync(guild.Id, default);
        Assert.Equal(20_001, (await owner.Api.Get($"/guilds/{guild.Id}?with_counts=true")).Ok().Int("approximate_member_count"));
        var page = (await owner.Api.Get($"/guilds/{guild.Id}/members?limit=1000&after=19500")).Ok().Items();
        Assert.Equal((501, owner.Id), (page.Count, page[^1].GetProperty("user").Id<UserId>()));
    }
}
