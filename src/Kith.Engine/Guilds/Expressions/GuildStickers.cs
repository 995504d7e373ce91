using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Media;
using Kith.Protocol;

namespace Kith.Engine.Guilds.Expressions;

/// <summary>Body of PATCH, and the texts of POST: what is absent stays.</summary>
public sealed record StickerForm
{
    public string? Name { get; init; }
    public Optional<string?> Description { get; init; }
    public string? Tags { get; init; }
}

/// <summary>A guild's own stickers. Who may make some changes its own, who may manage them everyone's.</summary>
public sealed class GuildStickers(Access access, GuildChanges changes, OwnedImages images, Users users, AuditLog audit, SnowflakeGenerator ids)
{
    /// <summary>Bytes, as Discord's.</summary>
    public const int MaxBytes = 512 << 10;

    static readonly string[] AuditedKeys = ["name", "description", "tags"];

    public async Task<Result<IReadOnlyList<Sticker>>> ListAsync(Principal principal, GuildId guild, CancellationToken ct)
    {
        if (!(await access.GuildAsync(principal, guild, ct)).Ok(out var member, out var error)) return error;
        var makers = (await users.WireManyAsync([.. member.Guild.Stickers.Select(s => s.UserId).Distinct()], ct)).ToDictionary(u => u.Id);
        return member.Guild.Stickers.Select(s => s.ToWire(makers.GetValueOrDefault(s.UserId))).ToArray();
    }

    public async Task<Result<Sticker>> FindAsync(Principal principal, GuildId guild, StickerId id, CancellationToken ct)
    {
        if (!(await access.GuildAsync(principal, guild, ct)).Ok(out var member, out var error)) return error;
        return member.Guild.Stickers.FirstOrDefault(s => s.Id == id) is { } sticker ? await WireAsync(sticker, ct) : ErrorCode.UnknownSticker;
    }

    /// <param name="picture">PNG or GIF, what moves as well.</param>
    public async Task<Result<Sticker>> CreateAsync(Actor actor, GuildId guild, StickerForm form, Stream? picture, CancellationToken ct)
    {
        if (!(await access.GuildAsync(actor.Principal, guild, ct)).Ok(out var member, out var error)) return error;
        if (!ExpressionRules.MayCreate(member)) return ErrorCode.MissingPermissions;
        var errors = new FormErrors();
        errors.Required("name", form.Name);
        errors.Required("tags", form.Tags);
        errors.Required("file", picture);
        ExpressionRules.Sticker(errors, form.Name, form.Description.Or(null), form.Tags);
        if (errors.Error is { } wrong) return wrong;
        var id = new StickerId(ids.Next());
        if (!(await images.SaveAsync(ImageKind.Sticker, id.Value, "file", picture!, MaxBytes, ct)).Ok(out var image, out error)) return error;
        var result = FormatOf(image) is { } format
            ? await changes.ApplyAsync(
                actor.Principal, guild, Permissions.None,
                m => PlanCreation(m, actor, new StickerRecord(id, guild, form.Name!, Text(form.Description.Or(null)), form.Tags!, format, actor.Id)), ct)
            : Error.Form("file", "IMAGE_INVALID", "Must be a PNG or GIF picture.");
        if (result.Ok(out var sticker, out error)) return await WireAsync(sticker, ct);
        await images.SettleAsync(ImageKind.Sticker, id.Value, null, CancellationToken.None);
        return error;
    }

    public async Task<Result<Sticker>> ModifyAsync(Actor actor, GuildId guild, StickerId id, StickerForm form, CancellationToken ct)
    {
        var result = await changes.ApplyAsync(actor.Principal, guild, Permissions.None, m => PlanChange(m, actor, id, form), ct);
        return result.Ok(out var sticker, out var error) ? await WireAsync(sticker, ct) : error;
    }

    public async Task<Result<Done>> DeleteAsync(Actor actor, GuildId guild, StickerId id, CancellationToken ct)
    {
        var result = await changes.ApplyAsync(actor.Principal, guild, Permissions.None, m => PlanDeletion(m, actor, id), ct);
        if (result.Error is null) await images.SettleAsync(ImageKind.Sticker, id.Value, null, CancellationToken.None);
        return result;
    }

    async Task<Sticker> WireAsync(StickerRecord sticker, CancellationToken ct) => sticker.ToWire(await users.WireAsync(sticker.UserId, ct));

