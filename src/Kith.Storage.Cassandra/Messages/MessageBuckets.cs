using Kith.Domain;

namespace Kith.Storage.Cassandra.Messages;

/// <summary>Spans of time, by which a channel's messages are split into partitions: ten days of a busy channel (20,000 messages a day of 500 bytes) are 100 MB, what a partition may well have.</summary>
static class MessageBuckets
{
    const long WidthMilliseconds = 10L * 24 * 60 * 60 * 1000;

    /// <summary>Counted from the ids' epoch.</summary>
    public static int Of(MessageId id) => (int)((id.Value >> Snowflake.TimestampShift) / WidthMilliseconds);
}
