using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Engine.Import;

/// <summary>
/// Gives ids to imported messages so that their order is the log's. A message gets the first free id of its time; one from before the epoch, where ids have no time
/// for it, the next free one from the epoch on. Owned by one import.
/// </summary>
public sealed class ImportIds(IImportStore store)
{
    /// <summary>Ids of the epoch's first minute are for what is older: 250 thousand million of them.</summary>
    static readonly MessageId EndOfOld = new(60_000L << Snowflake.TimestampShift);

    /// <summary>Room that is looked up beyond a batch's last moment: more than a batch can have in it.</summary>
    const long Margin = 1L << 20;

    MessageId? newestOld;

    /// <summary>Ids for messages of these times, in this order.</summary>
    /// <param name="after">The newest id of what came before in the same channel.</param>
    public async Task<MessageId[]> TakeAsync(IReadOnlyList<DateTimeOffset> times, MessageId after, CancellationToken ct)
    {
        var ids = new MessageId[times.Count];
        if (ids.Length == 0) return ids;
        newestOld ??= await store.NewestBelowAsync(EndOfOld, ct);
        var end = new MessageId(Math.Max(Snowflake.AtTime(times.Max()), after.Value) + Margin);
        var taken = await store.TakenAsync(new MessageSpan(EndOfOld < end ? FloorOf(times.Min()) : end, end), ct);
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
                last = Math.Max(last + 1, Snowflake.AtTime(times[i]));
                while (taken.Contains(last)) last++;
                ids[i] = new MessageId(last);
            }
        }

        return ids;
    }

    static MessageId FloorOf(DateTimeOffset time) => new(Math.Max(Snowflake.AtTime(time), EndOfOld.Value) - 1);
}
