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
public sealed class GuildInvites(Access access, IInviteStore store, InviteWire wire, InviteAnnouncements announcements, AuditLog audit, TimeProvider clock)
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
        await announcements.CreatedAsync(invite, made, entry, CancellationToken.None);
        return made;
    }

    /// <summary>What anyone with the code may know, whoever asks.</summary>
    public async Task<Result<Invite>> ResolveAsync(string code, CancellationToken ct) =>
        await store.FindAsync(code, clock.GetUtcNow(), ct) is { } invite && await wire.OfAsync(invite, ct) is { } found ? found : ErrorCode.UnknownInvite;

    public async Task<Result<Invite[]>> OfChannelAsync(Principal principal, ChannelId id, CancellationToken ct)
    {
        if (!(await access.ChannelAsync(principal, id, ct, Permissions.ManageChannels)).Ok(out var channel, out var error)) return error;
        return channel.Guild is null ? ErrorCode.CannotExecuteOnDm : await ManyAsync(await store.OfChannelAsync(id, clock.GetUtcNow(), ct), ct);
    }

    public async Task<Result<Invite[]>> OfGuildAsync(Principal principal, GuildId id, CancellationToken ct)
    {
        if (!(await access.GuildAsync(principal, id, ct)).Ok(out var guild, out var error)) return error;
        if (!guild.Has(Permissions.ManageGuild) && !guild.Has(Permissions.ViewAuditLog)) return ErrorCode.MissingPermissions;
        return await ManyAsync(await store.OfGuildAsync(id, clock.GetUtcNow(), ct), ct);
    }

    /// <summary>By who manages the channel or the guild. Answers the invite as it was.</summary>
    public async Task<Result<Invite>> RevokeAsync(Actor actor, string code, CancellationToken ct)
    {
        if (await store.FindAsync(code, clock.GetUtcNow(), ct) is not { } invite || await wire.OfAsync(invite, ct) is not { } gone) return ErrorCode.UnknownInvite;
        // To who is not in the guild the invite is there all the same: its code is known.
        var channel = await access.ChannelAsync(actor.Principal, invite.ChannelId, ct, Permissions.ManageChannels);
        if (channel.Error is not null && (await access.GuildAsync(actor.Principal, invite.GuildId, ct, Permissions.ManageGuild)).Error is not null)
            return ErrorCode.MissingPermissions;
        var entry = audit.Entry(invite.GuildId, actor, AuditLogAction.InviteDelete, target: null, AuditedValues(invite, created: false));
        if (!await store.RemoveAsync(code, [entry], ct)) return ErrorCode.UnknownInvite;
        await announcements.DeletedAsync(invite, entry, CancellationToken.None);
        return gone;
    }

    async Task<Invite[]> ManyAsync(IReadOnlyList<InviteRecord> invites, CancellationToken ct)
    {
        List<Invite> found = new(invites.Count);
        foreach (var invite in invites)
        {
            if (await wire.WithUseAsync(invite, ct) is { } shown) found.Add(shown);
        }

        return [.. found];
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

/// <summary>INVITE_CREATE and INVITE_DELETE, which reach those who manage the channel.</summary>
public sealed class InviteAnnouncements(IEventLog events, GuildAnnouncements announcements)
{
    public async Task CreatedAsync(InviteRecord invite, Invite wire, AuditLogEntry entry, CancellationToken ct)
    {
        await PublishAsync("INVITE_CREATE", invite, new
        {
            invite.ChannelId, invite.Code, invite.CreatedAt, invite.GuildId, wire.Inviter, invite.MaxAge, invite.MaxUses, invite.Temporary, invite.Uses,
            invite.ExpiresAt, wire.Type,
        }, ct);
        await announcements.AuditedAsync([entry], ct);
    }

    public async Task DeletedAsync(InviteRecord invite, AuditLogEntry entry, CancellationToken ct)
    {
        await PublishAsync("INVITE_DELETE", invite, new { invite.ChannelId, invite.GuildId, invite.Code }, ct);
        await announcements.AuditedAsync([entry], ct);
    }

    ValueTask PublishAsync<T>(string name, InviteRecord invite, T data, CancellationToken ct) => events.PublishAsync(new Event
    {
        Name = name, Intents = Intents.GuildInvites, Data = Wire.Utf8(data),
        Audience = new Audience.OfChannel(invite.GuildId, invite.ChannelId, Permissions.ViewChannel | Permissions.ManageChannels),
    }, ct);
}
