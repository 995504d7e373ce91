using System.Text.Json;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>The body of a send.</summary>
public sealed record MessageCreateForm
{
    public string? Content { get; init; }

    /// <summary>A string or an integer, at most 25 characters.</summary>
    public JsonElement? Nonce { get; init; }
    public bool? EnforceNonce { get; init; }
    public bool? Tts { get; init; }
    public IReadOnlyList<Embed>? Embeds { get; init; }
    public AllowedMentions? AllowedMentions { get; init; }
    public MessageReferenceForm? MessageReference { get; init; }
    public IReadOnlyList<JsonElement>? Components { get; init; }
    public IReadOnlyList<StickerId>? StickerIds { get; init; }
    public IReadOnlyList<AttachmentForm>? Attachments { get; init; }
    public int? Flags { get; init; }
}

/// <summary>The body of an edit: absent leaves, null clears.</summary>
public sealed record MessageEditForm
{
    public Optional<string?> Content { get; init; }
    public Optional<IReadOnlyList<Embed>?> Embeds { get; init; }
    public AllowedMentions? AllowedMentions { get; init; }
    public Optional<IReadOnlyList<JsonElement>?> Components { get; init; }

    /// <summary>The attachments to keep, and new ones.</summary>
    public Optional<IReadOnlyList<AttachmentForm>?> Attachments { get; init; }
    public Optional<int?> Flags { get; init; }
}

public sealed record AllowedMentions
{
    /// <summary>users, roles, everyone.</summary>
    public IReadOnlyList<string>? Parse { get; init; }
    public IReadOnlyList<UserId>? Users { get; init; }
    public IReadOnlyList<RoleId>? Roles { get; init; }
    public bool? RepliedUser { get; init; }
}

public sealed record MessageReferenceForm
{
    /// <summary>0 reply; 1 forward is not known here.</summary>
    public int? Type { get; init; }
    public MessageId? MessageId { get; init; }
    public ChannelId? ChannelId { get; init; }
    public GuildId? GuildId { get; init; }
    public bool? FailIfNotExists { get; init; }
}

/// <summary>One file of a send or edit: by its number in the multipart body, by the id of an existing attachment, or by the name of a finished upload.</summary>
public sealed record AttachmentForm
{
    public JsonElement? Id { get; init; }
    public string? Filename { get; init; }
    public string? UploadedFilename { get; init; }

    /// <summary>Of an upload in parts: the ETag that was answered to each, in order.</summary>
    public IReadOnlyList<string>? UploadedParts { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    public double? DurationSecs { get; init; }
    public string? Waveform { get; init; }
}

/// <summary>Discord's limits on a message, checked together so that a sender learns all that is wrong.</summary>
public static class MessageLimits
{
    public const int ContentLength = 2000;
    public const int NonceLength = 25;
    public const int Embeds = 10;
    public const int EmbedTotal = 6000;
    public const int EmbedFields = 25;
    public const int MentionIds = 100;
    public const int Attachments = 10;

    public static void Check(FormErrors errors, string? content, IReadOnlyList<Embed>? embeds, AllowedMentions? allowed)
    {
        errors.Length("content", content, 0, ContentLength);
        if (content?.Contains('\0') == true) errors.Add("content", "BASE_TYPE_BAD_TEXT", "Must not contain NUL.");
        CheckEmbeds(errors, embeds);
        if (allowed is not null) CheckAllowed(errors, allowed);
    }

    public static string? NonceKey(FormErrors errors, JsonElement? nonce)
    {
        var key = nonce?.ValueKind switch
        {
            null or JsonValueKind.Null => null,
            JsonValueKind.String => nonce.Value.GetString(),
            JsonValueKind.Number when nonce.Value.TryGetInt64(out var number) => number.ToString(),
            _ => Refuse(errors),
        };
        errors.Length("nonce", key, 0, NonceLength);
        return key is { Length: 0 } ? null : key;
    }

