namespace Kith.Gateway.Sessions;

/// <summary>Counts what one client sends, in windows of a minute. 8 bytes.</summary>
struct InboundRate
{
    /// <summary>Payloads a minute, heartbeats included.</summary>
    public const int Limit = 120;

    const int WindowSeconds = 60;

    int windowBegan;
    int count;

    /// <summary>False for a payload beyond the limit.</summary>
    /// <param name="seconds">Of any clock that does not go back.</param>
    public bool Allows(int seconds)
    {
        if (seconds - windowBegan >= WindowSeconds) (windowBegan, count) = (seconds, 0);
        return ++count <= Limit;
    }
}
