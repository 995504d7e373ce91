using System.Text.Json.Serialization;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>Reactions to messages. One row each; a page's counts are one query.</summary>
public sealed class Reactions(IReactionStore store, IMessageStore messages, Users users, IEventLog events, TimeProvider clock)
{
    /// <summary>Different emojis on one message, as Discord.</summary>
    public const int MaxKinds = 20;

    public async ValueTask<Result<Done>> AddAsync(ChannelAccess access, MessageId id, string emoji, CancellationToken ct)
    {
        if (await FindAsync(access, id, emoji, ct) is { } refused) return refused;
        if (!access.Has(Permissions.AddReactions) && (await store.CountsAsync([id], access.Principal.Id, ct)).All(r => r.Emoji != emoji)) return ErrorCode.MissingPermissions;
        var author = (await messages.FindAsync(access.Id, id, ct))?.AuthorId;
        switch (await store.AddAsync(access.Id, id, emoji, access.Principal.Id, clock.GetUtcNow(), MaxKinds, ct))
        {
            case null: return ErrorCode.MaxReactions;
            case false: return Done.Instance;
        }

        await PublishAsync("MESSAGE_REACTION_ADD", access, ToEvent(access, id) with
        {
            UserId = access.Principal.Id, Emoji = EmojiKey.ToWire(emoji), MessageAuthorId = author, Burst = false, Type = 0,
            Member = access.Member?.ToWire(access.Principal.User.ToWire()),
        }, ct);
        return Done.Instance;
    }

    /// <summary>One's own, or with MANAGE_MESSAGES another's.</summary>
    public async ValueTask<Result<Done>> RemoveAsync(ChannelAccess access, MessageId id, string emoji, UserId user, CancellationToken ct)
    {
        if (await FindAsync(access, id, emoji, ct) is { } refused) return refused;
        if (user != access.Principal.Id && !Manages(access)) return ErrorCode.MissingPermissions;
        if (await store.RemoveAsync(id, emoji, user, ct))
            await PublishAsync("MESSAGE_REACTION_REMOVE", access, ToEvent(access, id) with { UserId = user, Emoji = EmojiKey.ToWire(emoji), Burst = false, Type = 0 }, ct);
        return Done.Instance;
    }

    /// <param name="emoji">Null: all.</param>
    public async ValueTask<Result<Done>> ClearAsync(ChannelAccess access, MessageId id, string? emoji, CancellationToken ct)
    {
        if (await FindAsync(access, id, emoji ?? "👍", ct) is { } refused) return refused;
        if (!Manages(access)) return ErrorCode.MissingPermissions;
        if (!await store.ClearAsync(id, emoji, ct)) return Done.Instance;
        var body = ToEvent(access, id);
        await (emoji is null
            ? PublishAsync("MESSAGE_REACTION_REMOVE_ALL", access, body, ct)
            : PublishAsync("MESSAGE_REACTION_REMOVE_EMOJI", access, body with { Emoji = EmojiKey.ToWire(emoji) }, ct));
        return Done.Instance;
    }

    public async ValueTask<Result<IReadOnlyList<User>>> UsersAsync(ChannelAccess access, MessageId id, string emoji, UserId after, int limit, CancellationToken ct)
    {
        if (await FindAsync(access, id, emoji, ct) is { } refused) return refused;
        return new List<User>(await users.WireManyAsync(await store.UsersAsync(id, emoji, after, limit, ct), ct));
    }

    static bool Manages(ChannelAccess access) => access.Guild is not null && access.Has(Permissions.ManageMessages);

    async ValueTask<Error?> FindAsync(ChannelAccess access, MessageId id, string emoji, CancellationToken ct)
    {
        if (!EmojiKey.TryParse(emoji, out _)) return ErrorCode.UnknownEmoji;
        if (!access.Has(Permissions.ReadMessageHistory)) return ErrorCode.MissingPermissions;
        return await messages.FindAsync(access.Id, id, ct) is null ? ErrorCode.UnknownMessage : null;
    }

    static ReactionEvent ToEvent(ChannelAccess access, MessageId id) => new() { ChannelId = access.Id, MessageId = id, GuildId = access.Channel.GuildId };

    ValueTask PublishAsync(string name, ChannelAccess access, ReactionEvent body, CancellationToken ct) => events.PublishAsync(new Event
    {
        Name = name, Audience = MessageEvents.AudienceOf(access), Data = Wire.Utf8(body),
        Intents = access.Guild is null ? Intents.DirectMessageReactions : Intents.GuildMessageReactions,
    }, ct);
}

/// <summary>The body of all events about reactions; what an event has no use for is absent.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
sealed record ReactionEvent
{
    public required ChannelId ChannelId { get; init; }
    public required MessageId MessageId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GuildId? GuildId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UserId? UserId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Emoji? Emoji { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Member? Member { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UserId? MessageAuthorId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Burst { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Type { get; init; }
}
