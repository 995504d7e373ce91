using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;

namespace Kith.Engine.Import.Irc;

/// <summary>What was added so far.</summary>
public sealed record IrcImportCounts
{
    public int Files { get; init; }
    public int Users { get; init; }
    public int Messages { get; init; }
    public int Actions { get; init; }
    public int Renames { get; init; }
    public int Topics { get; init; }
    public int Mentions { get; init; }

    public int Entries => Messages + Actions + Renames + Topics;
}

/// <summary>
/// Puts days of a log into a channel, one commit each. Everyone who says something or is addressed gets an account without a password. Mentions are recorded with the
/// message and its text stays as it was written, so that they count and are found by nick and by user alike. Owned by one caller.
/// </summary>
public sealed class IrcImport(IImportStore store, SnowflakeGenerator userIds, GuildId guild, ChannelId channel)
{
    readonly SnowflakeGenerator userIds = userIds;
    readonly GuildId guild = guild;
    readonly ChannelId channel = channel;
    readonly ImportIds messageIds = new(store);
    readonly SortedDictionary<string, ImportedSource> sources = new(StringComparer.Ordinal);
    Dictionary<string, UserId> people = [];

    public IrcImportCounts Counts { get; private set; } = new();

    /// <summary>Reads how far an earlier import came.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        people = new Dictionary<string, UserId>(await store.PeopleAsync(guild, ct), StringComparer.Ordinal);
        foreach (var source in await store.SourcesAsync(channel, ct))
            sources[source.Source] = source;
    }

    /// <summary>Adds what is new in a day.</summary>
    public async Task AddAsync(IrcDay day, CancellationToken ct)
    {
        var done = sources.GetValueOrDefault(day.Name)?.Lines ?? 0;
        if (day.Lines <= done) return;
        var draft = new Draft(day, this);
        foreach (var entry in day.Entries.Where(e => e.Number > done))
            draft.Add(entry);

        var messages = await draft.MessagesAsync(ct);
        while (!await store.CommitAsync(new ImportBatch
        {
            Guild = guild, Channel = channel, Source = day.Name, Lines = day.Lines, People = draft.People, Messages = messages, Topic = draft.Topic,
        }, ct))
        {
            messageIds.Forget();
            messages = await draft.MessagesAsync(ct);
        }

        var last = messages.Count > 0 ? messages[^1].Id : sources.GetValueOrDefault(day.Name)?.LastId ?? default;
        sources[day.Name] = new ImportedSource(day.Name, day.Lines, last);
        Counts = draft.Counts with { Files = Counts.Files + 1 };
    }

    /// <summary>The newest message of the days up to this one.</summary>
    MessageId LastUpTo(string day) => sources.TakeWhile(s => string.CompareOrdinal(s.Key, day) <= 0).Select(s => s.Value.LastId).DefaultIfEmpty().MaxBy(id => id.Value);

    /// <summary>A day on its way into the store.</summary>
    sealed class Draft(IrcDay day, IrcImport import)
    {
        readonly List<MessageRecord> messages = [];
        readonly List<ImportedPerson> newcomers = [];

        public IReadOnlyList<ImportedPerson> People => newcomers;

        public string? Topic { get; private set; }

        public IrcImportCounts Counts { get; private set; } = import.Counts;

        public void Add(IrcEntry entry)
        {
            switch (entry.Line)
            {
                case IrcLine.Said(var nick, var text):
                    Write(entry, nick, IrcText.Clean(text), Address(entry, text));
                    Counts = Counts with { Messages = Counts.Messages + 1 };
                    break;
                case IrcLine.Acted(var nick, var text):
                    Write(entry, nick, IrcText.Italic(IrcText.Clean(text)), Address(entry, text));
                    Counts = Counts with { Actions = Counts.Actions + 1 };
                    break;
                case IrcLine.Renamed(var from, var to):
                    Write(entry, from, IrcText.Italic($"is now known as {to}"), []);
                    Counts = Counts with { Renames = Counts.Renames + 1 };
                    break;
                case IrcLine.TopicSet(var nick, var topic):
                    Topic = IrcText.Clean(topic);
                    Write(entry, nick, $"{IrcText.Italic("changed the topic to:")} {Topic}", []);
                    Counts = Counts with { Topics = Counts.Topics + 1 };
                    break;
            }
        }

        public async Task<IReadOnlyList<MessageRecord>> MessagesAsync(CancellationToken ct)
        {
            IReadOnlyList<MessageId> again = [.. (import.sources.GetValueOrDefault(day.Name)?.Reserved ?? []).Take(messages.Count)];
            var after = again.Count > 0 ? again[^1] : import.LastUpTo(day.Name);
            var given = await import.messageIds.TakeAsync([.. messages.Skip(again.Count).Select(m => m.Timestamp)], after, ct);
            return [.. messages.Zip(again.Concat(given), (message, id) => message with { Id = id })];
        }

        void Write(IrcEntry entry, string nick, string content, UserId[] mentioned)
        {
            messages.Add(new MessageRecord
            {
                Id = default, ChannelId = import.channel, AuthorId = Person(nick, entry.Time), Content = content, Timestamp = entry.Time,
                Mentions = mentioned.Length == 0 ? MentionSet.None : new MentionSet(mentioned, [], Everyone: false),
            });
            Counts = Counts with { Mentions = Counts.Mentions + mentioned.Length };
        }

        UserId[] Address(IrcEntry entry, string text) => [.. IrcMentions.Find(text, day.Knows).Select(key => Person(key, entry.Time))];

        UserId Person(string nick, DateTimeOffset seen)
        {
            var key = IrcNames.Key(nick);
            if (import.people.TryGetValue(key, out var known)) return known;
            var user = new UserRecord { Id = new UserId(import.userIds.Next()), Username = "", GlobalName = nick };
            var member = new MemberRecord { GuildId = import.guild, UserId = user.Id, JoinedAt = seen };
            newcomers.Add(new ImportedPerson(key, user, member, IrcNames.Usernames(nick)));
            import.people[key] = user.Id;
            Counts = Counts with { Users = Counts.Users + 1 };
            return user.Id;
        }
    }
}
