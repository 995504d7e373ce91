using System.Collections.Immutable;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

/// <summary>A guild as this session knows it. Its channels are in <see cref="ClientState.Channels"/>.</summary>
public sealed record GuildState
{
    /// <summary>Its own fields; those of GUILD_CREATE that hold lists are empty here.</summary>
    public required Guild Guild { get; init; }

    public required ImmutableDictionary<RoleId, Role> Roles { get; init; }

    /// <summary>All members of a small guild; of a large one those that the server told of.</summary>
    public required ImmutableDictionary<UserId, Member> Members { get; init; }

    public required int MemberCount { get; init; }

    /// <summary>When one joined.</summary>
    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>False while the server has the guild's data away.</summary>
    public bool Available { get; init; } = true;

    internal static GuildState From(Guild guild) => new()
    {
        Guild = Bare(guild),
        Roles = guild.Roles.ToImmutableDictionary(r => r.Id),
        Members = (guild.Members ?? []).ToImmutableDictionary(m => m.User!.Id),
        MemberCount = guild.MemberCount ?? 0,
        JoinedAt = guild.JoinedAt ?? default,
    };

    internal static Guild Bare(Guild guild) => guild with
    {
        Roles = [], Channels = null, Members = null, Threads = null, Presences = null, VoiceStates = null, StageInstances = null,
        GuildScheduledEvents = null, SoundboardSounds = null, MemberCount = null, JoinedAt = null, Large = null, Unavailable = null,
    };
}
