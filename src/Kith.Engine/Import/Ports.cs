using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;

namespace Kith.Engine.Import;

/// <summary>Someone who is known from what is imported and has no account yet.</summary>
/// <param name="Key">The name over there, folded for comparison; who has this key in this guild is the same from now on.</param>
/// <param name="User">With everything but the user name.</param>
/// <param name="Usernames">The first that is free is taken; endless.</param>
public sealed record ImportedPerson(string Key, UserRecord User, MemberRecord Member, IEnumerable<string> Usernames);

/// <summary>A part of a source, such as one file up to a line, with all that it brings.</summary>
public sealed record ImportBatch
{
    public required GuildId Guild { get; init; }
    public required ChannelId Channel { get; init; }

    /// <summary>Names what is read; unique in the channel.</summary>
    public required string Source { get; init; }

    /// <summary>Lines of the source that are done once this batch is.</summary>
    public required int Lines { get; init; }
    public required IReadOnlyList<ImportedPerson> People { get; init; }

    /// <summary>In the order of their ids, none of them twice.</summary>
    public required IReadOnlyList<MessageRecord> Messages { get; init; }

    /// <summary>The channel's topic from now on; null leaves it.</summary>
    public string? Topic { get; init; }
}

/// <summary>How much of a source has been imported.</summary>
/// <param name="LastId">The newest message of it; zero where it had none.</param>
public sealed record ImportedSource(string Source, int Lines, MessageId LastId)
{
    /// <summary>Ids that an interrupted commit gave to the messages after these lines, in their order: to be given to the same messages again.</summary>
    public IReadOnlyList<MessageId> Reserved { get; init; } = [];
}

/// <summary>Keeps what was imported and how far, so that an import that is repeated or was interrupted goes on where it ended and adds nothing twice.</summary>
public interface IImportStore
{
    /// <summary>Guilds of exactly this name, oldest first.</summary>
    Task<IReadOnlyList<GuildId>> FindGuildsAsync(string name, CancellationToken ct);

    /// <summary>The instance's first admin; null where there is nobody yet.</summary>
    Task<UserId?> FirstAdminAsync(CancellationToken ct);

    /// <summary>
    /// The account that owns what was imported while there was nobody to own it: the same every time; made from <paramref name="user"/>, without credentials and under the
    /// first user name that is free, where there is none yet.
    /// </summary>
    Task<UserId> KeeperAsync(UserRecord user, IEnumerable<string> usernames, CancellationToken ct);

    /// <summary>Who is known under which key from earlier imports into the guild.</summary>
    Task<IReadOnlyDictionary<string, UserId>> PeopleAsync(GuildId guild, CancellationToken ct);

    Task<IReadOnlyList<ImportedSource>> SourcesAsync(ChannelId channel, CancellationToken ct);

    /// <summary>The newest id below a limit that is a message's, or reserved for one, in any channel; zero where there is none.</summary>
    Task<MessageId> NewestBelowAsync(MessageId limit, CancellationToken ct);

    /// <summary>Ids within the span that an import may not give to a message.</summary>
    Task<IReadOnlySet<long>> TakenAsync(MessageSpan span, CancellationToken ct);

    /// <summary>
    /// Stores all of it, searchable when it returns. False where another import took one of the ids meanwhile: nothing was done. Stores that cannot do all at once or nothing reserve the ids
    /// first (<see cref="ImportedSource.Reserved"/>): until the same is committed again, what was interrupted may be there in part.
    /// </summary>
    Task<bool> CommitAsync(ImportBatch batch, CancellationToken ct);
}
