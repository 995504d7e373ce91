using System.Text.Json;
using System.Text.Json.Nodes;
using Kith.Client;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.EndToEnd.Tests.Unread;

/// <summary>A state as lines in a fixed order: equal exactly where the states are equal in content, and readable where they are not.</summary>
static class StateText
{
    public static IReadOnlyList<string> Of(ClientState state) =>
    [
        $"user {Json(state.User)}",
        .. state.Guilds.Values.OrderBy(g => g.Guild.Id.Value).SelectMany(OfGuild),
        .. state.Channels.Values.OrderBy(c => c.Id.Value).Select(c => OfChannel(state, c)),
    ];

    /// <summary>Fails with the lines that differ, and only those.</summary>
    public static void AssertEqual(ClientState expected, ClientState actual, string whose)
    {
        var (want, have) = (Of(expected), Of(actual));
        if (want.SequenceEqual(have)) return;
        var missing = want.Except(have).Select(l => $"fresh {l}");
        var extra = have.Except(want).Select(l => $"known {l}");
        Assert.Fail($"What {whose} knows differs from READY fetched afresh:\n{string.Join('\n', missing.Concat(extra).OrderBy(l => l[6..], StringComparer.Ordinal))}");
    }

    static IEnumerable<string> OfGuild(GuildState guild) =>
    [
        $"guild {guild.Guild.Id} count={guild.MemberCount} joined={guild.JoinedAt:O} available={guild.Available} {Json(guild.Guild)}",
        .. guild.Roles.Values.OrderBy(r => r.Id.Value).Select(r => $"guild {guild.Guild.Id} role {Json(r)}"),
        .. guild.Members.Values.OrderBy(m => m.User!.Id.Value).Select(m => $"guild {guild.Guild.Id} member {OfMember(m)}"),
    ];

    static string OfMember(Member member) => Json(member with { GuildId = null, Roles = [.. member.Roles.OrderBy(r => r.Value)] });

    static string OfChannel(ClientState state, Channel channel)
    {
        var sorted = channel with
        {
            PermissionOverwrites = channel.PermissionOverwrites?.OrderBy(o => o.Id.Value).ToArray(),
            Recipients = null,
        };
        var recipients = string.Join(',', (channel.Recipients ?? []).OrderBy(r => r.Id.Value).Select(r => r.Username));
        return $"channel {channel.Id} lastRead={state.LastRead(channel.Id)} unread={state.IsUnread(channel.Id)} mentions={state.Mentions(channel.Id)} with={recipients} {Json(sorted)}";
    }

    static string Json<T>(T value)
    {
        // Absent and null are the same to a reader of the state, and absent fields differ between a channel's own event and its guild's.
        var json = JsonSerializer.SerializeToNode(value, Wire.Options)!.AsObject();
        foreach (var name in json.Where(p => p.Value is null).Select(p => p.Key).ToArray())
            json.Remove(name);
        return new JsonObject(json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString(Wire.Options);
    }
}
