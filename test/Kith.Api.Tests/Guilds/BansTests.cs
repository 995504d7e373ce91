using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests.Guilds;

public sealed class BansTests(KithHost host)
{
    const string BanMembers = "4", BanAndManage = "36";

    [Fact]
    public async Task A_ban_ends_the_membership_keeps_its_reason_and_is_lifted()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        await using var probe = await GatewayProbe.Login(users[0]);
        (await users[0].Api.Send(HttpMethod.Put, $"/guilds/{guild.Id}/bans/{users[1].Id}", new { }, reason: "Spam & Grüße")).Ok(204);
        Assert.Equal(users[1].Id, (await probe.Next("GUILD_MEMBER_REMOVE")).GetProperty("user").Id<UserId>());
        var added = await probe.Next("GUILD_BAN_ADD");
        Assert.Equal((guild.Id, users[1].Id), (added.Id<GuildId>("guild_id"), added.GetProperty("user").Id<UserId>()));

        var ban = (await users[0].Api.Get($"/guilds/{guild.Id}/bans/{users[1].Id}")).Ok();
        Assert.Equal(("Spam & Grüße", users[1].Id), (ban.Str("reason"), ban.GetProperty("user").Id<UserId>()));
        (await users[1].Api.Post($"/invites/{await users[0].CreateInvite(guild.General)}")).Refused(ErrorCode.UserBanned);
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/{users[1].Id}")).Ok(204);

