using System.Globalization;

namespace Kith.Domain;

/// <summary>
/// 64-bit ids that sort by time, as Discord's: 42 bits of milliseconds since <see cref="EpochMilliseconds"/>, 10 bits of worker, 12 bits of
/// increment. Unsigned on the wire, decimal, without leading zeros.
/// </summary>
public static class Snowflake
{
    /// <summary>2015-01-01T00:00:00Z in Unix milliseconds.</summary>
    public const long EpochMilliseconds = 1_420_070_400_000;

    public const int TimestampShift = 22;
    public const int WorkerShift = 12;
    public const int MaxWorker = 1023;
    public const int MaxIncrement = 4095;

    public static DateTimeOffset TimestampOf(long id) =>
        DateTimeOffset.FromUnixTimeMilliseconds((id >> TimestampShift) + EpochMilliseconds);

    /// <summary>The smallest id of that moment; 0 for moments before the epoch.</summary>
    public static long AtTime(DateTimeOffset time) =>
        Math.Max(0, time.ToUnixTimeMilliseconds() - EpochMilliseconds) << TimestampShift;

    /// <summary>True for a decimal number from 0 to 2^63-1; signs, spaces and anything longer than 19 digits are refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long id)
    {
        id = 0;
        return text.Length is > 0 and <= 19 && char.IsAsciiDigit(text[0])
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }
}
