using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>Body of PATCH /guilds/{id}/members/{user}, of which @me takes the nick only: absent fields stay, null ones are cleared.</summary>
public sealed record MemberForm
{
    public Optional<string?> Nick { get; init; }
    public Optional<IReadOnlyList<RoleId>?> Roles { get; init; }
    public Optional<bool?> Mute { get; init; }
    public Optional<bool?> Deaf { get; init; }

    /// <summary>The voice channel to move to; nobody is in one.</summary>
    public Optional<ChannelId?> ChannelId { get; init; }

    /// <summary>The end of a timeout.</summary>
    public Optional<DateTimeOffset?> CommunicationDisabledUntil { get; init; }
    public Optional<int?> Flags { get; init; }
}
