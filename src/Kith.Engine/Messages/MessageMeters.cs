using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kith.Engine.Messages;

/// <summary>What sending counts, under the meter <c>Kith.Messages</c>. Durations are in seconds, as the system's clock measures them.</summary>
static class MessageMeters
{
    static readonly Meter Meter = new("Kith.Messages");
    static readonly Counter<long> Sends = Meter.CreateCounter<long>("kith.messages.sends", "{message}", "Messages that were stored and published.");
    static readonly Histogram<double> SendDuration = Meter.CreateHistogram<double>("kith.messages.send", "s", "From a message's place in the line to its being stored and published.");
    static readonly Histogram<double> CommitDuration = Meter.CreateHistogram<double>("kith.messages.commit", "s", "One commit of the store, of one message or many.");
    static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>("kith.messages.waiting", "{message}", "Messages that wait for a commit.");

    public static void Sent(long began)
    {
        Sends.Add(1);
        SendDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    public static void Committed(long began) => CommitDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);

    public static void Queued(int more) => Waiting.Add(more);
}