        (await users[0].Api.Delete($"/guilds/{guild.Id}/bans/{users[1].Id}")).Ok(204);
        Assert.Equal(users[1].Id, (await probe.Next("GUILD_BAN_REMOVE")).GetProperty("user").Id<UserId>());
        probe.AssertNone("GUILD_BAN_ADD", from: (await probe.Wait("GUILD_BAN_ADD")).Index + 1);
        (await users[0].Api.Get($"/guilds/{guild.Id}/bans/{users[1].Id}")).Refused(ErrorCode.UnknownBan);
        (await users[0].Api.Delete($"/guilds/{guild.Id}/bans/{users[1].Id}")).Refused(ErrorCode.UnknownBan);
        await guild.Admit(users[1]);
    }

    [Fact]
    public async Task A_ban_may_come_before_its_user_and_not_for_nobody()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/{users[1].Id}")).Ok(204);
        (await users[1].Api.Post($"/invites/{await users[0].CreateInvite(guild.General)}")).Refused(ErrorCode.UserBanned);
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/77")).Refused(ErrorCode.UnknownUser);
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/{users[0].Id}")).Refused(ErrorCode.MissingPermissions);
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/x")).RefusedField("user_id");
    }

    [Fact]
    public async Task Bans_are_for_those_who_may_ban()
    {
        var users = await host.Register(3);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..]);
        var member = users[1].Api;
        (await member.Put($"/guilds/{guild.Id}/bans/{users[2].Id}")).Refused(ErrorCode.MissingPermissions);
        (await member.Delete($"/guilds/{guild.Id}/bans/{users[2].Id}")).Refused(ErrorCode.MissingPermissions);
        (await member.Get($"/guilds/{guild.Id}/bans")).Refused(ErrorCode.MissingPermissions);
        (await member.Get($"/guilds/{guild.Id}/bans/{users[2].Id}")).Refused(ErrorCode.MissingPermissions);
        (await member.Post($"/guilds/{guild.Id}/bulk-ban", new { user_ids = new[] { users[2].Id } })).Refused(ErrorCode.MissingPermissions);
        await using var probe = await GatewayProbe.Login(users[1]);
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/{users[2].Id}")).Ok(204);
        await probe.Next("GUILD_MEMBER_REMOVE");
        await users[0].Send(guild.General, "after");
        await probe.Next("MESSAGE_CREATE", m => m.Str("content") == "after");
        probe.AssertNone("GUILD_BAN_ADD");
        await users[0].GiveRole(guild.Id, users[1].Id, await users[0].CreateRole(guild.Id, "mod", new { permissions = BanMembers }));
        (await member.Get($"/guilds/{guild.Id}/bans/{users[2].Id}")).Ok();
        (await member.Delete($"/guilds/{guild.Id}/bans/{users[2].Id}")).Ok(204);
        await probe.Next("GUILD_BAN_REMOVE");
    }

    [Fact]
    public async Task Bans_are_listed_in_pages()
    {
        var users = await host.Register(6);
        var guild = await users[0].CreateGuild();
        foreach (var user in users[1..])
            (await users[0].Api.Put($"/guilds/{guild.Id}/bans/{user.Id}")).Ok(204);
        var ids = users[1..].Select(u => u.Id).OrderBy(id => id.Value).ToArray();
        async Task<IEnumerable<UserId>> List(string query) => (await users[0].Api.Get($"/guilds/{guild.Id}/bans{query}")).Ok().Items().Select(b => b.GetProperty("user").Id<UserId>());
        Assert.Equal(ids, await List(""));
        Assert.Equal(ids[..2], await List("?limit=2"));
        Assert.Equal(ids[2..4], await List($"?limit=2&after={ids[1]}"));
        Assert.Equal(ids[1..3], await List($"?limit=2&before={ids[3]}"));
        foreach (var limit in (string[])["0", "-3", "1001", "99999999999999", "x"])
            (await users[0].Api.Get($"/guilds/{guild.Id}/bans?limit={limit}")).RefusedField("limit");
    }

    [Fact]
    public async Task A_ban_deletes_as_many_seconds_of_messages_as_it_says()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var own = await KithHost.Start(new KithHostSetup { Clock = clock });
        var users = await own.Register(2);
        var guild = await users[0].CreateGuild();
        var second = await users[0].CreateChannel(guild.Id, "second");
        await guild.Admit(users[1]);
        var old = (await users[1].Send(guild.General, "old")).Id<MessageId>();
        clock.Set(clock.GetUtcNow().AddHours(2));
        var others = (await users[0].Send(guild.General, "mine")).Id<MessageId>();
        await users[1].Send(guild.General, "new");
        await users[1].Send(second, "elsewhere");
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/{users[1].Id}", new { delete_message_seconds = 3600 })).Ok(204);
        var left = (await users[0].Api.Get($"/channels/{guild.General}/messages")).Ok().Items().Where(m => m.Int("type") == 0).Ids<MessageId>();
        Assert.Equal([others, old], left);
        Assert.Empty((await users[0].Api.Get($"/channels/{second}/messages")).Ok().Items());
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/{users[1].Id}", new { delete_message_days = 1 })).Ok(204);
        Assert.Equal([others], (await users[0].Api.Get($"/channels/{guild.General}/messages")).Ok().Items().Where(m => m.Int("type") == 0).Ids<MessageId>());
    }

    [Theory]
    [InlineData("delete_message_seconds", -1)]
    [InlineData("delete_message_seconds", 604_801)]
    [InlineData("delete_message_days", 8)]
    public async Task A_ban_reaches_back_a_week_at_most(string field, int value)
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        var body = new Dictionary<string, int>(StringComparer.Ordinal) { [field] = value };
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/{users[1].Id}", body)).RefusedField(field);
    }

    [Fact]
    public async Task Many_are_banned_at_once_as_far_as_one_may()
    {
        var users = await host.Register(5);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1..4]);
        await users[0].GiveRole(guild.Id, users[1].Id, await users[0].CreateRole(guild.Id, "mod", new { permissions = BanAndManage }));
        UserId nobody = new(77);
        var reply = (await users[1].Api.Post($"/guilds/{guild.Id}/bulk-ban", new { user_ids = new[] { users[0].Id, users[1].Id, users[2].Id, users[4].Id, nobody } })).Ok(200);
        Assert.Equal([users[2].Id.ToString(), users[4].Id.ToString()], reply.Items("banned_users").Select(u => u.GetString()));
        Assert.Equal([users[0].Id.ToString(), users[1].Id.ToString(), "77"], reply.Items("failed_users").Select(u => u.GetString()));
        (await users[1].Api.Post($"/guilds/{guild.Id}/bulk-ban", new { user_ids = new[] { users[0].Id } })).Refused(ErrorCode.FailedToBanUsers);
        (await users[1].Api.Post($"/guilds/{guild.Id}/bulk-ban", new { user_ids = Array.Empty<string>() })).RefusedField("user_ids");
        (await users[1].Api.Post($"/guilds/{guild.Id}/bulk-ban", new { user_ids = Enumerable.Range(1, 201) })).RefusedField("user_ids");
        (await users[1].Api.Post($"/guilds/{guild.Id}/bulk-ban")).RefusedField("user_ids");
    }

    [Fact]
    public async Task Whoever_is_banned_while_joining_is_out_in_the_end()
    {
        var users = await host.Register(13);
        var guild = await users[0].CreateGuild();
        var invite = await users[0].CreateInvite(guild.General);
        await Task.WhenAll(users[1..].SelectMany(user => (Task<ApiReply>[])[user.Api.Post($"/invites/{invite}"), users[0].Api.Put($"/guilds/{guild.Id}/bans/{user.Id}")]));
        Assert.Single((await users[0].Api.Get($"/guilds/{guild.Id}/members?limit=100")).Ok().Items());
        Assert.Equal(1, (await users[0].Api.Get($"/guilds/{guild.Id}?with_counts=true")).Ok().Int("approximate_member_count"));
        foreach (var user in users[1..])
            (await user.Api.Get($"/guilds/{guild.Id}")).Refused(ErrorCode.UnknownGuild);
    }
}

