using Microsoft.Extensions.Logging;

namespace Kith.Gateway.Transport;

/// <summary>Event ids 5000 to 5099.</summary>
static partial class TransportLog
{
    [LoggerMessage(5000, LogLevel.Critical, "Gateway loop {Index} has stopped; its connections are lost.")]
    internal static partial void LoopFailed(ILogger logger, int index, Exception error);

    [LoggerMessage(5001, LogLevel.Error, "Work {Work} posted to a gateway loop failed.")]
    internal static partial void WorkFailed(ILogger logger, string work, Exception error);

    [LoggerMessage(5002, LogLevel.Error, "Handler {Handler} failed; its connection is closed.")]
    internal static partial void HandlerFailed(ILogger logger, string handler, Exception error);

    [LoggerMessage(5003, LogLevel.Warning, "Connections cannot be accepted: {Error}. Those that come are refused or wait until there is room.")]
    internal static partial void AcceptFailed(ILogger logger, string error);

    [LoggerMessage(5004, LogLevel.Critical, "HTTP receive loop {Index} has stopped; its connections are lost.")]
    internal static partial void HttpLoopFailed(ILogger logger, int index, Exception error);

    [LoggerMessage(5005, LogLevel.Information, "Draining {Connections} gateway connections.")]
    internal static partial void Draining(ILogger logger, int connections);

    [LoggerMessage(5006, LogLevel.Error, "A connection cannot be watched and is dropped.")]
    internal static partial void WatchFailed(ILogger logger, Exception error);
}
