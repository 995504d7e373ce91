using System.Diagnostics;

namespace Kith.Engine.Delivery;

/// <summary>
/// The steps of what a request causes, as spans of one trace, across processes: an event carries the context of the step that published it. Nothing is made where nobody listens, or where the
/// request was not chosen to be traced.
/// </summary>
public static class Tracing
{
    public const string SourceName = "Kith";

    static readonly ActivitySource Source = new(SourceName);

    /// <summary>The context of the step under way, as W3C's traceparent; null where it is not traced.</summary>
    public static string? Current => Activity.Current is { Recorded: true, IsStopped: false } step ? step.Id : null;

    /// <summary>A step of the one under way; null where that is not traced.</summary>
    public static Activity? Begin(string name) => Source.HasListeners() && Activity.Current is { Recorded: true } ? Source.StartActivity(name) : null;

    /// <summary>A step of one that was elsewhere; null where that is not traced.</summary>
    /// <param name="trace">Its traceparent.</param>
    public static Activity? Continue(string name, string? trace, ActivityKind kind = ActivityKind.Internal) =>
        trace is not null && Source.HasListeners() && ActivityContext.TryParse(trace, null, isRemote: true, out var parent) ? Source.StartActivity(name, kind, parent) : null;
}
