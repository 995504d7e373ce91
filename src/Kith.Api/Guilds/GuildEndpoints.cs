using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Api.Guilds;

/// <summary>/guilds and /guilds/{guild_id}.</summary>
sealed class GuildEndpoints(Access access, GuildCreation creation, GuildEditing editing, Ownership ownership, GuildCounts counts) : IEndpoints
{
    const string One = "/guilds/{guild_id}";

    /// <summary>Kith carries no voice; clients that ask for regions get the one that guilds name.</summary>
    static readonly VoiceRegion[] Regions = [new("automatic", "Automatic", Custom: false, Deprecated: false, Optimal: true)];

    public void Map(ApiRoutes routes)
    {
        routes.Post("/guilds", async r => Reply.From(await creation.CreateAsync(r.Actor, await r.BodyAsync<GuildForm>(ApiRequest.PicturesBytes), r.Aborted), status: 201));
        routes.Get(One, GetAsync);
        routes.Patch(One, async r => Reply.From(await editing.ModifyAsync(r.Actor, Guild(r), await r.BodyAsync<GuildForm>(ApiRequest.PicturesBytes), r.Address, r.Aborted)));
        routes.Delete(One, DeleteAsync);
        // As user clients ask for it, which cannot give a body with DELETE.
        routes.Post(One + "/delete", DeleteAsync);
        routes.Get(One + "/preview", PreviewAsync);
        routes.Get(One + "/regions", async r => (await access.GuildAsync(r.Principal, Guild(r), r.Aborted)).Error is { } error ? error : Reply.Json(Regions));
        routes.Get("/voice/regions", _ => Task.FromResult(Reply.Json(Regions)));
        routes.Get(One + "/vanity-url", VanityAsync);
    }

    async Task<Reply> GetAsync(ApiRequest r)
    {
        if (!(await access.GuildAsync(r.Principal, Guild(r), r.Aborted)).Ok(out var guild, out var error)) return error;
        var wire = GuildWire.Of(guild.Guild);
        return Reply.Json(!r.QueryFlag("with_counts") ? wire : wire with
        {
            ApproximateMemberCount = await counts.MembersAsync(guild.Id, r.Aborted), ApproximatePresenceCount = await counts.OnlineAsync(guild.Id, r.Aborted),
        });
    }

    async Task<Reply> DeleteAsync(ApiRequest r) =>
        Reply.From(await ownership.DeleteAsync(r.Actor, Guild(r), (await r.BodyAsync<DeletionBody>()).Code, r.Address, r.Aborted));

    /// <summary>For members; no guild here can be discovered from outside.</summary>
    async Task<Reply> PreviewAsync(ApiRequest r)
    {
        if (!(await access.GuildAsync(r.Principal, Guild(r), r.Aborted)).Ok(out var guild, out var error)) return error;
        var wire = GuildWire.Of(guild.Guild);
        return Reply.Json(new
        {
            wire.Id, wire.Name, wire.Icon, wire.Description, wire.HomeHeader, wire.Splash, wire.DiscoverySplash, wire.Features, wire.Emojis, wire.Stickers,
            ApproximateMemberCount = await counts.MembersAsync(guild.Id, r.Aborted), ApproximatePresenceCount = await counts.OnlineAsync(guild.Id, r.Aborted),
        });
    }

    /// <summary>No guild has one.</summary>
    async Task<Reply> VanityAsync(ApiRequest r) => (await access.GuildAsync(r.Principal, Guild(r), r.Aborted, Permissions.ManageGuild)).Error is { } error
        ? error : Reply.Json(new { Code = (string?)null, Uses = 0 });

    sealed record DeletionBody(string? Code = null);

    static GuildId Guild(ApiRequest r) => r.Id<GuildId>("guild_id");

    sealed record VoiceRegion(string Id, string Name, bool Custom, bool Deprecated, bool Optimal);
}

/// <summary>/users/@me/guilds.</summary>
sealed class MyGuildEndpoints(MyGuilds mine, Departures departures, Roster roster) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/users/@me/guilds", ListAsync);
        routes.Delete("/users/@me/guilds/{guild_id}", async r => Reply.From(await departures.LeaveAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Aborted)));
        routes.Get("/users/@me/guilds/{guild_id}/member", async r => Reply.From(await roster.FindAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Principal.Id, r.Aborted)));
    }

    async Task<Reply> ListAsync(ApiRequest r)
    {
        var limit = r.QueryInt("limit", GuildLimits.GuildsPerUser, 1, GuildLimits.GuildsPerUser);
        return Reply.Json(await mine.ListAsync(r.Principal, r.QueryId<GuildId>("before"), r.QueryId<GuildId>("after"), limit, r.QueryFlag("with_counts"), r.Aborted));
    }
}
