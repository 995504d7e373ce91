using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>What a guild's channel may look like, and what who asks may make of it. Pure.</summary>
static class ChannelRules
{
    static readonly ChannelType[] Types = [ChannelType.GuildText, ChannelType.GuildVoice, ChannelType.GuildCategory, ChannelType.GuildAnnouncement];

    /// <summary>The channel with the form's fields, checked; <paramref name="before"/> has the defaults of a new one.</summary>
    public static Result<ChannelRecord> Apply(GuildAccess access, ChannelRecord before, ChannelForm form, bool isNew)
    {
        var errors = new FormErrors();
        var type = form.Type.Or(null) ?? before.Type;
        CheckType(errors, before, type, isNew);
        var name = NameOf(errors, before, form, type, isNew);
        Ranges(errors, form);
        var parent = ParentOf(errors, access, before, form, type);
        if (errors.Error is { } error) return error;
        if (!OverwritesOf(access, before, form, parent, isNew).Ok(out var overwrites, out error)) return error;
        return before with
        {
            Type = type, Name = name, ParentId = parent, Overwrites = overwrites,
            Topic = form.Topic.HasValue ? NullIfEmpty(form.Topic.Value) : before.Topic,
            Nsfw = form.Nsfw.HasValue ? form.Nsfw.Value ?? false : before.Nsfw,
            RateLimitPerUser = form.RateLimitPerUser.HasValue ? form.RateLimitPerUser.Value ?? 0 : before.RateLimitPerUser,
            Bitrate = form.Bitrate.HasValue ? form.Bitrate.Value ?? new ChannelRecord { Id = default, Type = type }.Bitrate : before.Bitrate,
            UserLimit = form.UserLimit.HasValue ? form.UserLimit.Value ?? 0 : before.UserLimit,
            Position = form.Position.Or(null) ?? before.Position,
        };
    }

    static void CheckType(FormErrors errors, ChannelRecord before, ChannelType type, bool isNew)
    {
        errors.Require(Types.Contains(type), "type", "BASE_TYPE_CHOICES", $"Value must be one of ({string.Join(", ", Types.Select(t => (int)t))}).");
        var convertible = before.Type is ChannelType.GuildText or ChannelType.GuildAnnouncement && type is ChannelType.GuildText or ChannelType.GuildAnnouncement;
        errors.Require(isNew || type == before.Type || convertible, "type", "CHANNEL_TYPE_INVALID", "Only text and announcement channels can be converted into each other.");
    }

    static string? NameOf(FormErrors errors, ChannelRecord before, ChannelForm form, ChannelType type, bool isNew)
    {
        if (!form.Name.HasValue)
        {
            if (isNew) errors.Required("name", null);
            return before.Name is { } kept ? Names.OfChannel(type, kept) : null;
        }

        errors.Required("name", form.Name.Value);
        if (form.Name.Value is not { Length: > 0 } typed) return before.Name;
        var name = Names.OfChannel(type, typed);
        errors.Length("name", name, 1, GuildLimits.MaxChannelName);
        return name;
    }

    static void Ranges(FormErrors errors, ChannelForm form)
    {
        errors.Length("topic", form.Topic.Or(null), 0, GuildLimits.MaxTopic);
        errors.Range("rate_limit_per_user", form.RateLimitPerUser.Or(null), 0, GuildLimits.MaxSlowMode);
        errors.Range("bitrate", form.Bitrate.Or(null), GuildLimits.MinBitrate, GuildLimits.MaxBitrate);
        errors.Range("user_limit", form.UserLimit.Or(null), 0, GuildLimits.MaxUserLimit);
        errors.Range("position", form.Position.Or(null), 0, int.MaxValue);
    }

    static ChannelId? ParentOf(FormErrors errors, GuildAccess access, ChannelRecord before, ChannelForm form, ChannelType type)
    {
        if (!form.ParentId.HasValue) return before.ParentId;
        if (form.ParentId.Value is { } parent && parent != before.ParentId)
            CheckParent(errors, "parent_id", access.Guild, before.Id, type, parent);
        return form.ParentId.Value;
    }

    /// <summary>A parent is a category with room, and a category has none.</summary>
    public static void CheckParent(FormErrors errors, string path, GuildSnapshot guild, ChannelId channel, ChannelType type, ChannelId parent)
    {
        if (!guild.Channels.TryGetValue(parent, out var category))
            errors.Add(path, "CHANNEL_PARENT_INVALID", "Category does not exist");
        else if (type == ChannelType.GuildCategory)
            errors.Add(path, "CHANNEL_PARENT_CANNOT_BE_SET", "Categories cannot have subcategories");
        else if (category.Type != ChannelType.GuildCategory)
            errors.Add(path, "CHANNEL_PARENT_INVALID_TYPE", "Not a category");
        else if (guild.Channels.Values.Count(c => c.ParentId == parent && c.Id != channel) >= GuildLimits.ChannelsPerCategory)
            errors.Add(path, "CHANNEL_PARENT_MAX_CHANNELS", $"Maximum number of channels in category reached ({GuildLimits.ChannelsPerCategory})");
    }

    static Result<PermissionOverwrite[]> OverwritesOf(GuildAccess access, ChannelRecord before, ChannelForm form, ChannelId? parent, bool isNew)
    {
        if (form.PermissionOverwrites.Or(null) is { } given) return OverwriteRules.Replace(access, before, parent, given, isNew);
        // A new channel in a category is in step with it.
        var kept = isNew && parent is { } category ? access.Guild.Channels[category].Overwrites : before.Overwrites;
        return kept as PermissionOverwrite[] ?? [.. kept];
    }

    static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
