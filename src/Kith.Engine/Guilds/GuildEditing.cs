using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Changing a guild's own settings.</summary>
public sealed class GuildEditing(Access access, GuildChanges changes, GuildDirectory guilds, Ownership ownership, GuildPictures pictures, AuditLog audit)
{
    static readonly string[] AuditedKeys =
    [
        "name", "description", "owner_id", "verification_level", "default_message_notifications", "explicit_content_filter", "preferred_locale", "afk_timeout",
        "afk_channel_id", "system_channel_id", "system_channel_flags", "rules_channel_id", "public_updates_channel_id", "safety_alerts_channel_id", "features",
        "premium_progress_bar_enabled", "icon", "banner", "splash", "discovery_splash",
    ];

    /// <param name="address">From where the request came, for the count of attempts at the second factor.</param>
    public async Task<Result<Guild>> ModifyAsync(Actor actor, GuildId id, GuildForm form, string? address, CancellationToken ct)
    {
        if (form.OwnerId.Or(null) is { } heir && await ownership.RefuseTransferAsync(actor, id, heir, form.Code, address, ct) is { } refusal) return refusal;
        if (!(await KeepPicturesAsync(actor, id, form, ct)).Ok(out var kept, out var unkept)) return unkept;
        var changed = await changes.ApplyAsync(actor.Principal, id, Permissions.ManageGuild, member => Plan(member, actor, kept), ct);
        if (GuildPictures.IsIn(form) && await guilds.FindAsync(id, ct) is { } settled) await pictures.SettleAsync(settled.Guild, CancellationToken.None);
        if (!changed.Ok(out _, out var error)) return error;
        return await guilds.FindAsync(id, ct) is { } guild ? GuildWire.Of(guild) : ErrorCode.UnknownGuild;
    }

    /// <summary>Only who may change the guild makes us keep pictures.</summary>
    async Task<Result<GuildForm>> KeepPicturesAsync(Actor actor, GuildId id, GuildForm form, CancellationToken ct)
    {
        if (!GuildPictures.IsIn(form)) return form;
        return (await access.GuildAsync(actor.Principal, id, ct, Permissions.ManageGuild)).Error is { } refusal ? refusal : await pictures.KeepAsync(id, form, ct);
    }

    Result<GuildPlan<Done>> Plan(GuildAccess member, Actor actor, GuildForm form)
    {
        if (!GuildRules.Apply(member.Guild, form, isNew: false).Ok(out var after, out var error)) return error;
        if (form.OwnerId.Or(null) is { } heir)
        {
            // Asked again, for who gave it away meanwhile.
            if (!member.IsOwner) return ErrorCode.MissingPermissions;
            after = after with { OwnerId = heir };
        }

        return new GuildPlan<Done>(new GuildChange(member.Guild)
        {
            Guild = after,
            Audit = audit.Update(member.Id, actor, AuditLogAction.GuildUpdate, member.Id.Value, Differences(member.Guild, after)),
        }, Done.Instance);
    }

    internal static IReadOnlyList<AuditLogChange> Differences(GuildSnapshot before, GuildRecord after) =>
        AuditLog.Changes(GuildWire.Of(before), GuildWire.Of(new GuildSnapshot(after, before.Roles.Values, []) { Emojis = before.Emojis, Stickers = before.Stickers }), AuditedKeys);
}
