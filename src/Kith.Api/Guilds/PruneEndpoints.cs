using System.Text.Json;
using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Api.Guilds;

/// <summary>/guilds/{guild_id}/prune.</summary>
sealed class PruneEndpoints(Pruning pruning) : IEndpoints
{
    const string Path = "/guilds/{guild_id}/prune";

    public void Map(ApiRoutes routes)
    {
        routes.Get(Path, PreviewAsync);
        routes.Post(Path, PruneAsync);
    }

    async Task<Reply> PreviewAsync(ApiRequest r)
    {
        var days = r.QueryInt("days", PruneForm.DefaultDays, PruneForm.MinDays, PruneForm.MaxDays);
        var counted = await pruning.CountAsync(r.Principal, r.Id<GuildId>("guild_id"), new PruneForm(days, Roles(r.Http.Request.Query["include_roles"])), r.Aborted);
        return counted.Ok(out var pruned, out var error) ? Reply.Json(new PruneReply(pruned)) : error;
    }

    async Task<Reply> PruneAsync(ApiRequest r)
    {
        var body = await r.BodyAsync<PruneBody>();
        var form = new PruneForm(body.Days ?? PruneForm.DefaultDays, Roles(Texts(body.IncludeRoles)));
        var done = await pruning.PruneAsync(r.Actor, r.Id<GuildId>("guild_id"), form, r.Aborted);
        return done.Ok(out var pruned, out var error) ? Reply.Json(new PruneReply(body.ComputePruneCount == false ? null : pruned)) : error;
    }

    /// <summary>Ids one by one, or several in one text with commas between.</summary>
    static RoleId[] Roles(IEnumerable<string?> texts) =>
    [
        .. texts.SelectMany(t => (t ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(text =>
            Snowflake.TryParse(text, out var id) ? new RoleId(id) : throw new BadRequestException(Error.Form("include_roles", "NUMBER_TYPE_COERCE", "Value is not snowflake."))),
    ];

    static IEnumerable<string?> Texts(JsonElement? roles) => roles switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Select(item => item.ToString()),
        { ValueKind: JsonValueKind.Null } or null => [],
        { } one => [one.ToString()],
    };

    sealed record PruneBody(int? Days = null, bool? ComputePruneCount = null, JsonElement? IncludeRoles = null);

    sealed record PruneReply(int? Pruned);
}
