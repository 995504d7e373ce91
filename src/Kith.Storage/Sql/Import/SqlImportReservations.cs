using Kith.Domain;
using Kith.Engine.Import;
using Kith.Engine.Messages;

namespace Kith.Storage.Sql.Import;

/// <summary>
/// Ids of imported messages that are kept elsewhere. They are taken, with the accounts of who wrote them, before the messages are written: so an import that was interrupted gives the same
/// message the same id again, and no other import gives it meanwhile.
/// </summary>
public sealed class SqlImportReservations(MySqlDatabase database)
{
    /// <summary>Of each source of the channel whose last commit was interrupted, what it reserved, in order.</summary>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<MessageId>>> PendingAsync(ChannelId channel, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<string, IReadOnlyList<MessageId>>>(async db => await ImportedIdRows.PendingAsync(db, channel), ct);

    /// <summary>Makes the batch's people and takes its ids; those of <paramref name="pending"/> are its own already. False where another import has one: nothing was done.</summary>
    public Task<bool> ReserveAsync(ImportBatch batch, IReadOnlyList<MessageId> pending, CancellationToken ct) => database.WriteAsync(async db =>
    {
        if (!await ImportedIdRows.TakeAsync(db, database.Dialect, batch, pending)) return false;
        await ImportRows.AddPeopleAsync(db, database.Dialect, batch);
        return true;
    }, ct);
}
