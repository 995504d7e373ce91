using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Api.Tests.Guilds;

/// <summary>What needs a clock of its own.</summary>
public sealed class GuildUpkeepTests : IAsyncLifetime
{
    readonly ManualTimeProvider clock = new(DateTimeOffset.UtcNow);
    KithHost host = null!;

    public async ValueTask InitializeAsync() => host = await KithHost.Start(new KithHostSetup { Clock = clock });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task An_owner_with_two_factors_is_asked_for_a_code_before_giving_away_and_deleting()
    {
        var users = await host.Register(2);
        var owner = users[0];
        var (guild, other) = (await owner.CreateGuild(), await owner.CreateGuild());
        await guild.Admit(users[1]);
        var secret = (await owner.Api.Post("/users/@me/mfa/totp/enable", new { })).Ok(200).Str("secret")!;
        var enabled = (await owner.Api.Post("/users/@me/mfa/totp/enable", new { secret, code = Code(secret), password = TestUser.Password })).Ok(200);
        var api = host.As(enabled.Str("token")!);

        (await api.Patch($"/guilds/{guild.Id}", new { owner_id = users[1].Id })).Refused(ErrorCode.TwoFactorRequired);
        (await api.Patch($"/guilds/{guild.Id}", new { owner_id = users[1].Id, code = "000000" })).Refused(ErrorCode.InvalidTwoFactorCode);
        (await api.Patch($"/guilds/{guild.Id}", new { owner_id = users[1].Id, code = NextCode(secret) })).Ok();
        (await api.Delete($"/guilds/{other.Id}")).Refused(ErrorCode.TwoFactorRequired);
        (await api.Delete($"/guilds/{other.Id}", new { code = "000000" })).Refused(ErrorCode.InvalidTwoFactorCode);
        (await api.Get($"/guilds/{other.Id}")).Ok();
        (await api.Post($"/guilds/{other.Id}/delete", new { code = NextCode(secret) })).Ok(204);
        (await api.Get($"/guilds/{other.Id}")).Refused(ErrorCode.UnknownGuild);
    }

    [Fact]
    public async Task Messages_of_deleted_channels_and_guilds_are_removed_a_little_later()
    {
        var owner = await host.Register();
        var (guild, doomed, kept) = (await owner.CreateGuild(), await owner.CreateGuild(), await owner.CreateGuild());
        foreach (var channel in (ChannelId[])[guild.General, doomed.General, kept.General])
            await owner.Send(channel, "hello");
        (await owner.Api.Delete($"/channels/{guild.General}")).Ok();
        (await owner.Api.Delete($"/guilds/{doomed.Id}")).Ok(204);

        var messages = host.Services.GetRequiredService<IMessageStore>();
        var deleted = host.Services.GetRequiredService<IDeletedChannelStore>();
        ChannelId[] all = [guild.General, doomed.General, kept.General];
        Assert.Equal(3, (await messages.LastIdsAsync(all, default)).Count);
        await Deadline.Until(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(30));
            return (await messages.LastIdsAsync(all, default)).Keys.ToArray();
        }, left => left.SequenceEqual([kept.General]), "only what is there has messages");
        await Deadline.Until(() => deleted.ListAsync(DateTimeOffset.MaxValue, 10, default), left => left.Count == 0, "the list is empty");
    }

    string Code(string secret)
    {
        Assert.True(Base32.TryDecode(secret, out var key));
        return Totp.CodeAt(key, Totp.StepAt(clock.GetUtcNow()));
    }

    /// <summary>Of the next half minute: each is taken once.</summary>
    string NextCode(string secret)
    {
        clock.Advance(TimeSpan.FromSeconds(30));
        return Code(secret);
    }
}

public sealed class GuildIntentsTests(KithHost host)
{
    [Fact]
    public async Task A_bot_gets_of_a_guild_what_its_intents_ask_for()
    {
        var users = await host.Register(2);
        var guild = await users[0].CreateGuild();
        var bot = await users[0].CreateBot($"bot{users[0].Id}");
        await guild.AddBot(bot.Id, Permissions.Administrator);
        await using var guilds = await GatewayProbe.Login(bot, Intents.Guilds);
        await using var members = await GatewayProbe.Login(bot, Intents.Guilds | Intents.GuildMembers);
        await using var moderation = await GatewayProbe.Login(bot, Intents.Guilds | Intents.GuildModeration);
        await using var invites = await GatewayProbe.Login(bot, Intents.Guilds | Intents.GuildInvites);

        await guild.Admit(users[1]);
        (await users[0].Api.Patch($"/guilds/{guild.Id}/members/{users[1].Id}", new { nick = "x" })).Ok();
        (await users[0].Api.Put($"/guilds/{guild.Id}/bans/{users[1].Id}")).Ok(204);
        (await users[0].Api.Delete($"/guilds/{guild.Id}/bans/{users[1].Id}")).Ok(204);
        await users[0].CreateChannel(guild.Id, "last");

        string[] ofMembers = ["GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE", "GUILD_MEMBER_UPDATE"];
        string[] ofModeration = ["GUILD_AUDIT_LOG_ENTRY_CREATE", "GUILD_BAN_ADD", "GUILD_BAN_REMOVE"];
        string[] ofInvites = ["INVITE_CREATE"];
        foreach (var (probe, expected) in new[] { (guilds, Array.Empty<string>()), (members, ofMembers), (moderation, ofModeration), (invites, ofInvites) })
        {
            await probe.Wait("CHANNEL_CREATE");
            var came = probe.Events.Select(e => e.Name!).Where(n => ofMembers.Contains(n) || ofModeration.Contains(n) || ofInvites.Contains(n)).Distinct().Order(StringComparer.Ordinal);
            Assert.Equal(expected, came);
        }
    }
}
