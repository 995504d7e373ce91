using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Api.Guilds;

/// <summary>/guilds/{guild_id}/roles.</summary>
sealed class RoleEndpoints(Access access, GuildRoles roles, Roster roster) : IEndpoints
{
    const string All = "/guilds/{guild_id}/roles";
    const string One = All + "/{role_id}";

    public void Map(ApiRoutes routes)
    {
        routes.Get(All, ListAsync);
        routes.Post(All, async r => Reply.From(await roles.CreateAsync(r.Actor, r.Id<GuildId>("guild_id"), await r.BodyAsync<RoleForm>(), r.Aborted)));
        routes.Patch(All, async r => Reply.From(await roles.MoveAsync(r.Actor, r.Id<GuildId>("guild_id"), await r.BodyAsync<List<RolePositionForm>>(), r.Aborted)));
        routes.Get(All + "/member-counts", async r => Reply.From(await roster.CountByRoleAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Aborted)));
        routes.Get(One, GetAsync);
        routes.Patch(One, async r =>
            Reply.From(await roles.ModifyAsync(r.Actor, r.Id<GuildId>("guild_id"), r.Id<RoleId>("role_id"), await r.BodyAsync<RoleForm>(), r.Aborted)));
        routes.Delete(One, async r => Reply.From(await roles.DeleteAsync(r.Actor, r.Id<GuildId>("guild_id"), r.Id<RoleId>("role_id"), r.Aborted)));
    }

    async Task<Reply> ListAsync(ApiRequest r) =>
        (await access.GuildAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Aborted)).Ok(out var guild, out var error) ? Reply.Json(guild.Guild.RolesInOrder) : error;

    async Task<Reply> GetAsync(ApiRequest r)
    {
        var id = r.Id<RoleId>("role_id");
        if (!(await access.GuildAsync(r.Principal, r.Id<GuildId>("guild_id"), r.Aborted)).Ok(out var guild, out var error)) return error;
        return guild.Guild.Roles.TryGetValue(id, out var role) ? Reply.Json(role) : ErrorCode.UnknownRole;
    }
}
