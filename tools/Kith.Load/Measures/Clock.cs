using System.Diagnostics;

namespace Kith.Load.Measures;

/// <summary>
/// Microseconds of CLOCK_MONOTONIC. Not a TimeProvider: the same numbers must mean the same moment in every process of a run, and stand in messages.
/// </summary>
internal static class Clock
{
    public const long Second = 1_000_000;

    public static long Now => Stopwatch.GetTimestamp() / (Stopwatch.Frequency / Second);

    public static TimeSpan Span(long microseconds) => TimeSpan.FromMicroseconds(microseconds);
}
