namespace Kith.Storage.Cassandra;

/// <summary>
/// What is kept, numbered; a number is never changed once released.
/// <code>
/// messages ((channel_id, bucket), message_id ↓)     bucket: ten days of ids (MessageBuckets)
/// ├── author_id, type, content, created_at, flags, pinned
/// ├── edited_at                                     1970: never
/// ├── mentions, parts                               as in SQL; empty: none
/// └── nonce                                         for who finds the message uncommitted; empty: none
/// message_buckets ((channel_id), bucket ↓)          those that may have messages
/// mentions_by_user ((user_id), message_id ↓)
/// └── channel_id
/// last_seen ((user_id))
/// └── seen_at                                       written at its own time, so that the latest stays
/// schema_versions ((name), version ↓)
/// </code>
/// Nothing is ever written as null, which would be a tombstone. What is deleted is deleted as of an hour ahead (<see cref="WriteTimes"/>).
/// </summary>
static class CassandraSchema
{
    public const string Name = "kith";

    public const string Versions = "CREATE TABLE IF NOT EXISTS schema_versions (name text, version int, PRIMARY KEY ((name), version)) WITH CLUSTERING ORDER BY (version DESC)";

    /// <summary>Each may run again, should a node have died before it was counted.</summary>
    public static readonly string[][] Steps =
    [
        [
            """
            CREATE TABLE IF NOT EXISTS messages (
                channel_id bigint, bucket int, message_id bigint, author_id bigint, type int, content text, created_at timestamp, edited_at timestamp,
                flags int, pinned boolean, mentions text, parts text, nonce text,
                PRIMARY KEY ((channel_id, bucket), message_id)
            ) WITH CLUSTERING ORDER BY (message_id DESC) AND compaction = {'class': 'LeveledCompactionStrategy'}
            """,
            "CREATE TABLE IF NOT EXISTS message_buckets (channel_id bigint, bucket int, PRIMARY KEY ((channel_id), bucket)) WITH CLUSTERING ORDER BY (bucket DESC)",
            "CREATE TABLE IF NOT EXISTS mentions_by_user (user_id bigint, message_id bigint, channel_id bigint, PRIMARY KEY ((user_id), message_id)) WITH CLUSTERING ORDER BY (message_id DESC)",
            "CREATE TABLE IF NOT EXISTS last_seen (user_id bigint PRIMARY KEY, seen_at timestamp)",
        ],
    ];
}