public sealed class PruneTests(KithHost host)
{
    [Fact]
    public async Task Members_without_roles_who_were_not_seen_for_days_are_pruned()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var own = await KithHost.Start(new KithHostSetup { Clock = clock });
        var users = await own.Register(6);
        var guild = await users[0].CreateGuild();
        var (inactive, holder, connected, returned, late) = (users[1], users[2], users[3], users[4], users[5]);
        await guild.Admit(inactive, holder, connected, returned);
        var role = await users[0].CreateRole(guild.Id);
        await users[0].GiveRole(guild.Id, holder.Id, role);
        await using var probe = await GatewayProbe.Login(connected);
        clock.Set(clock.GetUtcNow().AddDays(8));
        await guild.Admit(late);
        await using (await GatewayProbe.Login(returned))
        {
            // Seen once more, and gone.
        }

        var path = $"/guilds/{guild.Id}/prune";
        await Deadline.Until(async () => (await users[0].Api.Get($"{path}?days=7")).Ok().Int("pruned"), n => n == 1, "only one is inactive");
        Assert.Equal(2, (await users[0].Api.Get($"{path}?days=7&include_roles={role}")).Ok().Int("pruned"));
        Assert.Equal(0, (await users[0].Api.Get($"{path}?days=9")).Ok().Int("pruned"));

        await using var watching = await GatewayProbe.Login(users[0]);
        Assert.Equal(2, (await users[0].Api.Post(path, new { days = 7, include_roles = new[] { role } })).Ok(200).Int("pruned"));
        var left = (await users[0].Api.Get($"/guilds/{guild.Id}/members?limit=10")).Ok().Items().Select(m => m.GetProperty("user").Id<UserId>());
        Assert.Equal(new[] { users[0].Id, connected.Id, returned.Id, late.Id }.OrderBy(u => u.Value), left);
        await watching.Next("GUILD_MEMBER_REMOVE");
        await watching.Next("GUILD_MEMBER_REMOVE");
        var entry = (await users[0].Api.Get($"/guilds/{guild.Id}/audit-logs?action_type=21")).Ok().Items("audit_log_entries").Single();
        Assert.Equal(("7", "2"), (entry.GetProperty("options").Str("delete_member_days"), entry.GetProperty("options").Str("members_removed")));
        Assert.Equal(JsonValueKind.Null, (await users[0].Api.Post(path, new { compute_prune_count = false })).Ok().GetProperty("pruned").ValueKind);
    }

    [Fact]
    public async Task A_prune_is_for_who_manages_and_kicks_and_within_bounds()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        await guild.Admit(users[1]);
        var high = await users[0].CreateRole(guild.Id, "high");
        (await users[1].Api.Get($"/guilds/{guild.Id}/prune?days=7")).Refused(ErrorCode.MissingPermissions);
        await users[0].GiveRole(guild.Id, users[1].Id, await users[0].CreateRole(guild.Id, "mod", new { permissions = "34" }));
        Assert.Equal(0, (await users[1].Api.Get($"/guilds/{guild.Id}/prune?days=7")).Ok().Int("pruned"));
        (await users[1].Api.Get($"/guilds/{guild.Id}/prune?include_roles={high}")).Refused(ErrorCode.MissingPermissions);
        (await users[1].Api.Get($"/guilds/{guild.Id}/prune?include_roles=5")).Refused(ErrorCode.UnknownRole);
        (await users[1].Api.Get($"/guilds/{guild.Id}/prune?include_roles=x")).RefusedField("include_roles");
        foreach (var days in (string[])["0", "31", "-1", "x"])
            (await users[1].Api.Get($"/guilds/{guild.Id}/prune?days={days}")).RefusedField("days");
        (await users[1].Api.Post($"/guilds/{guild.Id}/prune", new { days = 0 })).RefusedField("days");
        (await users[1].Api.Post($"/guilds/{guild.Id}/prune", new { days = 7, include_roles = $"{high}" })).Refused(ErrorCode.MissingPermissions);
    }
}
