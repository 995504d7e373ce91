using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Engine.Import;

/// <summary>
/// Gives ids to imported messages so that their order is the log's. A message gets the first free id of its time, under a worker's number that no process mints for; one from before
/// the epoch, where ids have no time for it, the next free one from the epoch on. Owned by one import.
/// </summary>
public sealed class ImportIds(IImportStore store)
{
    /// <summary>The worker of all imported ids, in its place.</summary>
    const long Worker = (long)Snowflake.MaxWorker << Snowflake.WorkerShift;

    /// <summary>Room that is looked up beyond a batch's last moment: a minute's ids, 245 million of this worker.</summary>
    const long Margin = 60_000L << Snowflake.TimestampShift;

    MessageId? newestOld;

    /// <summary>Where ids with a time begin. Those of the epoch's first minute are for what is older, in any channel, one after the other: 250 thousand million of them.</summary>
    public static MessageId EndOfOld { get; } = new(60_000L << Snowflake.TimestampShift);

    /// <summary>Ids for messages of these times, in this order.</summary>
    /// <param name="after">The newest id of what came before in the same channel.</param>
    public async Task<MessageId[]> TakeAsync(IReadOnlyList<DateTimeOffset> times, MessageId after, CancellationToken ct)
    {
        var ids = new MessageId[times.Count];
        if (ids.Length == 0) return ids;
        newestOld ??= await store.NewestBelowAsync(EndOfOld, ct);
        var end = new MessageId(Math.Max(Snowflake.AtTime(times.Max()), after.Value) + Margin);
        var taken = await store.TakenAsync(new MessageSpan(FloorOf(times.Min()), end), ct);
        var last = after.Value;
        for (var i = 0; i < ids.Length; i++)
        {
            if (Snowflake.AtTime(times[i]) < EndOfOld.Value)
            {
                newestOld = new MessageId(Math.Max(newestOld.Value.Value, last < EndOfOld.Value ? last : 0) + 1);
                ids[i] = newestOld.Value;
            }
            else
            {
                last = Math.Max(last + 1, Snowflake.AtTime(times[i])) | Worker;
                while (taken.Contains(last)) last = (last + 1) | Worker;
                ids[i] = new MessageId(last);
            }
        }

        return ids;
    }

    /// <summary>Looks again at what is taken: another import took some of the ids that were given.</summary>
    public void Forget() => newestOld = null;

    static MessageId FloorOf(DateTimeOffset time) => new(Math.Max(Snowflake.AtTime(time), EndOfOld.Value) - 1);
}
