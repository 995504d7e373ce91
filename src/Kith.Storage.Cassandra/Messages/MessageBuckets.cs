using Kith.Domain;
using Kith.Engine.Import;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>
/// Spans of ids, by which a channel's messages are split into partitions: ten days of a busy channel (20,000 messages a day of 500 bytes) are 100 MB, what a partition may well have. Ids
/// of what is older than ids tell no time and are given one after the other: of those, as many as such a channel has in ten days, counted upwards to -1.
/// </summary>
static class MessageBuckets
{
    const long WidthMilliseconds = 10L * 24 * 60 * 60 * 1000;
    const long OldWidth = 200_000;

    static readonly long FirstOld = -((ImportIds.EndOfOld.Value + OldWidth - 1) / OldWidth);

    /// <summary>Counted from the ids' epoch.</summary>
    public static int Of(MessageId id) => id < ImportIds.EndOfOld ? (int)(FirstOld + (id.Value / OldWidth)) : (int)((id.Value >> Snowflake.TimestampShift) / WidthMilliseconds);
}
