using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Import;
using Kith.Engine.Messages;
using Kith.Storage.Cassandra.Messages;
using Kith.Storage.Sql.Import;
using Kith.Storage.Sql.Messages;

namespace Kith.Storage.Cassandra.Import;

/// <summary>
/// A batch in three steps: MySQL takes its ids and makes its people, Cassandra takes the messages, MySQL counts it as done and moves the channel's tail. Each may be done again, and is,
/// by whoever imports the same after an interruption: the same rows under the same ids.
/// </summary>
/// <param name="database">Where messages go.</param>
/// <param name="messages">The same, for what has to be taken back.</param>
/// <param name="rows">What of imports is relational and needs no second store.</param>
/// <param name="reservations">Which ids are taken.</param>
/// <param name="ledger">Tails of channels.</param>
public sealed class CassandraImportStore(CassandraDatabase database, CassandraMessageStore messages, SqlImportStore rows, SqlImportReservations reservations, SqlMessageLedger ledger)
    : IImportStore
{
    readonly CassandraMessageWrites writes = new(database, TimeProvider.System);

    public Task<IReadOnlyList<GuildId>> FindGuildsAsync(string name, CancellationToken ct) => rows.FindGuildsAsync(name, ct);

    public Task<UserId?> FirstAdminAsync(CancellationToken ct) => rows.FirstAdminAsync(ct);

    public Task<UserId> KeeperAsync(UserRecord user, IEnumerable<string> usernames, CancellationToken ct) => rows.KeeperAsync(user, usernames, ct);

    public Task<IReadOnlyDictionary<string, UserId>> PeopleAsync(GuildId guild, CancellationToken ct) => rows.PeopleAsync(guild, ct);

    public async Task<IReadOnlyList<ImportedSource>> SourcesAsync(ChannelId channel, CancellationToken ct)
    {
        var done = (await rows.SourcesAsync(channel, ct)).ToDictionary(s => s.Source, StringComparer.Ordinal);
        foreach (var (source, ids) in await reservations.PendingAsync(channel, ct))
            done[source] = (done.GetValueOrDefault(source) ?? new ImportedSource(source, 0, default)) with { Reserved = ids };
        return [.. done.Values];
    }

    public Task<MessageId> NewestBelowAsync(MessageId limit, CancellationToken ct) => rows.NewestBelowAsync(limit, ct);

    public Task<IReadOnlySet<long>> TakenAsync(MessageSpan span, CancellationToken ct) => rows.TakenAsync(span, ct);

    public async Task<bool> CommitAsync(ImportBatch batch, CancellationToken ct)
    {
        var pending = (await reservations.PendingAsync(batch.Channel, ct)).GetValueOrDefault(batch.Source) ?? [];
        if (!await reservations.ReserveAsync(batch, pending, ct)) return false;
        await writes.ImportAsync(batch.Messages, ct);
        // Where the log has become shorter since it was interrupted.
        MessageId[] gone = [.. pending.Except(batch.Messages.Select(m => m.Id))];
        if (gone.Length > 0) await messages.DeleteAsync(batch.Channel, gone, ct);
        await FinishAsync(batch, ct);
        return true;
    }

    async Task FinishAsync(ImportBatch batch, CancellationToken ct)
    {
        var last = batch.Messages.Select(m => m.Id).DefaultIfEmpty().MaxBy(id => id.Value);
        var newest = (await ledger.NewestAsync([batch.Channel], ct)).GetValueOrDefault(batch.Channel);
        await ledger.HoldAsync([batch.Channel], async held =>
        {
            var tail = held.Tails[batch.Channel];
            await held.AddAsync(batch.Messages, new Dictionary<ChannelId, MessageId> { [batch.Channel] = last > tail ? last : tail });
            // Where the tail was deleted, what comes in below it may be the newest that is left.
            if (last < tail && last > newest) await held.LeaveAsync(batch.Channel, last);
            await held.FinishImportAsync(batch);
            return true;
        }, ct);
    }
}
