using Kith.Api.Http;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Guilds.Expressions;
using Kith.Protocol;
using Microsoft.AspNetCore.Http;

namespace Kith.Api.Guilds;

/// <summary>/guilds/{guild_id}/stickers, /stickers, /sticker-packs.</summary>
sealed class StickerEndpoints(GuildStickers stickers, StickerDirectory directory) : IEndpoints
{
    const string All = "/guilds/{guild_id}/stickers";
    const string One = All + "/{sticker_id}";

    public void Map(ApiRoutes routes)
    {
        routes.Get(All, async r => Reply.From(await stickers.ListAsync(r.Principal, Guild(r), r.Aborted)));
        routes.Post(All, CreateAsync);
        routes.Get(One, async r => Reply.From(await stickers.FindAsync(r.Principal, Guild(r), Sticker(r), r.Aborted)));
        routes.Patch(One, async r => Reply.From(await stickers.ModifyAsync(r.Actor, Guild(r), Sticker(r), await r.BodyAsync<StickerForm>(), r.Aborted)));
        routes.Delete(One, async r => Reply.From(await stickers.DeleteAsync(r.Actor, Guild(r), Sticker(r), r.Aborted)));
        routes.Get("/stickers/{sticker_id}", async r =>
            await directory.FindAsync(r.Principal.Id, Sticker(r), r.Aborted) is { } sticker ? Reply.Json(sticker.ToWire()) : ErrorCode.UnknownSticker);
        // Kith sells none.
        routes.Get("/sticker-packs", _ => Task.FromResult(Reply.Json(new { sticker_packs = Array.Empty<object>() })));
    }

    /// <summary>A form with name, description, tags and file. At most half a megabyte, so it may be in memory whole.</summary>
    async Task<Reply> CreateAsync(ApiRequest r)
    {
        var request = r.Http.Request;
        if (!request.HasFormContentType) return Error.Form("_body", "CONTENT_TYPE_INVALID", "Expected \"Content-Type\" header to be one of {'multipart/form-data'}.");
        if (request.ContentLength > GuildStickers.MaxBytes * 2) return ErrorCode.RequestTooLarge;
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(r.Aborted);
        }
        catch (InvalidDataException)
        {
            return Error.Form("_body", "MULTIPART_INVALID", "The multipart body cannot be read.");
        }

        await using var picture = form.Files.GetFile("file")?.OpenReadStream();
        var texts = new StickerForm { Name = form["name"], Description = form["description"].ToString(), Tags = form["tags"] };
        return Reply.From(await stickers.CreateAsync(r.Actor, Guild(r), texts, picture, r.Aborted), status: 201);
    }

    static GuildId Guild(ApiRequest r) => r.Id<GuildId>("guild_id");

    static StickerId Sticker(ApiRequest r) => r.Id<StickerId>("sticker_id");
}
