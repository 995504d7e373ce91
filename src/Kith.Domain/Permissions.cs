namespace Kith.Domain;

/// <summary>Discord's permission bits; on the wire a decimal string.</summary>
[Flags]
public enum Permissions : ulong
{
    None = 0,
    CreateInstantInvite = 1UL << 0,
    KickMembers = 1UL << 1,
    BanMembers = 1UL << 2,
    Administrator = 1UL << 3,
    ManageChannels = 1UL << 4,
    ManageGuild = 1UL << 5,
    AddReactions = 1UL << 6,
    ViewAuditLog = 1UL << 7,
    PrioritySpeaker = 1UL << 8,
    Stream = 1UL << 9,
    ViewChannel = 1UL << 10,
    SendMessages = 1UL << 11,
    SendTtsMessages = 1UL << 12,
    ManageMessages = 1UL << 13,
    EmbedLinks = 1UL << 14,
    AttachFiles = 1UL << 15,
    ReadMessageHistory = 1UL << 16,
    MentionEveryone = 1UL << 17,
    UseExternalEmojis = 1UL << 18,
    ViewGuildInsights = 1UL << 19,
    Connect = 1UL << 20,
    Speak = 1UL << 21,
    MuteMembers = 1UL << 22,
    DeafenMembers = 1UL << 23,
    MoveMembers = 1UL << 24,
    UseVad = 1UL << 25,
    ChangeNickname = 1UL << 26,
    ManageNicknames = 1UL << 27,
    ManageRoles = 1UL << 28,
    ManageWebhooks = 1UL << 29,
    ManageGuildExpressions = 1UL << 30,
    UseApplicationCommands = 1UL << 31,
    RequestToSpeak = 1UL << 32,
    ManageEvents = 1UL << 33,
    ManageThreads = 1UL << 34,
    CreatePublicThreads = 1UL << 35,
    CreatePrivateThreads = 1UL << 36,
    UseExternalStickers = 1UL << 37,
    SendMessagesInThreads = 1UL << 38,
    UseEmbeddedActivities = 1UL << 39,
    ModerateMembers = 1UL << 40,
    ViewCreatorMonetizationAnalytics = 1UL << 41,
    UseSoundboard = 1UL << 42,
    CreateGuildExpressions = 1UL << 43,
    CreateEvents = 1UL << 44,
    UseExternalSounds = 1UL << 45,
    SendVoiceMessages = 1UL << 46,
    SendPolls = 1UL << 49,
    UseExternalApps = 1UL << 50,
    PinMessages = 1UL << 51,
    BypassSlowmode = 1UL << 52,

    /// <summary>Every bit that has a meaning.</summary>
    All = (1UL << 47) - 1 | SendPolls | UseExternalApps | PinMessages | BypassSlowmode,

    /// <summary>What @everyone of a new guild may do, as Discord's default.</summary>
    DefaultEveryone = CreateInstantInvite | AddReactions | Stream | ViewChannel | SendMessages | SendTtsMessages | EmbedLinks | AttachFiles
        | ReadMessageHistory | MentionEveryone | UseExternalEmojis | Connect | Speak | UseVad | ChangeNickname | UseApplicationCommands
        | RequestToSpeak | CreatePublicThreads | CreatePrivateThreads | UseExternalStickers | SendMessagesInThreads | UseEmbeddedActivities
        | UseSoundboard | CreateGuildExpressions | CreateEvents | UseExternalSounds | SendVoiceMessages | SendPolls | UseExternalApps,

    /// <summary>What participants of a DM or group may do.</summary>
    DirectMessage = AddReactions | ViewChannel | SendMessages | SendTtsMessages | EmbedLinks | AttachFiles | ReadMessageHistory
        | UseExternalEmojis | UseExternalStickers | SendVoiceMessages | SendPolls | UseApplicationCommands | UseExternalApps | MentionEveryone
        | PinMessages | Connect | Speak | Stream | UseVad,

    /// <summary>What a member under a timeout keeps.</summary>
    TimedOut = ViewChannel | ReadMessageHistory,
}

public enum OverwriteType
{
    Role = 0,
    Member = 1,
}

/// <summary>Allows and denials of one role or member in one channel.</summary>
public readonly record struct PermissionOverwrite(OverwriteId Id, OverwriteType Type, Permissions Allow, Permissions Deny);

/// <summary>Computes permissions exactly as Discord documents: base, then @everyone's, the roles' and the member's overwrites, then implicit denials.</summary>
public static class PermissionCalculator
{
    /// <summary>Permissions in the guild, before any channel: the union of @everyone and the roles; everything for the owner and administrators.</summary>
    public static Permissions Base(bool isOwner, Permissions everyone, ReadOnlySpan<Permissions> roles)
    {
        if (isOwner) return Permissions.All;
        foreach (var role in roles)
            everyone |= role;
        return everyone.HasFlag(Permissions.Administrator) ? Permissions.All : everyone;
    }

    /// <summary>
    /// Permissions in a channel. <paramref name="roles"/> are the member's, without @everyone, whose id is the guild's.
    /// Owner and administrators pass <see cref="Permissions.All"/> as <paramref name="inGuild"/> and keep it.
    /// </summary>
    public static Permissions InChannel(Permissions inGuild, GuildId guild, UserId member, ReadOnlySpan<RoleId> roles, ReadOnlySpan<PermissionOverwrite> overwrites)
    {
        if (inGuild.HasFlag(Permissions.Administrator)) return Permissions.All;
        var (roleAllow, roleDeny, memberAllow, memberDeny) = (Permissions.None, Permissions.None, Permissions.None, Permissions.None);
        var permissions = inGuild;
        foreach (var overwrite in overwrites)
        {
            if (overwrite.Type == OverwriteType.Member)
            {
                if (overwrite.Id.Value != member.Value) continue;
                memberAllow = overwrite.Allow;
                memberDeny = overwrite.Deny;
            }
            else if (overwrite.Id.Value == guild.Value)
            {
                permissions = (permissions & ~overwrite.Deny) | overwrite.Allow;
            }
            else if (roles.Contains(new RoleId(overwrite.Id.Value)))
            {
                roleAllow |= overwrite.Allow;
                roleDeny |= overwrite.Deny;
            }
        }

        permissions = (permissions & ~roleDeny) | roleAllow;
        permissions = (permissions & ~memberDeny) | memberAllow;
        return WithImplicitDenials(permissions);
    }

    /// <summary>Who cannot see a channel can do nothing in it; who cannot send cannot send in special ways.</summary>
    public static Permissions WithImplicitDenials(Permissions permissions)
    {
        if (!permissions.HasFlag(Permissions.ViewChannel)) return Permissions.None;
        if (!permissions.HasFlag(Permissions.SendMessages))
            permissions &= ~(Permissions.MentionEveryone | Permissions.SendTtsMessages | Permissions.AttachFiles | Permissions.EmbedLinks
                | Permissions.SendVoiceMessages | Permissions.SendPolls);
        return permissions;
    }

    /// <summary>A timeout leaves viewing and reading, save to the owner and administrators.</summary>
    public static Permissions UnderTimeout(Permissions permissions) =>
        permissions.HasFlag(Permissions.Administrator) ? permissions : permissions & Permissions.TimedOut;
}