    Result<GuildPlan<StickerRecord>> PlanCreation(GuildAccess member, Actor actor, StickerRecord sticker)
    {
        if (!ExpressionRules.MayCreate(member)) return ErrorCode.MissingPermissions;
        if (member.Guild.Stickers.Count >= GuildLimits.Stickers) return ErrorCode.MaxStickers;
        var entry = audit.Entry(member.Id, actor, AuditLogAction.StickerCreate, sticker.Id.Value, AuditLog.Changes(null, sticker.ToWire(), AuditedKeys));
        return new GuildPlan<StickerRecord>(new GuildChange(member.Guild) { Stickers = [sticker], Audit = [entry] }, sticker);
    }

    Result<GuildPlan<StickerRecord>> PlanChange(GuildAccess member, Actor actor, StickerId id, StickerForm form)
    {
        if (!Reachable(member, id).Ok(out var before, out var error)) return error;
        var errors = new FormErrors();
        ExpressionRules.Sticker(errors, form.Name, form.Description.Or(null), form.Tags);
        if (errors.Error is { } wrong) return wrong;
        var after = before with
        {
            Name = form.Name ?? before.Name, Description = form.Description.HasValue ? Text(form.Description.Value) : before.Description, Tags = form.Tags ?? before.Tags,
        };
        var entries = audit.Update(member.Id, actor, AuditLogAction.StickerUpdate, id.Value, AuditLog.Changes(before.ToWire(), after.ToWire(), AuditedKeys));
        return new GuildPlan<StickerRecord>(new GuildChange(member.Guild) { Stickers = [after], Audit = entries }, after);
    }

    Result<GuildPlan<Done>> PlanDeletion(GuildAccess member, Actor actor, StickerId id)
    {
        if (!Reachable(member, id).Ok(out var sticker, out var error)) return error;
        var entry = audit.Entry(member.Id, actor, AuditLogAction.StickerDelete, id.Value, AuditLog.Changes(sticker.ToWire(), null, AuditedKeys));
        return new GuildPlan<Done>(new GuildChange(member.Guild) { DeletedSticker = id, Audit = [entry] }, Done.Instance);
    }

    static Result<StickerRecord> Reachable(GuildAccess member, StickerId id)
    {
        if (member.Guild.Stickers.FirstOrDefault(s => s.Id == id) is not { } sticker) return ErrorCode.UnknownSticker;
        return ExpressionRules.MayChange(member, sticker.UserId) ? sticker : ErrorCode.MissingPermissions;
    }

    static StickerFormat? FormatOf(ImageRecord image) => image.ContentType switch
    {
        "image/png" => image.IsAnimated ? StickerFormat.Apng : StickerFormat.Png,
        "image/gif" => StickerFormat.Gif,
        _ => null,
    };

    static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Stickers by id: to look at, and for messages.</summary>
public sealed class StickerDirectory(IStickerStore store, GuildDirectory guilds)
{
    /// <summary>Of one message.</summary>
    const int MaxPerMessage = 3;

    /// <summary>One of a guild that the user is in.</summary>
    public async ValueTask<StickerRecord?> FindAsync(UserId user, StickerId id, CancellationToken ct) =>
        await store.FindAsync(id, ct) is { } sticker && await guilds.MemberAsync(sticker.GuildId, user, ct) is not null ? sticker : null;

    /// <summary>Those that a message names: of its own guild, or with the permission of others that the sender is in.</summary>
    public async ValueTask<Result<IReadOnlyList<StickerItem>>> UseAsync(ChannelAccess access, IReadOnlyList<StickerId>? wanted, CancellationToken ct)
    {
        if (wanted is not { Count: > 0 }) return Array.Empty<StickerItem>();
        if (wanted.Count > MaxPerMessage) return Error.Form("sticker_ids", "BASE_TYPE_MAX_LENGTH", $"Must be {MaxPerMessage} or fewer in length.");
        List<StickerItem> items = [];
        foreach (var id in wanted.Distinct())
        {
            if (await FindAsync(access.Principal.Id, id, ct) is not { } sticker) return ErrorCode.UnknownSticker;
            if (sticker.GuildId != access.Guild?.Id && !access.Has(Permissions.UseExternalStickers)) return ErrorCode.MissingPermissions;
            items.Add(sticker.ToItem());
        }

        return items;
    }
}
