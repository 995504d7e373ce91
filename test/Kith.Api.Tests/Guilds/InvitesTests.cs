using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Invites;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Api.Tests.Guilds;

public sealed class InvitesTests(KithHost host)
{
    [Fact]
    public async Task An_invite_lives_a_day_unless_told_otherwise_and_is_shown_to_anyone_with_its_code()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild("Cavern");
        var created = (await owner.Api.Post($"/channels/{guild.General}/invites")).Ok(200);
        Assert.Equal((86_400, 0, 0, false), (created.Int("max_age"), created.Int("max_uses"), created.Int("uses"), created.Bool("temporary")));
        Assert.Equal(owner.Id, created.GetProperty("inviter").Id<UserId>());
        var resolved = (await host.Anonymous().Get($"/invites/{created.Str("code")}?with_counts=true")).Ok();
        Assert.Equal(("Cavern", 1, 0), (resolved.GetProperty("guild").Str("name"), resolved.Int("approximate_member_count"), resolved.Int("approximate_presence_count")));
        Assert.Equal(("general", guild.General), (resolved.GetProperty("channel").Str("name"), resolved.GetProperty("channel").Id<ChannelId>()));
        Assert.False(resolved.TryGetProperty("uses", out _));
        Assert.False((await host.Anonymous().Get($"/invites/{created.Str("code")}")).Ok().TryGetProperty("approximate_member_count", out _));
        await using var probe = await GatewayProbe.Login(owner);
        var path = $"/invites/{created.Str("code")}?with_counts=true";
        Assert.Equal(1, (await (await host.Register()).Api.Get(path)).Ok().Int("approximate_member_count"));
    }

    [Fact]
    public async Task The_same_wish_gets_the_same_invite_unless_it_is_to_be_unique()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var first = await owner.CreateInvite(guild.General);
        Assert.Equal(first, await owner.CreateInvite(guild.General));
        Assert.NotEqual(first, await owner.CreateInvite(guild.General, new { unique = true }));
        Assert.NotEqual(first, await owner.CreateInvite(guild.General, new { max_age = 60 }));
        Assert.NotEqual(first, await owner.CreateInvite(guild.General, new { temporary = true }));
    }

    [Theory]
    [InlineData("max_age", -1)]
    [InlineData("max_age", 5_184_001)]
    [InlineData("max_uses", -1)]
    [InlineData("max_uses", 101)]
    public async Task An_invite_out_of_bounds_names_its_field(string field, int value)
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        (await owner.Api.Post($"/channels/{guild.General}/invites", new Dictionary<string, int>(StringComparer.Ordinal) { [field] = value })).RefusedField(field);
    }

    [Fact]
    public async Task An_invite_expires_by_the_clock()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var own = await KithHost.Start(new KithHostSetup { Clock = clock });
        var users = await own.Register(3);
        var guild = await users[0].CreateGuild();
        var (brief, forever) = (await users[0].CreateInvite(guild.General, new { max_age = 60 }), await users[0].CreateInvite(guild.General, new { max_age = 0 }));
        clock.Advance(TimeSpan.FromSeconds(59));
        await users[1].Join(brief);
        clock.Advance(TimeSpan.FromSeconds(1));
        (await users[2].Api.Post($"/invites/{brief}")).Refused(ErrorCode.UnknownInvite);
        (await users[2].Api.Get($"/invites/{brief}")).Refused(ErrorCode.UnknownInvite);
        Assert.Equal([forever], (await users[0].Api.Get($"/guilds/{guild.Id}/invites")).Ok().Items().Select(i => i.Str("code")));
        clock.Set(clock.GetUtcNow().AddDays(20));
        await users[2].Join(forever);
    }

    [Fact]
    public async Task An_invite_of_two_uses_admits_two_however_many_come_at_once()
    {
        var users = await host.Register(8);
        var guild = await users[0].CreateGuild();
        var invite = await users[0].CreateInvite(guild.General, new { max_uses = 2 });
        var replies = await Task.WhenAll(users[1..].Select(u => u.Api.Post($"/invites/{invite}")));
        Assert.Equal(2, replies.Count(r => r.Status == 200));
        Assert.All(replies.Where(r => r.Status != 200), r => r.Refused(ErrorCode.UnknownInvite));
        Assert.Equal(3, (await users[0].Api.Get($"/guilds/{guild.Id}?with_counts=true")).Ok().Int("approximate_member_count"));
    }

    [Fact]
    public async Task Joining_twice_at_once_joins_once_and_uses_one_use()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await using var probe = await GatewayProbe.Login(users[0]);
        var invite = await users[0].CreateInvite(guild.General);
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => users[1].Api.Post($"/invites/{invite}")));
        Assert.Equal(1, replies.Count(r => r.Ok(200).Bool("new_member")));
        Assert.Equal(1, (await users[0].Api.Get($"/guilds/{guild.Id}/invites")).Ok().Items().Single().Int("uses"));
        await users[0].Send(guild.General, "after");
        await probe.Wait("MESSAGE_CREATE", m => m.Str("content") == "after");
        Assert.Single(probe.Events, e => e.Name == "GUILD_MEMBER_ADD");
    }

    [Fact]
    public async Task Invites_are_listed_for_who_manages_and_announced_to_them()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var second = await users[0].CreateChannel(guild.Id, "second");
        await using var manager = await GatewayProbe.Login(users[0]);
        await using var member = await GatewayProbe.Login(users[1]);
        var invite = await users[1].CreateInvite(second, new { max_uses = 5 });
        var created = await manager.Next("INVITE_CREATE");
        Assert.Equal((invite, guild.Id, second, 5, users[1].Id),
            (created.Str("code"), created.Id<GuildId>("guild_id"), created.Id<ChannelId>("channel_id"), created.Int("max_uses"), created.GetProperty("inviter").Id<UserId>()));
        Assert.Equal([invite], (await users[0].Api.Get($"/channels/{second}/invites")).Ok().Items().Select(i => i.Str("code")));
        Assert.Equal(2, (await users[0].Api.Get($"/guilds/{guild.Id}/invites")).Ok().Items().Count);
        (await users[1].Api.Get($"/guilds/{guild.Id}/invites")).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Delete($"/invites/{invite}")).Refused(ErrorCode.MissingPermissions);

        Assert.Equal(invite, (await users[0].Api.Delete($"/invites/{invite}")).Ok(200).Str("code"));
        Assert.Equal((invite, second), ((await manager.Next("INVITE_DELETE")) is var d ? d.Str("code") : null, d.Id<ChannelId>("channel_id")));
        (await users[0].Api.Delete($"/invites/{invite}")).Refused(ErrorCode.UnknownInvite);
        (await users[1].Api.Post($"/invites/{invite}")).Refused(ErrorCode.UnknownInvite);
        await users[0].Send(guild.General, "after");
        await member.Next("MESSAGE_CREATE");
        member.AssertNone("INVITE_CREATE");
        member.AssertNone("INVITE_DELETE");
    }

    [Theory]
    [InlineData("nosuchcode")]
    [InlineData("%20")]
    [InlineData("'; DROP TABLE invites; --")]
    [InlineData("%F0%9F%91%8B")]
    public async Task An_unknown_code_is_unknown(string code)
    {
        var user = await host.Register();
        code = code.Contains(' ', StringComparison.Ordinal) ? Uri.EscapeDataString(code) : code;
        (await user.Api.Get($"/invites/{code}")).Refused(ErrorCode.UnknownInvite);
        (await user.Api.Post($"/invites/{code}")).Refused(ErrorCode.UnknownInvite);
        (await user.Api.Delete($"/invites/{code}")).Refused(ErrorCode.UnknownInvite);
    }

    [Fact]
    public async Task One_invites_only_where_one_may_and_not_into_categories_or_DMs()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var category = await users[0].CreateChannel(guild.Id, "c", new { type = 4 });
        (await users[0].Api.Post($"/channels/{category}/invites")).Refused(ErrorCode.CannotExecuteOnChannelType);
        (await users[0].Api.Put($"/channels/{guild.General}/permissions/{guild.Everyone}", new { type = 0, deny = "1" })).Ok(204);
        (await users[1].Api.Post($"/channels/{guild.General}/invites")).Refused(ErrorCode.MissingPermissions);
        var bot = await users[0].CreateBot($"bot{users[0].Id}");
        (await bot.Api.Post($"/invites/{await users[0].CreateInvite(guild.General)}")).Refused(ErrorCode.BotsCannotUse);
        (await users[0].Api.Patch($"/guilds/{guild.Id}", new { features = new[] { "INVITES_DISABLED" } })).Ok();
        (await (await host.Register()).Api.Post($"/invites/{await users[0].CreateInvite(guild.General)}")).Refused(ErrorCode.FeatureDisabled);
    }

    [Fact]
    public async Task A_guild_has_a_thousand_invites_at_most()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var store = host.Services.GetRequiredService<IInviteStore>();
        await Task.WhenAll(Enumerable.Range(0, GuildLimits.Invites - 1).Select(i => store.AddAsync(new InviteRecord
        {
            Code = $"{guild.Id}-{i}", GuildId = guild.Id, ChannelId = guild.General, InviterId = owner.Id, CreatedAt = DateTimeOffset.UtcNow,
        }, GuildLimits.Invites, [], default)));
        (await owner.Api.Post($"/channels/{guild.General}/invites", new { unique = true })).Ok();
        (await owner.Api.Post($"/channels/{guild.General}/invites", new { unique = true })).Refused(ErrorCode.MaxInvites);
        Assert.Equal(GuildLimits.Invites, (await owner.Api.Get($"/guilds/{guild.Id}/invites")).Ok().Items().Count);
    }

    [Fact]
    public async Task Who_came_by_a_temporary_invite_leaves_after_going_offline_unless_given_a_role()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var own = await KithHost.Start(new KithHostSetup { Clock = clock });
        var users = await own.Register(4);
        var guild = await users[0].CreateGuild();
        var invite = await users[0].CreateInvite(guild.General, new { temporary = true });
        var (visitor, settled, present) = (users[1], users[2], users[3]);
        foreach (var user in users[1..])
            await user.Join(invite);
        await users[0].GiveRole(guild.Id, settled.Id, await users[0].CreateRole(guild.Id));
        await using var watching = await GatewayProbe.Login(users[0]);
        await using var staying = await GatewayProbe.Login(present);
        foreach (var user in (TestUser[])[visitor, settled])
        {
            await using (await GatewayProbe.Login(user))
            {
                await watching.Wait("PRESENCE_UPDATE", p => p.GetProperty("user").Id<UserId>() == user.Id && p.Str("status") == "online");
            }

            await watching.Wait("PRESENCE_UPDATE", p => p.GetProperty("user").Id<UserId>() == user.Id && p.Str("status") == "offline");
        }

        var removed = watching.Wait("GUILD_MEMBER_REMOVE");
        await Deadline.Until(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            await Task.WhenAll(watching.Heartbeat(), staying.Heartbeat());
            return removed.IsCompleted;
        }, done => done, "the visitor's membership ends");
        Assert.Equal(visitor.Id, (await removed).Data.GetProperty("user").Id<UserId>());
        var left = (await users[0].Api.Get($"/guilds/{guild.Id}/members?limit=10")).Ok().Items().Select(m => m.GetProperty("user").Id<UserId>());
        Assert.Equal(new[] { users[0].Id, settled.Id, present.Id }.OrderBy(u => u.Value), left);
    }
}
