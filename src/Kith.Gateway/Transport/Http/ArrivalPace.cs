namespace Kith.Gateway.Transport.Http;

/// <summary>A token bucket for new connections: a tenth of a second's worth may come at once. Used by one thread at a time.</summary>
internal sealed class ArrivalPace(int perSecond, TimeProvider time)
{
    /// <summary>How long who found it empty waits.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    readonly double _most = Math.Max(1, perSecond / 10.0);
    double _tokens = Math.Max(1, perSecond / 10.0);
    long _at = time.GetTimestamp();

    internal bool TryTake()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_most, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }
}
