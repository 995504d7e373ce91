using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Moving many channels at once: positions, categories, and overwrites taken over from the new category.</summary>
public sealed class ChannelOrder(GuildChanges changes, Access access)
{
    public Task<Result<Done>> MoveAsync(Actor actor, GuildId id, IReadOnlyList<ChannelPositionForm> forms, CancellationToken ct) =>
        changes.ApplyAsync(actor.Principal, id, Permissions.ManageChannels, guild => Plan(guild, forms), ct);

    Result<GuildPlan<Done>> Plan(GuildAccess guild, IReadOnlyList<ChannelPositionForm> forms)
    {
        var moved = new Dictionary<ChannelId, ChannelRecord>();
        var errors = new FormErrors();
        for (var i = 0; i < forms.Count; i++)
        {
            if (forms[i] is not { Id: { } id } form)
            {
                errors.Required($"{i}.id", null);
                continue;
            }

            if (!access.ChannelOf(guild, id, Permissions.ManageChannels).Ok(out var channel, out var error)) return error;
            var before = moved.GetValueOrDefault(id) ?? channel.Channel;
            errors.Range($"{i}.position", form.Position, 0, int.MaxValue);
            if (form.ParentId.Or(null) is { } parent && parent != before.ParentId)
                ChannelRules.CheckParent(errors, $"{i}.parent_id", guild.Guild, id, before.Type, parent);
            if (errors.Error is not null) continue;
            if (!Moved(guild, before, form).Ok(out var after, out error)) return error;
            moved[id] = after;
        }

        CheckRoom(errors, guild.Guild, moved);
        if (errors.Error is { } wrong) return wrong;
        ChannelRecord[] changed = [.. moved.Values.Where(c => c != guild.Guild.Channels[c.Id])];
        return new GuildPlan<Done>(new GuildChange(guild.Guild) { Channels = changed }, Done.Instance);
    }

    static Result<ChannelRecord> Moved(GuildAccess guild, ChannelRecord before, ChannelPositionForm form)
    {
        var after = before with { Position = form.Position ?? before.Position, ParentId = form.ParentId.HasValue ? form.ParentId.Value : before.ParentId };
        if (form.LockPermissions != true || after.ParentId is not { } parent) return after;
        var wanted = guild.Guild.Channels[parent].Overwrites;
        return OverwriteRules.RefusalToCopy(guild, before, parent, wanted) is { } refusal ? refusal : after with { Overwrites = wanted };
    }

    /// <summary>Each move may find room, and all of them together none.</summary>
    static void CheckRoom(FormErrors errors, GuildSnapshot guild, Dictionary<ChannelId, ChannelRecord> moved)
    {
        var fullest = guild.Channels.Values.Select(c => moved.GetValueOrDefault(c.Id) ?? c).Where(c => c.ParentId is not null)
            .GroupBy(c => c.ParentId).Select(category => category.Count()).DefaultIfEmpty(0).Max();
        errors.Require(fullest <= GuildLimits.ChannelsPerCategory, "parent_id", "CHANNEL_PARENT_MAX_CHANNELS",
            $"Maximum number of channels in category reached ({GuildLimits.ChannelsPerCategory})");
    }
}
