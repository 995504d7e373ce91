using System.Collections.Immutable;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Client;

static class GuildReducers
{
    public static ClientState Created(ClientState state, Guild guild)
    {
        var channels = state.Channels.ToBuilder();
        var marks = state.Marks.ToBuilder();
        foreach (var channel in guild.Channels ?? [])
        {
            // Channels inside a guild need not repeat its id.
            channels[channel.Id] = channel with { GuildId = guild.Id };
            if (marks.TryGetValue(channel.Id, out var mark) && mark.CountedThrough == default)
                marks[channel.Id] = mark with { CountedThrough = ClientState.NewestOf(channel) };
        }

        return state with
        {
            Guilds = state.Guilds.SetItem(guild.Id, GuildState.From(guild)), Channels = channels.ToImmutable(), Marks = marks.ToImmutable(),
        };
    }

    public static ClientState Updated(ClientState state, Guild guild) => Change(state, guild.Id, known => known with
    {
        Guild = GuildState.Bare(guild), Roles = guild.Roles.ToImmutableDictionary(r => r.Id),
    });

    public static ClientState Deleted(ClientState state, UnavailableGuild guild)
    {
        if (guild.Unavailable == true) return Change(state, guild.Id, known => known with { Available = false });
        var gone = state.Channels.Values.Where(c => c.GuildId == guild.Id).Select(c => c.Id).ToArray();
        return state with
        {
            Guilds = state.Guilds.Remove(guild.Id), Channels = state.Channels.RemoveRange(gone), Marks = state.Marks.RemoveRange(gone),
        };
    }

    /// <summary>GUILD_CREATE may have been made when the member was in already; it is then not counted again.</summary>
    public static ClientState MemberAdded(ClientState state, Member member) => Change(state, member.GuildId!.Value, guild => guild with
    {
        Members = guild.Members.SetItem(member.User!.Id, member),
        MemberCount = guild.MemberCount + (guild.Members.ContainsKey(member.User.Id) ? 0 : 1),
    });

    public static ClientState MemberUpdated(ClientState state, Member member) => Change(state, member.GuildId!.Value, guild => guild with
    {
        Members = guild.Members.SetItem(member.User!.Id, member),
    });

    /// <summary>Where all members are known, one who is not known was not counted either.</summary>
    public static ClientState MemberRemoved(ClientState state, MemberRemoved e) => Change(state, e.GuildId, guild => guild with
    {
        Members = guild.Members.Remove(e.User.Id),
        MemberCount = guild.MemberCount - (guild.Members.ContainsKey(e.User.Id) || guild.Members.Count < guild.MemberCount ? 1 : 0),
    });

    public static ClientState SetRole(ClientState state, GuildId guild, Role role) =>
        Change(state, guild, known => known with { Roles = known.Roles.SetItem(role.Id, role) });

    /// <summary>Members lose the role as well; no event of their own tells of that.</summary>
    public static ClientState RemoveRole(ClientState state, GuildId guild, RoleId role) => Change(state, guild, known => known with
    {
        Roles = known.Roles.Remove(role),
        Members = known.Members.ToImmutableDictionary(m => m.Key, m => m.Value.Roles.Contains(role)
            ? m.Value with { Roles = [.. m.Value.Roles.Where(r => r != role)] } : m.Value),
    });

    static ClientState Change(ClientState state, GuildId id, Func<GuildState, GuildState> change) =>
        state.Guilds.TryGetValue(id, out var guild) ? state with { Guilds = state.Guilds.SetItem(id, change(guild)) } : state;
}
