using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine.Guilds.Expressions;

namespace Kith.Api.Guilds;

/// <summary>/guilds/{guild_id}/emojis.</summary>
sealed class EmojiEndpoints(GuildEmojis emojis) : IEndpoints
{
    const string All = "/guilds/{guild_id}/emojis";
    const string One = All + "/{emoji_id}";

    public void Map(ApiRoutes routes)
    {
        routes.Get(All, async r => Reply.From(await emojis.ListAsync(r.Principal, Guild(r), r.Aborted)));
        routes.Post(All, async r => Reply.From(await emojis.CreateAsync(r.Actor, Guild(r), await r.BodyAsync<EmojiForm>(), r.Aborted), status: 201));
        routes.Get(One, async r => Reply.From(await emojis.FindAsync(r.Principal, Guild(r), Emoji(r), r.Aborted)));
        routes.Patch(One, async r => Reply.From(await emojis.ModifyAsync(r.Actor, Guild(r), Emoji(r), await r.BodyAsync<EmojiForm>(), r.Aborted)));
        routes.Delete(One, async r => Reply.From(await emojis.DeleteAsync(r.Actor, Guild(r), Emoji(r), r.Aborted)));
    }

    static GuildId Guild(ApiRequest r) => r.Id<GuildId>("guild_id");

    static EmojiId Emoji(ApiRequest r) => r.Id<EmojiId>("emoji_id");
}