    static string? Refuse(FormErrors errors)
    {
        errors.Add("nonce", "BASE_TYPE_BAD_TYPE", "Must be a string or an integer.");
        return null;
    }

    static void CheckEmbeds(FormErrors errors, IReadOnlyList<Embed>? embeds)
    {
        if (embeds is null) return;
        if (embeds.Count > Embeds) errors.Add("embeds", "BASE_TYPE_MAX_LENGTH", $"Must be {Embeds} or fewer in length.");
        var total = 0;
        for (var i = 0; i < embeds.Count; i++)
            total += CheckEmbed(errors, $"embeds.{i}", embeds[i]);
        if (total > EmbedTotal) errors.Add("embeds", "MAX_EMBED_SIZE_EXCEEDED", $"Embed size exceeds maximum size of {EmbedTotal}");
    }

    /// <summary>Returns the embed's length as it counts against the total.</summary>
    static int CheckEmbed(FormErrors errors, string path, Embed embed)
    {
        errors.Length($"{path}.title", embed.Title, 0, 256);
        errors.Length($"{path}.description", embed.Description, 0, 4096);
        errors.Length($"{path}.footer.text", embed.Footer?.Text, 0, 2048);
        errors.Length($"{path}.author.name", embed.Author?.Name, 0, 256);
        errors.Range($"{path}.color", embed.Color, 0, 0xFFFFFF);
        CheckUrl(errors, $"{path}.url", embed.Url);
        CheckUrl(errors, $"{path}.image.url", embed.Image?.Url);
        CheckUrl(errors, $"{path}.thumbnail.url", embed.Thumbnail?.Url);
        CheckUrl(errors, $"{path}.author.url", embed.Author?.Url);
        CheckUrl(errors, $"{path}.author.icon_url", embed.Author?.IconUrl);
        CheckUrl(errors, $"{path}.footer.icon_url", embed.Footer?.IconUrl);
        var length = Len(embed.Title) + Len(embed.Description) + Len(embed.Footer?.Text) + Len(embed.Author?.Name);
        if (embed.Fields is not { } fields) return length;
        if (fields.Count > EmbedFields) errors.Add($"{path}.fields", "BASE_TYPE_MAX_LENGTH", $"Must be {EmbedFields} or fewer in length.");
        for (var i = 0; i < fields.Count; i++)
        {
            errors.Length($"{path}.fields.{i}.name", fields[i].Name, 1, 256);
            errors.Length($"{path}.fields.{i}.value", fields[i].Value, 1, 1024);
            length += Len(fields[i].Name) + Len(fields[i].Value);
        }

        return length;
    }

    static void CheckUrl(FormErrors errors, string path, string? url)
    {
        if (url is null) return;
        errors.Length(path, url, 0, 2048);
        // attachment:// names a file of the same message.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https" or "attachment"))
            errors.Add(path, "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https').");
    }

    static void CheckAllowed(FormErrors errors, AllowedMentions allowed)
    {
        var parse = allowed.Parse ?? [];
        foreach (var kind in parse.Where(k => k is not ("users" or "roles" or "everyone")))
            errors.Add("allowed_mentions.parse", "BASE_TYPE_CHOICES", $"Value must be one of ('users', 'roles', 'everyone').");
        Exclusive("users", allowed.Users?.Count ?? 0);
        Exclusive("roles", allowed.Roles?.Count ?? 0);

        void Exclusive(string kind, int count)
        {
            if (count > 0 && parse.Contains(kind))
                errors.Add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", $"parse:[\"{kind}\"] and {kind}: [ids...] are mutually exclusive.");
            if (count > MentionIds) errors.Add($"allowed_mentions.{kind}", "BASE_TYPE_MAX_LENGTH", $"Must be {MentionIds} or fewer in length.");
        }
    }

    static int Len(string? text) => text?.Length ?? 0;
}
