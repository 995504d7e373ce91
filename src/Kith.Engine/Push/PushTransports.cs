using System.Collections.Frozen;
using Kith.Domain;
using Microsoft.Extensions.Logging;

namespace Kith.Engine.Push;

/// <summary>One attempt to push, over whatever the device is reached: in its turn, counted and logged.</summary>
public sealed partial class PushTransports(IEnumerable<IPushTransport> transports, PushCounters counters, ServicePace pace, TimeProvider clock, ILogger<PushTransports> log)
{
    readonly FrozenDictionary<PushKind, IPushTransport> byKind = transports.ToFrozenDictionary(t => t.Kind);

    /// <summary>Whether this instance is set up for it.</summary>
    public bool Takes(PushKind kind) => byKind.ContainsKey(kind);

    public async Task<PushAnswer> SendAsync(PushSubscription device, PushNote note, CancellationToken ct)
    {
        var answer = await pace.RunAsync(device.Service, async () =>
        {
            var began = clock.GetTimestamp();
            // Once begun it is seen through, which the timeout bounds: cut off at a shutdown it would have to be sent again.
            var answered = await byKind[device.Kind].SendAsync(device, note, CancellationToken.None);
            counters.Count(device.Kind, answered.Verdict, clock.GetElapsedTime(began));
            return answered;
        }, ct);
        if (answer.Verdict == PushVerdict.Gone) LogGone(device.Id, device.Service, answer.Detail);
        else if (answer.Verdict == PushVerdict.Refused) LogRefused(device.Id, device.Service, answer.Detail);
        else if (answer.Verdict == PushVerdict.Retry) LogFailed(device.Id, device.Service, answer.Detail);
        return answer;
    }

    [LoggerMessage(1610, LogLevel.Information, "Device {Device} at {Service} is gone: {Detail}")]
    partial void LogGone(PushSubscriptionId device, string service, string detail);

    [LoggerMessage(1611, LogLevel.Warning, "{Service} refuses a push to device {Device}: {Detail}")]
    partial void LogRefused(PushSubscriptionId device, string service, string detail);

    [LoggerMessage(1612, LogLevel.Debug, "A push to device {Device} at {Service} failed and is tried again: {Detail}")]
    partial void LogFailed(PushSubscriptionId device, string service, string detail);
}
