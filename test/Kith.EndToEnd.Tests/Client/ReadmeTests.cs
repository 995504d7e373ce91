using Kith.Client;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Client;

/// <summary>The sample of src/Kith.Client/README.md is compiled here, compared with the text, and run.</summary>
public sealed class ReadmeTests(KithHost host)
{
    static async Task PingBot(Uri address, string token, CancellationToken ct)
    {
        // <sample>
        using var client = new KithClient(new KithClientOptions
        {
            Address = address,
            Token = token,
            Intents = Intents.Guilds | Intents.GuildMessages | Intents.MessageContent,
        });
        await foreach (var e in client.EventsAsync(ct))
        {
            if (e is MessageCreated { Message: { Content: "!ping" } message })
                await client.Rest.Messages.ReplyAsync(message, "pong", ct);
        }
        // </sample>
    }

    [Fact]
    public async Task The_sample_answers_a_ping()
    {
        var owner = await host.Register();
        var guild = await owner.CreateGuild();
        var bot = await owner.CreateBot();
        await guild.AddBot(bot.Id, Permissions.ViewChannel | Permissions.SendMessages | Permissions.ReadMessageHistory);
        await using var probe = await GatewayProbe.Login(owner);
        using var end = new CancellationTokenSource();
        var running = PingBot(host.Address, bot.Token, end.Token);
        // The bot hears only what comes once it is there; its presence shows that.
        await probe.Wait("PRESENCE_UPDATE", p => p.GetProperty("user").Str("id") == bot.Id.ToString() && p.Str("status") == "online");
        var ping = await owner.Send(guild.General, "!ping");
        var pong = await probe.Next("MESSAGE_CREATE", m => m.Str("content") == "pong");
        Assert.Equal((bot.Id, ping.Str("id")), (pong.GetProperty("author").Id<UserId>(), pong.GetProperty("message_reference").Str("message_id")));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void The_text_shows_the_sample_that_is_compiled()
    {
        var readme = File.ReadAllText(Repository.PathOf("src", "Kith.Client", "README.md"));
        var source = File.ReadAllText(Repository.PathOf("test", "Kith.EndToEnd.Tests", "Client", "ReadmeTests.cs"));
        var shown = readme.Split("```csharp\n")[1].Split("```")[0];
        var compiled = source.Split("// <sample>\n")[1].Split("        // </sample>")[0];
        Assert.Equal(shown, string.Join('\n', compiled.Split('\n').Select(line => line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : line)));
    }
}
