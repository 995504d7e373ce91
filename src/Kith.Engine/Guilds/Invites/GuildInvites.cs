using System.Security.Cryptography;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Guilds.Invites;

/// <summary>Body of POST /channels/{id}/invites.</summary>
public sealed record InviteForm
{
    /// <summary>Seconds; 0: for good.</summary>
    public int? MaxAge { get; init; }

    /// <summary>0: without limit.</summary>
    public int? MaxUses { get; init; }
    public bool? Temporary { get; init; }

    /// <summary>Never hand out one that is there already.</summary>
    public bool? Unique { get; init; }
}

/// <summary>Making, showing and revoking invites.</summary>
public sealed class GuildInvites(Access access, IInviteStore store, InviteWire wire, AuditLog audit, IEventLog events, TimeProvider clock)
{
    /// <summary>47 bits: 8 letters and digits, as Discord's, without those that look alike.</summary>
    const string Alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    const int CodeLength = 8;

    public async Task<Result<Invite>> CreateAsync(Actor actor, ChannelId id, InviteForm form, CancellationToken ct)
    {
        if (!(await access.ChannelAsync(actor.Principal, id, ct, Permissions.CreateInstantInvite)).Ok(out var channel, out var error)) return error;
        if (channel.Guild is not { } guild) return ErrorCode.CannotExecuteOnDm;
        if (channel.Channel.Type == ChannelType.GuildCategory) return ErrorCode.CannotExecuteOnChannelType;
        var errors = new FormErrors();
        errors.Range("max_age", form.MaxAge, 0, GuildLimits.MaxInviteAge);
        errors.Range("max_uses", form.MaxUses, 0, GuildLimits.MaxInviteUses);
        if (errors.Error is { } invalid) return invalid;

        var invite = Fresh(actor.Id, guild.Id, id, form);
        if (form.Unique != true && await SimilarAsync(invite, ct) is { } similar) return (await wire.WithUseAsync(similar, ct))!;
        var entry = audit.Entry(guild.Id, actor, AuditLogAction.InviteCreate, target: null, AuditedValues(invite, created: true));
        if (!await store.AddAsync(invite, GuildLimits.Invites, [entry], ct)) return ErrorCode.MaxInvites;
        if (await wire.WithUseAsync(invite, ct) is not { } made) return ErrorCode.UnknownChannel;
        await events.PublishAsync(InviteEvents.Create(invite, made), CancellationToken.None);
        await events.PublishAsync(GuildEvents.AuditLogEntryCreate(entry), CancellationToken.None);
        return made;
    }

    InviteRecord Fresh(UserId inviter, GuildId guild, ChannelId channel, InviteForm form)
    {
        var now = clock.GetUtcNow();
        var age = form.MaxAge ?? GuildLimits.DefaultInviteAge;
        return new InviteRecord
        {
            Code = RandomNumberGenerator.GetString(Alphabet, CodeLength), GuildId = guild, ChannelId = channel, InviterId = inviter, CreatedAt = now,
            ExpiresAt = age == 0 ? null : now.AddSeconds(age), MaxAge = age, MaxUses = form.MaxUses ?? 0, Temporary = form.Temporary ?? false,
        };
    }

    /// <summary>One of the same maker and kind that was made within the last quarter of an hour and is unused.</summary>
    async Task<InviteRecord?> SimilarAsync(InviteRecord wanted, CancellationToken ct) =>
        (await store.OfChannelAsync(wanted.ChannelId, wanted.CreatedAt, ct)).FirstOrDefault(i => i.InviterId == wanted.InviterId && i.MaxAge == wanted.MaxAge
            && i.MaxUses == wanted.MaxUses && i.Temporary == wanted.Temporary && i.Uses == 0 && i.CreatedAt > wanted.CreatedAt.AddMinutes(-15));

    static AuditLogChange[] AuditedValues(InviteRecord i, bool created) =>
    [
        Value("code", i.Code, created), Value("channel_id", i.ChannelId, created), Value("inviter_id", i.InviterId, created),
        Value("uses", i.Uses, created), Value("max_uses", i.MaxUses, created), Value("max_age", i.MaxAge, created), Value("temporary", i.Temporary, created),
    ];

    static AuditLogChange Value(string key, object value, bool created) => AuditLog.Change(key, created ? null : value, created ? value : null);
}

/// <summary>INVITE_CREATE and INVITE_DELETE reach those who manage the channel.</summary>
static class InviteEvents
{
    public static Event Create(InviteRecord invite, Invite wire) => new()
    {
        Name = "INVITE_CREATE", Intents = Intents.GuildInvites, Audience = AudienceOf(invite), Data = Wire.Utf8(new
        {
            invite.ChannelId, invite.Code, invite.CreatedAt, invite.GuildId, wire.Inviter, invite.MaxAge, invite.MaxUses, invite.Temporary, invite.Uses,
            invite.ExpiresAt, wire.Type,
        }),
    };

    public static Event Delete(InviteRecord invite) => new()
    {
        Name = "INVITE_DELETE", Intents = Intents.GuildInvites, Audience = AudienceOf(invite),
        Data = Wire.Utf8(new { invite.ChannelId, invite.GuildId, invite.Code }),
    };

    static Audience.OfChannel AudienceOf(InviteRecord invite) => new(invite.GuildId, invite.ChannelId, Permissions.ViewChannel | Permissions.ManageChannels);
}
