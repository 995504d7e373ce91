namespace Kith.Cluster.Events;

/// <summary>Bytes that are no event to this version: written by a newer one, or damaged. Reading them again gives the same.</summary>
public sealed class EventFormatException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A newer kith can read it.</summary>
    public bool IsNewer { get; init; }
}
