using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Benchmarks;

/// <summary>A user and a guild with text channels, made directly in the store.</summary>
static class SampleGuild
{
    public static async Task<(Principal Owner, ChannelId Channel)> CreateAsync(BenchServer server, CancellationToken ct)
    {
        var owner = await UserAsync(server, ct);
        var guild = await GuildAsync(server, owner, channels: 1, ct);
        return (owner, guild.Channels.Keys[0]);
    }

    public static async Task<Principal> UserAsync(BenchServer server, CancellationToken ct)
    {
        var id = new UserId(server.Get<SnowflakeGenerator>().Next());
        var user = new UserRecord { Id = id, Username = $"user{id}" };
        await server.Get<ICredentialStore>().CreateManyAsync([new NewAccount(user, PasswordHash: null)], ct);
        return BenchServer.Someone(user);
    }

    public static async Task<GuildSnapshot> GuildAsync(BenchServer server, Principal owner, int channels, CancellationToken ct)
    {
        var ids = server.Get<SnowflakeGenerator>();
        var id = new GuildId(ids.Next());
        var everyone = new Role { Id = new RoleId(id.Value), Name = "@everyone", Permissions = Permissions.DefaultEveryone };
        var texts = Enumerable.Range(0, channels).Select(i => new ChannelRecord { Id = new ChannelId(ids.Next()), GuildId = id, Type = ChannelType.GuildText, Name = $"channel-{i}" });
        var guild = new GuildSnapshot(new GuildRecord { Id = id, Name = "Guild", OwnerId = owner.Id }, [everyone], texts);
        await server.Get<IGuildStore>().CreateAsync(guild, new MemberRecord { GuildId = id, UserId = owner.Id, JoinedAt = DateTimeOffset.UtcNow }, int.MaxValue, ct);
        return guild;
    }
}
