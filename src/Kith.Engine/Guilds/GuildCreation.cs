using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>How guilds come to be.</summary>
public sealed class GuildCreation(IGuildStore store, GuildDirectory guilds, GuildPictures pictures, SnowflakeGenerator ids, IEventLog events, TimeProvider clock)
{
    /// <summary>A guild with @everyone and #general, whose owner and first member is who asks.</summary>
    public Task<Result<Guild>> CreateAsync(Actor actor, GuildForm form, CancellationToken ct) => CreateAsync(actor, form, GuildLimits.GuildsPerUser, ct);

    /// <param name="most">Guilds that the owner may be in.</param>
    public async Task<Result<Guild>> CreateAsync(Actor actor, GuildForm form, int most, CancellationToken ct)
    {
        var id = new GuildId(ids.Next());
        var general = new ChannelRecord { Id = new ChannelId(ids.Next()), Type = ChannelType.GuildText, GuildId = id, Name = "general" };
        var everyone = new Role { Id = new RoleId(id.Value), Name = "@everyone", Permissions = Permissions.DefaultEveryone };
        var record = new GuildRecord { Id = id, Name = "", OwnerId = actor.Id, Settings = new GuildSettings { SystemChannelId = general.Id }, Version = 1 };
        if (!GuildRules.Apply(new GuildSnapshot(record, [everyone], [general]), form with { Icon = default, Banner = default, Splash = default, DiscoverySplash = default }, isNew: true).Ok(out var named, out var error)) return error;
        if (!(await pictures.KeepAsync(id, form, ct)).Ok(out var kept, out error)) return error;
        named = named with { Icon = kept.Icon.Or(null) };
        var guild = new GuildSnapshot(named, [everyone], [general]);
        var owner = new MemberRecord { GuildId = id, UserId = actor.Id, JoinedAt = clock.GetUtcNow() };
        if (!await store.CreateAsync(guild, owner, most, ct)) return ErrorCode.MaxGuilds;
        await guilds.GuildChangedAsync(id, CancellationToken.None);
        await events.PublishAsync(new Event
        {
            Name = "", Data = default, Audience = new Audience.OfUsers(actor.Id, id.Value), Effect = new SessionEffect.Joined(id, actor.Id),
        }, CancellationToken.None);
        return GuildWire.Of(guild);
    }
}
