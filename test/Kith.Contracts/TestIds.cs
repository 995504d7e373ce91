using Kith.Domain;

namespace Kith.Contracts;

/// <summary>Ids for all suites: one source, since the suites of one adapter may share a database. A millisecond apart, beginning now.</summary>
public static class TestIds
{
    static long last = Snowflake.AtTime(DateTimeOffset.UtcNow);

    public static long Next() => Interlocked.Add(ref last, 1L << Snowflake.TimestampShift);
}
