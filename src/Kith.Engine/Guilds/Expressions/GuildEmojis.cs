using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Media;
using Kith.Protocol;

namespace Kith.Engine.Guilds.Expressions;

/// <summary>Body of POST and PATCH: what is absent stays.</summary>
public sealed record EmojiForm
{
    public string? Name { get; init; }

    /// <summary>A data URI; only with POST.</summary>
    public string? Image { get; init; }
    public Optional<IReadOnlyList<RoleId>?> Roles { get; init; }
}

/// <summary>A guild's own emojis. Who may make some changes its own, who may manage them everyone's.</summary>
public sealed class GuildEmojis(Access access, GuildChanges changes, OwnedImages images, Users users, AuditLog audit, SnowflakeGenerator ids)
{
    /// <summary>Bytes, as Discord's.</summary>
    public const int MaxBytes = 256 << 10;

    static readonly string[] AuditedKeys = ["name"];

    public async Task<Result<IReadOnlyList<Emoji>>> ListAsync(Principal principal, GuildId guild, CancellationToken ct)
    {
        if (!(await access.GuildAsync(principal, guild, ct)).Ok(out var member, out var error)) return error;
        var makers = (await users.WireManyAsync([.. member.Guild.Emojis.Select(e => e.UserId).Distinct()], ct)).ToDictionary(u => u.Id);
        return member.Guild.Emojis.Select(e => e.ToWire(makers.GetValueOrDefault(e.UserId))).ToArray();
    }

    public async Task<Result<Emoji>> FindAsync(Principal principal, GuildId guild, EmojiId id, CancellationToken ct)
    {
        if (!(await access.GuildAsync(principal, guild, ct)).Ok(out var member, out var error)) return error;
        return member.Guild.Emojis.FirstOrDefault(e => e.Id == id) is { } emoji ? await WireAsync(emoji, ct) : ErrorCode.UnknownEmoji;
    }

    public async Task<Result<Emoji>> CreateAsync(Actor actor, GuildId guild, EmojiForm form, CancellationToken ct)
    {
        // Asked before a picture is kept, and again with the plan.
        if (!(await access.GuildAsync(actor.Principal, guild, ct)).Ok(out var member, out var error)) return error;
        if (!ExpressionRules.MayCreate(member)) return ErrorCode.MissingPermissions;
        var errors = new FormErrors();
        ExpressionRules.EmojiName(errors, form.Name);
        errors.Required("image", form.Image);
        if (errors.Error is { } wrong) return wrong;
        var id = new EmojiId(ids.Next());
        if (!(await images.SaveAsync(ImageKind.Emoji, id.Value, "image", form.Image!, MaxBytes, ct)).Ok(out var image, out error)) return error;
        var emoji = new EmojiRecord(id, form.Name!, form.Roles.Or(null) ?? [], actor.Id, image.IsAnimated);
        var result = await changes.ApplyAsync(actor.Principal, guild, Permissions.None, m => PlanCreation(m, actor, emoji), ct);
        if (result.Error is null) return await WireAsync(emoji, ct);
        await images.SettleAsync(ImageKind.Emoji, id.Value, null, CancellationToken.None);
        return result.Error;
    }

    public async Task<Result<Emoji>> ModifyAsync(Actor actor, GuildId guild, EmojiId id, EmojiForm form, CancellationToken ct)
    {
        var result = await changes.ApplyAsync(actor.Principal, guild, Permissions.None, m => PlanChange(m, actor, id, form), ct);
        return result.Ok(out var emoji, out var error) ? await WireAsync(emoji, ct) : error;
    }

    public async Task<Result<Done>> DeleteAsync(Actor actor, GuildId guild, EmojiId id, CancellationToken ct)
    {
        var result = await changes.ApplyAsync(actor.Principal, guild, Permissions.None, m => PlanDeletion(m, actor, id), ct);
        if (result.Error is null) await images.SettleAsync(ImageKind.Emoji, id.Value, null, CancellationToken.None);
        return result;
    }

    async Task<Emoji> WireAsync(EmojiRecord emoji, CancellationToken ct) => emoji.ToWire(await users.WireAsync(emoji.UserId, ct));

    Result<GuildPlan<EmojiRecord>> PlanCreation(GuildAccess member, Actor actor, EmojiRecord emoji)
    {
        if (!ExpressionRules.MayCreate(member)) return ErrorCode.MissingPermissions;
        if (member.Guild.Emojis.Count(e => e.Animated == emoji.Animated) >= GuildLimits.Emojis) return ErrorCode.MaxEmojis;
        if (emoji.Roles.Any(r => !member.Guild.Roles.ContainsKey(r))) return ErrorCode.UnknownRole;
        var entry = audit.Entry(member.Id, actor, AuditLogAction.EmojiCreate, emoji.Id.Value, AuditLog.Changes(null, emoji.ToWire(), AuditedKeys));
        return new GuildPlan<EmojiRecord>(new GuildChange(member.Guild) { Emojis = [emoji], Audit = [entry] }, emoji);
    }

    Result<GuildPlan<EmojiRecord>> PlanChange(GuildAccess member, Actor actor, EmojiId id, EmojiForm form)
    {
        if (!Reachable(member, id).Ok(out var before, out var error)) return error;
        var errors = new FormErrors();
        if (form.Name is not null) ExpressionRules.EmojiName(errors, form.Name);
        if (errors.Error is { } wrong) return wrong;
        var after = before with { Name = form.Name ?? before.Name, Roles = form.Roles.HasValue ? form.Roles.Value ?? [] : before.Roles };
        if (after.Roles.Any(r => !member.Guild.Roles.ContainsKey(r))) return ErrorCode.UnknownRole;
        var entries = audit.Update(member.Id, actor, AuditLogAction.EmojiUpdate, id.Value, AuditLog.Changes(before.ToWire(), after.ToWire(), AuditedKeys));
        return new GuildPlan<EmojiRecord>(new GuildChange(member.Guild) { Emojis = [after], Audit = entries }, after);
    }

    Result<GuildPlan<Done>> PlanDeletion(GuildAccess member, Actor actor, EmojiId id)
    {
        if (!Reachable(member, id).Ok(out var emoji, out var error)) return error;
        var entry = audit.Entry(member.Id, actor, AuditLogAction.EmojiDelete, id.Value, AuditLog.Changes(emoji.ToWire(), null, AuditedKeys));
        return new GuildPlan<Done>(new GuildChange(member.Guild) { DeletedEmoji = id, Audit = [entry] }, Done.Instance);
    }

    static Result<EmojiRecord> Reachable(GuildAccess member, EmojiId id)
    {
        if (member.Guild.Emojis.FirstOrDefault(e => e.Id == id) is not { } emoji) return ErrorCode.UnknownEmoji;
        return ExpressionRules.MayChange(member, emoji.UserId) ? emoji : ErrorCode.MissingPermissions;
    }
}
