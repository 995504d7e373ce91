using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Preferences;
using Kith.Protocol;

namespace Kith.Api.Preferences;

/// <summary>What users keep for themselves: settings, notifications, notes.</summary>
sealed class SettingsEndpoints(Settings settings, NotificationSettings notifications, Notes notes) : IEndpoints
{
    public void Map(ApiRoutes routes)
    {
        routes.Get("/users/@me/settings", GetAsync);
        routes.Patch("/users/@me/settings", async r => Reply.From(await settings.UpdateAsync(r.Principal, await r.BodyAsync<UserSettingsForm>(), r.Aborted)));
        routes.Patch("/users/@me/guilds/{guild_id}/settings", UpdateGuildAsync);
        routes.Get("/users/@me/notes", async r => Reply.Json(await notes.OfAsync(r.Principal.Id, r.Aborted)));
        routes.Get("/users/@me/notes/{user_id}", async r => Reply.Json(new NoteBody(await notes.FindAsync(r.Principal, r.Id<UserId>("user_id"), r.Aborted))));
        routes.Put("/users/@me/notes/{user_id}", async r =>
            Reply.From(await notes.SetAsync(r.Principal, r.Id<UserId>("user_id"), (await r.BodyAsync<NoteBody>()).Note ?? "", r.Aborted)));
    }

    async Task<Reply> GetAsync(ApiRequest r) =>
        r.Principal.User.Bot ? ErrorCode.BotsCannotUse : Reply.Json(await settings.OfAsync(r.Principal.Id, r.Aborted));

    async Task<Reply> UpdateGuildAsync(ApiRequest r)
    {
        GuildId? guild = r.Route("guild_id") == "@me" ? null : r.Id<GuildId>("guild_id");
        return Reply.From(await notifications.UpdateAsync(r.Principal, guild, await r.BodyAsync<UserGuildSettingsForm>(), r.Aborted));
    }

    sealed record NoteBody(string? Note = null);
}
