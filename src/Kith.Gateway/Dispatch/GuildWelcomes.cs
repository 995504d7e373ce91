using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Presence;
using Kith.Gateway.Protocol;
using Kith.Gateway.Resume;
using Kith.Gateway.Sessions;
using Kith.Protocol;

namespace Kith.Gateway.Dispatch;

/// <summary>What a GUILD_CREATE depends on, taken from the session on its loop.</summary>
/// <param name="Tails">Newest message by channel, as READY's counts go through them; null for what is newest now.</param>
sealed record WelcomeRequest(GatewayNode Node, UserId User, GuildMark Mark, Intents Intents, int LargeThreshold, IReadOnlyDictionary<ChannelId, MessageId>? Tails)
{
    public GuildId Guild => Mark.Guild;

    public bool Wants(Intents intents) => (Intents & intents) != Intents.None;

    public static WelcomeRequest Of(Session session, GuildMark mark, IReadOnlyDictionary<ChannelId, MessageId>? tails = null) =>
        new(session.Home.Node, session.User, mark, session.Intents, session.LargeThreshold, tails);
}

/// <summary>Makes GUILD_CREATE: one query for the members of a small guild, none for a large one.</summary>
sealed class GuildWelcomes(GuildDirectory guilds, IMemberStore members, GuildWire wire, Users users, IPresenceDirectory presences)
{
    public async Task<GuildWelcome> MakeAsync(WelcomeRequest request, CancellationToken ct) =>
        await MakeAsync(request, await guilds.MemberAsync(request.Guild, request.User, ct), ct);

    /// <summary>For a session that is in the guild already and comes from another node: what places it, and no GUILD_CREATE.</summary>
    public async Task<GuildWelcome> PlaceAsync(GuildId guild, UserId user, CancellationToken ct) =>
        new(await guilds.FindAsync(guild, ct), await guilds.MemberAsync(guild, user, ct), null);

    /// <param name="request">What is wanted.</param>
    /// <param name="member">Read after the session was joined to the guild on its loop: whoever changes it since tells the loop, which then has this done again.</param>
    /// <param name="ct">Cancels the reads.</param>
    public async Task<GuildWelcome> MakeAsync(WelcomeRequest request, MemberRecord? member, CancellationToken ct)
    {
        var snapshot = await guilds.FindAsync(request.Guild, ct);
        if (member is null || snapshot is null) return new GuildWelcome(snapshot, member, null);
        if (!request.Wants(Intents.Guilds)) return new GuildWelcome(snapshot, member, null);
        var guild = await wire.CreateAsync(snapshot, member, request.LargeThreshold, request.Tails, ct);
        var shown = await MembersAsync(request, guild.Large == true, member, ct);
        guild = guild with
        {
            Members = await WireAsync(shown, ct),
            // Clients count a GUILD_MEMBER_ADD of someone whom they have not got yet: the number must be that of the list, and may not be older.
            MemberCount = IsWhole(request, guild, shown) ? shown.Count : guild.MemberCount,
            Presences = request.Wants(Intents.GuildPresences) ? await PresencesAsync([.. shown.Select(m => m.UserId)], ct) : [],
        };
        return new GuildWelcome(snapshot, member, OutboundEvent.Create("GUILD_CREATE", Wire.Utf8(guild), request.Mark)) { Presences = guild.Presences };
    }

    /// <summary>Of those who do not appear offline.</summary>
    public async Task<IReadOnlyList<PresenceUpdate>> PresencesAsync(IReadOnlyCollection<UserId> ids, CancellationToken ct) =>
        [.. (await presences.FindAsync(ids, ct)).Select(p => p.Value.ToWire(p.Key))];

    public async Task<IReadOnlyList<Member>> WireAsync(IReadOnlyList<MemberRecord> records, CancellationToken ct)
    {
        var found = await users.WireManyAsync([.. records.Select(m => m.UserId)], ct);
        return [.. records.Select((m, i) => m.ToWire(found[i]))];
    }

    static bool IsWhole(WelcomeRequest request, Guild guild, IReadOnlyList<MemberRecord> shown) =>
        guild.Large != true && request.Wants(Intents.GuildMembers | Intents.GuildPresences) && shown.Count < request.LargeThreshold;

    async Task<IReadOnlyList<MemberRecord>> MembersAsync(WelcomeRequest request, bool large, MemberRecord self, CancellationToken ct)
    {
        if (!request.Wants(Intents.GuildMembers | Intents.GuildPresences)) return [self];
        // Of a large guild a client asks for whom it shows (op 8): a list for each of 20,000 who come back at once would be most of what a connection costs.
        return large ? [self] : await members.ListAsync(request.Guild, default, request.LargeThreshold, ct);
    }
}
