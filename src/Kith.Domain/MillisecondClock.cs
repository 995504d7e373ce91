namespace Kith.Domain;

/// <summary>
/// The system's clock in whole milliseconds, which is what stores keep and ids hold: a time in an event is then the very one that is read back later.
/// </summary>
public sealed class MillisecondClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = base.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
