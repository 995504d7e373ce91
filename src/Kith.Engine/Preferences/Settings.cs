using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Preferences;

/// <summary>A PATCH of one's settings: what is absent stays.</summary>
public sealed record UserSettingsForm
{
    public Optional<string?> Status { get; init; }
    public Optional<CustomStatus?> CustomStatus { get; init; }
    public Optional<string?> Theme { get; init; }
    public Optional<string?> Locale { get; init; }
    public Optional<bool> ReadReceipts { get; init; }
    public Optional<bool> ShowLastSeen { get; init; }
    public Optional<bool> FriendsOnlyDms { get; init; }
    public Optional<bool> PushPreview { get; init; }
    public Optional<QuietHours?> QuietHours { get; init; }
    public Optional<bool> EmailDigest { get; init; }
    public Optional<bool> DeveloperMode { get; init; }
    public Optional<bool> MessageDisplayCompact { get; init; }
    public Optional<IReadOnlyList<GuildId>?> GuildPositions { get; init; }
}

/// <summary>Users' own settings. Privacy is asked with every receipt and every DM, so they are cached.</summary>
public sealed class Settings(ISettingsStore store, IUserStore users, Users directory, IEventLog events, KeyedLock locks, CacheChanges caches)
{
    const int Capacity = 100_000;

    /// <summary>Guilds in a list.</summary>
    const int MaxPositions = 1_000;

    static readonly UserSettings Default = new();

    static readonly string[] Statuses = ["online", "idle", "dnd", "invisible"];

    readonly SharedCache<UserId, UserSettings> cache = caches.Cache<UserId, UserSettings>(
        "settings", Capacity, async (user, ct) => await store.FindAsync(user, ct) ?? Default, change => new UserId(change.Key));

    /// <summary>The user's settings; one query, or none.</summary>
    public async ValueTask<UserSettings> OfAsync(UserId user, CancellationToken ct)
    {
        var settings = await cache.Entries.GetAsync(user, ct) ?? Default;
        return await directory.FindAsync(user, ct) is { } record && record.Locale != settings.Locale ? settings with { Locale = record.Locale } : settings;
    }

    public async Task<Result<UserSettings>> UpdateAsync(Principal me, UserSettingsForm form, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        if (Check(form) is { } wrong) return wrong;
        using var held = await locks.EnterAsync(me.Id, ct);
        // The locale is part of the account, where everyone may see it.
        if (form.Locale.HasValue) await users.UpdateAsync(me.Id, user => user with { Locale = form.Locale.Value! }, ct);
        await store.UpdateAsync(me.Id, settings => Apply(settings, form), ct);
        await cache.ChangedAsync(me.Id.Value, CancellationToken.None);
        await directory.ChangedAsync(me.Id, CancellationToken.None);
        var now = await OfAsync(me.Id, CancellationToken.None);
        await events.PublishAsync(
            new Event { Name = "USER_SETTINGS_UPDATE", Data = Wire.Utf8(now), Audience = new Audience.OfUsers(me.Id) }, CancellationToken.None);
        return now;
    }

    static UserSettings Apply(UserSettings old, UserSettingsForm form) => old with
    {
        Status = form.Status.Or(old.Status)!, CustomStatus = form.CustomStatus.Or(old.CustomStatus), Theme = form.Theme.Or(old.Theme)!,
        ReadReceipts = form.ReadReceipts.Or(old.ReadReceipts), ShowLastSeen = form.ShowLastSeen.Or(old.ShowLastSeen),
        FriendsOnlyDms = form.FriendsOnlyDms.Or(old.FriendsOnlyDms), PushPreview = form.PushPreview.Or(old.PushPreview),
        QuietHours = form.QuietHours.Or(old.QuietHours), EmailDigest = form.EmailDigest.Or(old.EmailDigest),
        DeveloperMode = form.DeveloperMode.Or(old.DeveloperMode), MessageDisplayCompact = form.MessageDisplayCompact.Or(old.MessageDisplayCompact),
        GuildPositions = form.GuildPositions.Or(old.GuildPositions)!,
    };

    static Error? Check(UserSettingsForm form)
    {
        var errors = new FormErrors();
        if (form.Status.HasValue)
            errors.Require(Statuses.Contains(form.Status.Value), "status", "BASE_TYPE_CHOICES", "Value must be one of ('online', 'idle', 'dnd', 'invisible').");
        if (form.Theme.HasValue)
            errors.Require(form.Theme.Value is { Length: > 0 and <= 32 } theme && theme.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), "theme", "STRING_TYPE_REGEX", "String value did not match validation regex.");
        if (form.Locale.HasValue)
            errors.Require(Locales.Known.Contains(form.Locale.Value ?? ""), "locale", "BASE_TYPE_CHOICES", "Not a supported locale.");
        if (form.GuildPositions.HasValue)
            errors.Require(form.GuildPositions.Value is { Count: <= MaxPositions }, "guild_positions", "BASE_TYPE_BAD_LENGTH", $"Must be between 0 and {MaxPositions} in length.");
        if (form.CustomStatus is { HasValue: true, Value: { } custom })
        {
            errors.Length("custom_status.text", custom.Text, 0, 128);
            errors.Length("custom_status.emoji_name", custom.EmojiName, 0, 32);
        }

        if (form.QuietHours is { HasValue: true, Value: { } quiet }) Check(errors, quiet);

        return errors.Error;
    }

    static void Check(FormErrors errors, QuietHours quiet)
    {
        errors.Require(TimeZoneInfo.TryFindSystemTimeZoneById(quiet.TimeZone, out _), "quiet_hours.time_zone", "BASE_TYPE_CHOICES", "Not a known time zone.");
        errors.Require(QuietHours.TryReadTime(quiet.Start, out _), "quiet_hours.start", "STRING_TYPE_REGEX", "Must be a time such as 22:00.");
        errors.Require(QuietHours.TryReadTime(quiet.End, out _), "quiet_hours.end", "STRING_TYPE_REGEX", "Must be a time such as 22:00.");
        errors.Require(quiet.Days?.All(d => d is >= 0 and <= 6) != false && quiet.Days?.Count is not > 7, "quiet_hours.days", "BASE_TYPE_CHOICES", "Must be days from 0 (Sunday) to 6.");
    }
}

/// <summary>The locales that Discord's document knows.</summary>
public static class Locales
{
    public static readonly IReadOnlySet<string> Known = new HashSet<string>(StringComparer.Ordinal)
    {
        "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko",
        "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
    };
}
