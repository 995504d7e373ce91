using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Engine.Push;

/// <summary>
/// Who has a device, among members of guilds and participants of DMs, with what they set for the guild or for DMs: kept for <see cref="MaxAge"/> and until an event
/// says that something changed. Guilds are read in pages.
/// So a message costs no query per member, nor even a pass over the members of a guild in the store.
/// </summary>
public sealed class PushAudience(IPushAudienceStore store, IMemberStore members, MemberCounts counts, PushOptions options, TimeProvider clock)
{
    /// <summary>Events reach the one process that consumes them; others that notify learn of changes so late.</summary>
    static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    /// <summary>Guilds. About 70 bytes a member with a device.</summary>
    const int Guilds = 256;

    /// <summary>Users. Most have neither device nor settings: 60 bytes in each of two caches.</summary>
    const int People = 100_000;

    const int Page = 1000;

    readonly ReadThroughCache<GuildId, IReadOnlyList<PushCandidate>> guilds = new(Guilds, (guild, ct) => MembersAsync(store, guild, ct), IsFresh, clock);
    readonly ReadThroughCache<UserId, Participant> participants = new(People, async (user, ct) => (await ParticipantsAsync(store, [user], ct))[0], IsFresh, clock);
    readonly ReadThroughCache<UserId, Person> people = new(People, async (user, ct) => (await PeopleAsync(store, [user], ct))[0], IsFresh, clock);

    public async ValueTask<IReadOnlyList<PushCandidate>> OfGuildAsync(GuildId guild, CancellationToken ct) => await guilds.GetAsync(guild, ct) ?? [];

    /// <summary>Participants of a DM or group who have a device. No query where it is known of all of them whether they have.</summary>
    public async ValueTask<IReadOnlyList<PushCandidate>> OfPeopleAsync(IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        var found = await participants.GetManyAsync(users, (missing, cancel) => ParticipantsAsync(store, missing, cancel), static p => p.User, ct);
        return [.. found.Values.Select(p => p.Candidate).OfType<PushCandidate>()];
    }

    /// <summary>The level of members who have not chosen. Every message of a large guild on every phone is for those only who say so.</summary>
    public async ValueTask<int> LevelAsync(GuildSnapshot guild, CancellationToken ct)
    {
        var level = guild.Guild.Settings.DefaultMessageNotifications;
        return level == NotificationRules.AllMessages && await counts.OfAsync(guild.Id, ct) > options.AllMessagesUpToMembers ? NotificationRules.OnlyMentions : level;
    }

    /// <summary>Who wants to hear nothing of this author.</summary>
    public Task<IReadOnlySet<UserId>> BlockersAsync(UserId author, CancellationToken ct) => store.BlockersAsync(author, ct);

    /// <summary>What these users set for themselves; null for nothing.</summary>
    public async ValueTask<IReadOnlyDictionary<UserId, UserSettings?>> SettingsAsync(IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        var found = await people.GetManyAsync(users, (missing, cancel) => PeopleAsync(store, missing, cancel), static p => p.User, ct);
        return users.ToDictionary(u => u, u => found.GetValueOrDefault(u)?.Settings);
    }

    /// <summary>Someone has a new device.</summary>
    public async Task DeviceAddedAsync(UserId user, CancellationToken ct)
    {
        participants.Remove(user);
        foreach (var membership in await members.OfUserAsync(user, ct))
            guilds.Remove(membership.GuildId);
    }

    /// <summary>Forgets what an event says has changed.</summary>
    public void Changed(Event e)
    {
        switch (e)
        {
            case { Effect: SessionEffect.Joined joined }: guilds.Remove(joined.Guild); break;
            case { Effect: SessionEffect.Left left }: guilds.Remove(left.Guild); break;
            case { Effect: SessionEffect.MemberChanged member }: guilds.Remove(member.Guild); break;
            case { Effect: SessionEffect.GuildDeleted deleted }: guilds.Remove(deleted.Guild); break;
            case { Name: "USER_GUILD_SETTINGS_UPDATE" }:
                if (JsonFields.Id<GuildId>(e.Data, "guild_id") is { } guild) guilds.Remove(guild);
                else if (e.Audience is Audience.OfUsers { Users: [var self] }) participants.Remove(self);
                break;
            case { Name: "USER_SETTINGS_UPDATE", Audience: Audience.OfUsers { Users: [var user] } }: people.Remove(user); break;
        }
    }

    /// <summary>Whether <see cref="Changed"/> has a use for it.</summary>
    public static bool Concerns(Event e) =>
        e.Effect is SessionEffect.Joined or SessionEffect.Left or SessionEffect.MemberChanged or SessionEffect.GuildDeleted || e.Name is "USER_GUILD_SETTINGS_UPDATE" or "USER_SETTINGS_UPDATE";

    static bool IsFresh(TimeSpan age) => age <= MaxAge;

    static async Task<IReadOnlyList<PushCandidate>?> MembersAsync(IPushAudienceStore store, GuildId guild, CancellationToken ct)
    {
        List<PushCandidate> all = [];
        while (true)
        {
            var page = await store.MembersAsync(guild, all.Count == 0 ? default : all[^1].User, Page, ct);
            all.AddRange(page);
            if (page.Count < Page) return all;
        }
    }

    static async Task<IReadOnlyList<Person>> PeopleAsync(IPushAudienceStore store, IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        var settings = await store.SettingsAsync(users, ct);
        return [.. users.Select(u => new Person(u, settings.GetValueOrDefault(u)))];
    }

    static async Task<IReadOnlyList<Participant>> ParticipantsAsync(IPushAudienceStore store, IReadOnlyCollection<UserId> users, CancellationToken ct)
    {
        var reachable = (await store.PeopleAsync(users, ct)).ToDictionary(c => c.User);
        return [.. users.Select(u => new Participant(u, reachable.GetValueOrDefault(u)))];
    }

    /// <param name="Candidate">Null for somebody without a device.</param>
    sealed record Participant(UserId User, PushCandidate? Candidate);

    sealed record Person(UserId User, UserSettings? Settings);
}
