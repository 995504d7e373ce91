using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Guilds;

namespace Kith.Api.Guilds;

/// <summary>/guilds/{guild_id}/members.</summary>
sealed class MemberEndpoints(GuildMembers members, Departures departures, BotAdmission bots, Roster roster) : IEndpoints
{
    const string All = "/guilds/{guild_id}/members";
    const string One = All + "/{user_id}";

    public void Map(ApiRoutes routes)
    {
        routes.Get(All, async r => Reply.From(await roster.ListAsync(
            r.Principal, Guild(r), r.QueryId<UserId>("after") ?? default, r.QueryInt("limit", 1, 1, GuildLimits.MaxPage), r.Aborted)));
        routes.Get(All + "/search", async r => Reply.From(await roster.SearchAsync(
            r.Principal, Guild(r), r.Query("query") ?? "", r.QueryInt("limit", 1, 1, GuildLimits.MaxPage), r.Aborted)));
        routes.Get(One, async r => Reply.From(await roster.FindAsync(r.Principal, Guild(r), r.Id<UserId>("user_id"), r.Aborted)));
        routes.Patch(One, async r => await ModifyAsync(r, r.Id<UserId>("user_id"), await r.BodyAsync<MemberForm>()));
        routes.Patch(All + "/@me", ModifySelfAsync);
        routes.Patch(All + "/@me/nick", SetNickAsync);
        routes.Delete(One, async r => Reply.From(await departures.KickAsync(r.Actor, Guild(r), r.Id<UserId>("user_id"), r.Aborted)));
        routes.Put("/guilds/{guild_id}/bots/{bot_id}", async r => Reply.From(await bots.AddAsync(r.Actor, Guild(r), r.Id<UserId>("bot_id"), await r.BodyAsync<BotForm>(), r.Aborted)));
        routes.Put(One + "/roles/{role_id}", r => SetRoleAsync(r, has: true));
        routes.Delete(One + "/roles/{role_id}", r => SetRoleAsync(r, has: false));
    }

    /// <summary>One's own nick is all that one changes this way; banner, avatar and bio of a membership there are none.</summary>
    async Task<Reply> ModifySelfAsync(ApiRequest r) => await ModifyAsync(r, r.Principal.Id, new MemberForm { Nick = (await r.BodyAsync<MemberForm>()).Nick });

    /// <summary>The older form, which answers with the nick alone.</summary>
    async Task<Reply> SetNickAsync(ApiRequest r)
    {
        var nick = (await r.BodyAsync<MemberForm>()).Nick.Or(null);
        var changed = await members.ModifyAsync(r.Actor, Guild(r), r.Principal.Id, new MemberForm { Nick = nick }, r.Aborted);
        return changed.Ok(out var member, out var error) ? Reply.Json(new { member.Nick }) : error;
    }

    async Task<Reply> ModifyAsync(ApiRequest r, UserId user, MemberForm form)
    {
        var changed = await members.ModifyAsync(r.Actor, Guild(r), user, form, r.Aborted);
        return changed.Ok(out var member, out var error) ? Reply.Json(await roster.WireAsync(member, r.Aborted)) : error;
    }

    async Task<Reply> SetRoleAsync(ApiRequest r, bool has) =>
        Reply.From(await members.SetRoleAsync(r.Actor, Guild(r), r.Id<UserId>("user_id"), r.Id<RoleId>("role_id"), has, r.Aborted));

    static GuildId Guild(ApiRequest r) => r.Id<GuildId>("guild_id");
}
