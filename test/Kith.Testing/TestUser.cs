using System.Text.Json;
using Kith.Domain;

namespace Kith.Testing;

/// <summary>A registered user or a bot, and what it can do.</summary>
public sealed record TestUser(UserId Id, string Name, string Token, ApiClient Api)
{
    public const string Password = "correct horse battery staple";

    /// <summary>How a message mentions it.</summary>
    public string Mention => $"<@{Id}>";
}

/// <summary>A guild as its creation returned it, with its first text channel.</summary>
public sealed record TestGuild(GuildId Id, ChannelId General, TestUser Owner, JsonElement Json)
{
    /// <summary>@everyone has the guild's id.</summary>
    public RoleId Everyone => new(Id.Value);
}

/// <summary>Registers users, in process or out.</summary>
public static class Registration
{
    static int last;

    public static Task<TestUser> Register(this IKithServer host, string? name = null) => Register(host.Anonymous(), name);

    public static async Task<TestUser[]> Register(this IKithServer host, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => host.Register()));

    /// <summary>Names are unique within the process; hosts do not share data.</summary>
    public static async Task<TestUser> Register(this ApiClient anonymous, string? name = null)
    {
        name ??= $"user{Interlocked.Increment(ref last)}";
        var reply = (await anonymous.Post("/auth/register", new { username = name, password = TestUser.Password })).Ok(201);
        var token = reply.Str("token")!;
        return new TestUser(reply.Id<UserId>("user_id"), name, token, anonymous.With(token));
    }
}

/// <summary>The usual steps of a test, each failing with the server's answer where it is refused.</summary>
public static class Scenario
{
    public static async Task<TestGuild> CreateGuild(this TestUser owner, string name = "Guild")
    {
        var guild = (await owner.Api.Post("/guilds", new { name })).Ok(201);
        var id = guild.Id<GuildId>();
        var channels = (await owner.Api.Get($"/guilds/{id}/channels")).Ok().Items();
        return new TestGuild(id, channels.First(c => c.Int("type") == 0).Id<ChannelId>(), owner, guild);
    }

    /// <summary>A text channel, or what <paramref name="extra"/> says besides the name.</summary>
    public static async Task<ChannelId> CreateChannel(this TestUser user, GuildId guild, string name = "channel", object? extra = null) =>
        (await user.Api.Post($"/guilds/{guild}/channels", Merge(new { name }, extra))).Ok(201).Id<ChannelId>();

    public static async Task<RoleId> CreateRole(this TestUser user, GuildId guild, string name = "role", object? extra = null) =>
        (await user.Api.Post($"/guilds/{guild}/roles", Merge(new { name }, extra))).Ok(200).Id<RoleId>();

    public static async Task GiveRole(this TestUser user, GuildId guild, UserId member, RoleId role) =>
        (await user.Api.Put($"/guilds/{guild}/members/{member}/roles/{role}")).Ok(204);

    public static async Task<string> CreateInvite(this TestUser user, ChannelId channel, object? body = null) =>
        (await user.Api.Post($"/channels/{channel}/invites", body)).Ok().Str("code")!;

    public static async Task Join(this TestUser user, string invite) => (await user.Api.Post($"/invites/{invite}")).Ok();

    /// <summary>Lets others in, by one invite of the owner.</summary>
    public static async Task Admit(this TestGuild guild, params TestUser[] users)
    {
        var invite = await guild.Owner.CreateInvite(guild.General);
        foreach (var user in users)
            await user.Join(invite);
    }

    public static async Task<JsonElement> Send(this TestUser user, ChannelId channel, string content, object? extra = null) =>
        (await user.Api.Post($"/channels/{channel}/messages", Merge(new { content }, extra))).Ok(200);

    public static async Task Ack(this TestUser user, ChannelId channel, MessageId message) =>
        (await user.Api.Post($"/channels/{channel}/messages/{message}/ack")).Ok();

    public static async Task<ChannelId> OpenDm(this TestUser user, UserId other) =>
        (await user.Api.Post("/users/@me/channels", new { recipient_id = other })).Ok().Id<ChannelId>();

    public static async Task<ChannelId> OpenGroup(this TestUser user, params UserId[] others) =>
        (await user.Api.Post("/users/@me/channels", new { recipients = others })).Ok().Id<ChannelId>();

    public static async Task Befriend(this TestUser user, TestUser other)
    {
        (await user.Api.Put($"/users/@me/relationships/{other.Id}", new { })).Ok(204);
        (await other.Api.Put($"/users/@me/relationships/{user.Id}", new { })).Ok(204);
    }

    public static async Task Block(this TestUser user, UserId other) =>
        (await user.Api.Put($"/users/@me/relationships/{other}", new { type = 2 })).Ok(204);

    /// <summary>An application's bot, owned by the user; its client sends the token with the prefix "Bot ".</summary>
    public static async Task<TestUser> CreateBot(this TestUser owner, string name = "robot")
    {
        var application = (await owner.Api.Post("/applications", new { name })).Ok();
        var bot = application.GetProperty("bot");
        var token = application.Str("token")!;
        return new TestUser(bot.Id<UserId>(), bot.Str("username")!, token, owner.Api.With($"Bot {token}"));
    }

    public static async Task AddBot(this TestGuild guild, UserId bot, Permissions? permissions = null) =>
        (await guild.Owner.Api.Put($"/guilds/{guild.Id}/bots/{bot}", permissions is { } p ? new { permissions = p } : new { })).Ok(204);

    static object Merge(object first, object? second)
    {
        if (second is null) return first;
        var merged = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var source in (object[])[first, second])
        {
            foreach (var property in JsonSerializer.SerializeToElement(source, Protocol.Wire.Options).EnumerateObject())
                merged[property.Name] = property.Value;
        }

        return merged;
    }
}
