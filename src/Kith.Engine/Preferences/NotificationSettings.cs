using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Preferences;

/// <summary>A PATCH of how much a guild may bother one; overrides that are named replace what is set for their channel, the others stay.</summary>
public sealed record UserGuildSettingsForm
{
    public Optional<bool> Muted { get; init; }
    public Optional<MuteConfig?> MuteConfig { get; init; }
    public Optional<int> MessageNotifications { get; init; }
    public Optional<bool> SuppressEveryone { get; init; }
    public Optional<bool> SuppressRoles { get; init; }
    public IReadOnlyList<ChannelOverrideForm>? ChannelOverrides { get; init; }
}

public sealed record ChannelOverrideForm
{
    public required ChannelId ChannelId { get; init; }
    public Optional<bool> Muted { get; init; }
    public Optional<MuteConfig?> MuteConfig { get; init; }
    public Optional<int> MessageNotifications { get; init; }
    public Optional<bool> Collapsed { get; init; }
}

/// <summary>Who wants to be told of what: per guild (and one for DMs and groups), with exceptions per channel.</summary>
public sealed class NotificationSettings(ISettingsStore store, Access access, IEventLog events, KeyedLock locks)
{
    /// <summary>0 all, 1 mentions, 2 nothing, 3 as it is set above.</summary>
    const int MaxLevel = 3;

    /// <summary>Exceptions of one guild: as many as it may have channels.</summary>
    const int MaxOverrides = 1_000;

    /// <summary>All of a user's: one query.</summary>
    public Task<IReadOnlyList<UserGuildSettings>> OfAsync(UserId user, CancellationToken ct) => store.GuildsOfAsync(user, ct);

    /// <param name="guild">Null: DMs and groups.</param>
    public async Task<Result<UserGuildSettings>> UpdateAsync(Principal me, GuildId? guild, UserGuildSettingsForm form, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        if (guild is { } id && (await access.GuildAsync(me, id, ct)).Error is { } hidden) return hidden;
        if (await CheckAsync(me, guild, form, ct) is { } wrong) return wrong;
        using var held = await locks.EnterAsync(me.Id, ct);
        var now = await store.UpdateGuildAsync(me.Id, guild, old => Apply(old, form), ct);
        await events.PublishAsync(
            new Event { Name = "USER_GUILD_SETTINGS_UPDATE", Data = Wire.Utf8(now), Audience = new Audience.OfUsers(me.Id) }, CancellationToken.None);
        return now;
    }

    async Task<Error?> CheckAsync(Principal me, GuildId? guild, UserGuildSettingsForm form, CancellationToken ct)
    {
        var errors = new FormErrors();
        if (form.MessageNotifications.HasValue) errors.Range("message_notifications", form.MessageNotifications.Value, 0, MaxLevel);
        if (form.ChannelOverrides is not { } overrides) return errors.Error;
        if (overrides.Count > MaxOverrides) errors.Add("channel_overrides", "BASE_TYPE_BAD_LENGTH", $"Must be between 0 and {MaxOverrides} in length.");
        for (var i = 0; i < Math.Min(overrides.Count, MaxOverrides); i++)
        {
            var path = $"channel_overrides.{i}";
            if (overrides[i].MessageNotifications.HasValue) errors.Range($"{path}.message_notifications", overrides[i].MessageNotifications.Value, 0, MaxLevel);
            var seen = await access.ChannelAsync(me, overrides[i].ChannelId, ct);
            if (!seen.Ok(out var channel, out _) || channel.Guild?.Id != guild)
                errors.Add($"{path}.channel_id", "CHANNEL_UNKNOWN", "Unknown channel");
        }

        return errors.Error;
    }

    static UserGuildSettings Apply(UserGuildSettings old, UserGuildSettingsForm form)
    {
        var overrides = old.ChannelOverrides.ToDictionary(o => o.ChannelId);
        foreach (var change in form.ChannelOverrides ?? [])
        {
            var before = overrides.GetValueOrDefault(change.ChannelId) ?? new ChannelOverride { ChannelId = change.ChannelId };
            var after = before with
            {
                Muted = change.Muted.Or(before.Muted), MuteConfig = change.MuteConfig.Or(before.MuteConfig), Collapsed = change.Collapsed.Or(before.Collapsed),
                MessageNotifications = change.MessageNotifications.Or(before.MessageNotifications),
            };
            if (after.IsDefault) overrides.Remove(change.ChannelId);
            else overrides[change.ChannelId] = after;
        }

        return old with
        {
            Muted = form.Muted.Or(old.Muted), MuteConfig = form.MuteConfig.Or(old.MuteConfig), MessageNotifications = form.MessageNotifications.Or(old.MessageNotifications),
            SuppressEveryone = form.SuppressEveryone.Or(old.SuppressEveryone), SuppressRoles = form.SuppressRoles.Or(old.SuppressRoles),
            ChannelOverrides = [.. overrides.Values.OrderBy(o => o.ChannelId.Value)],
        };
    }
}
