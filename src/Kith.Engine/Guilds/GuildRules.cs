using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>What a guild's own fields may be. Pure.</summary>
static class GuildRules
{
    static readonly string[] Locales =
    [
        "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "no",
        "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
    ];

    static readonly int[] AfkTimeouts = [60, 300, 900, 1800, 3600];

    /// <summary>Features that administrators turn on and off themselves; all others are kept as they are.</summary>
    static readonly string[] MutableFeatures = ["COMMUNITY", "INVITES_DISABLED", "RAID_ALERTS_DISABLED"];

    /// <summary>The record with the form's fields, checked against the guild's channels; the owner is not among them.</summary>
    public static Result<GuildRecord> Apply(GuildSnapshot guild, GuildForm form, bool isNew)
    {
        var errors = new FormErrors();
        var before = guild.Guild;
        var name = Names.Clean(form.Name.Or(null) ?? "");
        if (isNew || form.Name.HasValue)
        {
            errors.Required("name", name);
            if (name.Length > 0) errors.Length("name", name, GuildLimits.MinGuildName, GuildLimits.MaxGuildName);
        }

        Values(errors, form);
        ChannelReferences(errors, guild, form);
        if (errors.Error is { } error) return error;
        return before with { Name = name.Length > 0 ? name : before.Name, Icon = form.Icon.Or(before.Icon), Settings = Settings(before.Settings, form) };
    }

    static GuildSettings Settings(GuildSettings before, GuildForm form)
    {
        var defaults = new GuildSettings();
        return before with
        {
            Description = form.Description.HasValue ? form.Description.Value is "" ? null : form.Description.Value : before.Description,
            Banner = form.Banner.Or(before.Banner),
            Splash = form.Splash.Or(before.Splash),
            DiscoverySplash = form.DiscoverySplash.Or(before.DiscoverySplash),
            VerificationLevel = Or(form.VerificationLevel, before.VerificationLevel, defaults.VerificationLevel),
            DefaultMessageNotifications = Or(form.DefaultMessageNotifications, before.DefaultMessageNotifications, defaults.DefaultMessageNotifications),
            ExplicitContentFilter = Or(form.ExplicitContentFilter, before.ExplicitContentFilter, defaults.ExplicitContentFilter),
            PreferredLocale = form.PreferredLocale.HasValue ? form.PreferredLocale.Value ?? defaults.PreferredLocale : before.PreferredLocale,
            AfkTimeout = Or(form.AfkTimeout, before.AfkTimeout, defaults.AfkTimeout),
            AfkChannelId = form.AfkChannelId.Or(before.AfkChannelId),
            SystemChannelId = form.SystemChannelId.Or(before.SystemChannelId),
            SystemChannelFlags = Or(form.SystemChannelFlags, before.SystemChannelFlags, defaults.SystemChannelFlags),
            RulesChannelId = form.RulesChannelId.Or(before.RulesChannelId),
            PublicUpdatesChannelId = form.PublicUpdatesChannelId.Or(before.PublicUpdatesChannelId),
            SafetyAlertsChannelId = form.SafetyAlertsChannelId.Or(before.SafetyAlertsChannelId),
            Features = form.Features.HasValue ? Features(before.Features, form.Features.Value ?? []) : before.Features,
            PremiumProgressBarEnabled = form.PremiumProgressBarEnabled.HasValue ? form.PremiumProgressBarEnabled.Value ?? false : before.PremiumProgressBarEnabled,
        };
    }

    static void Values(FormErrors errors, GuildForm form)
    {
        errors.Length("description", form.Description.Or(null), 0, GuildLimits.MaxDescription);
        errors.Range("verification_level", form.VerificationLevel.Or(null), 0, 4);
        errors.Range("default_message_notifications", form.DefaultMessageNotifications.Or(null), 0, 1);
        errors.Range("explicit_content_filter", form.ExplicitContentFilter.Or(null), 0, 2);
        errors.Range("system_channel_flags", form.SystemChannelFlags.Or(null), 0, 63);
        errors.Require(form.AfkTimeout.Or(null) is not { } timeout || AfkTimeouts.Contains(timeout), "afk_timeout", "BASE_TYPE_CHOICES",
            "Value must be one of (60, 300, 900, 1800, 3600).");
        errors.Require(form.PreferredLocale.Or(null) is not { } locale || Locales.Contains(locale), "preferred_locale", "BASE_TYPE_CHOICES",
            $"Value must be one of ({string.Join(", ", Locales)}).");
        errors.Require(form.Features.Or(null) is not { } features || features.All(f => f is not null), "features", "BASE_TYPE_REQUIRED", "This field is required");
    }

    static void ChannelReferences(FormErrors errors, GuildSnapshot guild, GuildForm form)
    {
        Check("afk_channel_id", form.AfkChannelId, ChannelType.GuildVoice);
        Check("system_channel_id", form.SystemChannelId, ChannelType.GuildText);
        Check("rules_channel_id", form.RulesChannelId, ChannelType.GuildText);
        Check("public_updates_channel_id", form.PublicUpdatesChannelId, ChannelType.GuildText);
        Check("safety_alerts_channel_id", form.SafetyAlertsChannelId, ChannelType.GuildText);

        void Check(string path, Optional<Domain.ChannelId?> field, ChannelType type)
        {
            if (field.Or(null) is not { } id) return;
            if (!guild.Channels.TryGetValue(id, out var channel)) errors.Add(path, "CHANNEL_DOES_NOT_EXIST", "Channel does not exist");
            else if (channel.Type != type) errors.Add(path, "INVALID_CHANNEL_TYPE", "Invalid channel type");
        }
    }

    static int Or(Optional<int?> field, int before, int fallback) => field.HasValue ? field.Value ?? fallback : before;

    static IReadOnlyList<string> Features(IReadOnlyList<string> before, IReadOnlyList<string> wanted) =>
        [.. before.Except(MutableFeatures).Union(wanted.Intersect(MutableFeatures))];
}
