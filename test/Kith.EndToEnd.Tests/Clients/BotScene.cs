using System.Text.Json;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Clients;

/// <summary>A guild with its owner, a member and a bot that may do everything: what most scripts start from.</summary>
sealed record BotScene(TestUser Owner, TestUser Member, TestUser Bot, TestGuild Guild)
{
    public static Task<BotScene> Create(IKithServer host) => Create(host.Anonymous());

    public static async Task<BotScene> Create(ApiClient anonymous)
    {
        TestUser[] users = [await anonymous.Register(), await anonymous.Register()];
        var guild = await users[0].CreateGuild();
        var bot = await users[0].CreateBot();
        await guild.AddBot(bot.Id, Permissions.Administrator);
        await guild.Admit(users[1]);
        return new BotScene(users[0], users[1], bot, guild);
    }

    /// <param name="address">Where the script reaches the server, which may be a proxy.</param>
    /// <param name="more">What else the script wants to know.</param>
    public Dictionary<string, object> Settings(Uri address, params (string Name, object Value)[] more)
    {
        var settings = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["address"] = address.GetLeftPart(UriPartial.Authority),
            ["token"] = Bot.Token,
            ["bot"] = Bot.Id,
            ["guild"] = Guild.Id,
            ["channel"] = Guild.General,
            ["owner"] = Owner.Id,
            ["member"] = Member.Id,
            ["memberName"] = Member.Name,
        };
        foreach (var (name, value) in more)
            settings[name] = value;
        return settings;
    }

    /// <summary>A script with what the member can be asked to do.</summary>
    public NodeScript Script(string name, Dictionary<string, object> settings) => new NodeScript(name, settings)
        .Do("say", args => Member.Send(ChannelOf(args), args.Str("content")!))
        .Do("type", async args => (await Member.Api.Post($"/channels/{ChannelOf(args)}/typing")).Ok(204))
        .Do("react", async args => (await Member.Api.Put(
            $"/channels/{ChannelOf(args)}/messages/{args.Str("message")}/reactions/{Uri.EscapeDataString(args.Str("emoji")!)}/@me")).Ok(204))
        .On("trySay", async args => await TrySay(ChannelOf(args), args.Str("content")!));

    /// <summary>0, or the code of the refusal.</summary>
    async Task<object?> TrySay(ChannelId channel, string content)
    {
        var reply = await Member.Api.Post($"/channels/{channel}/messages", new { content });
        return reply.Status == 200 ? 0 : reply.Json.Int("code");
    }

    static ChannelId ChannelOf(JsonElement args) => args.Id<ChannelId>("channel");
}
