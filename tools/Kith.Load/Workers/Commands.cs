using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Load.Measures;
using Kith.Load.Sessions;
using Kith.Load.Traffic;

namespace Kith.Load.Workers;

internal enum TargetKind
{
    Kith,
    Raw,
    SignalR,
}

/// <summary>What the parent tells a worker, one JSON line each. A worker answers each with a <see cref="Reply"/> of the same number, not always in order.</summary>
[JsonDerivedType(typeof(Prepare), "prepare")]
[JsonDerivedType(typeof(OpenSessions), "open")]
[JsonDerivedType(typeof(MeasureSpan), "measure")]
[JsonDerivedType(typeof(RunTraffic), "traffic")]
[JsonDerivedType(typeof(CutSessions), "cut")]
[JsonDerivedType(typeof(StallSessions), "stall")]
[JsonDerivedType(typeof(ChurnSessions), "churn")]
[JsonDerivedType(typeof(CheckSessions), "check")]
internal abstract record WorkerCommand
{
    public int Number { get; set; }
}

/// <summary>The first command: where to and what about.</summary>
/// <param name="Url">Loopback only.</param>
/// <param name="Channels">All channels of the run; sessions and traffic name them by index.</param>
/// <param name="Run">Tells this run's messages from another's.</param>
/// <param name="Counters">Path of the <see cref="SharedCounters"/>.</param>
/// <param name="FirstClient">Number of this worker's first client, from which source addresses follow.</param>
/// <param name="Cell">This worker's first cell; it uses two.</param>
internal sealed record Prepare(string Url, TargetKind Kind, ulong[] Channels, ushort Run, string Counters, int FirstClient, int Cell) : WorkerCommand;

/// <param name="Pending">Handshakes at once.</param>
/// <param name="Reconnects">Sessions that are lost come back.</param>
internal sealed record OpenSessions(SessionSpec[] Sessions, int Pending, bool Reconnects) : WorkerCommand;

/// <summary>Latency is taken of messages that were due in this span, microseconds.</summary>
/// <param name="Channels">How many of the run's channels, from the first, are measured; messages in others are only checked.</param>
internal sealed record MeasureSpan(long From, long Until, int Channels) : WorkerCommand;

internal sealed record RunTraffic(TrafficPlan Plan) : WorkerCommand;

/// <summary>Ends the connections of the sessions that were opened last, all at once and by reset; answered when all are back or given up.</summary>
/// <param name="Resume">They come back by RESUME, else by IDENTIFY.</param>
internal sealed record CutSessions(bool Resume) : WorkerCommand;

/// <summary>The sessions that are to be slow stop reading, or read again.</summary>
internal sealed record StallSessions(bool Stalled) : WorkerCommand;

/// <summary>Sessions that leave and come back, half by RESUME and half anew, and that change their presence; answered when the time is over.</summary>
internal sealed record ChurnSessions(double ReconnectsPerSecond, double PresencesPerSecond, long Until) : WorkerCommand;

/// <param name="Expected">By channel, what every session that watches it must have received.</param>
/// <param name="PatienceSeconds">How long nothing may arrive before what is missing counts as lost.</param>
internal sealed record CheckSessions(Tally[] Expected, double PatienceSeconds) : WorkerCommand;

[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(Failed), "failed")]
[JsonDerivedType(typeof(SessionsReport), "sessions")]
[JsonDerivedType(typeof(TrafficReport), "traffic")]
[JsonDerivedType(typeof(CheckReport), "check")]
internal abstract record Reply
{
    public int Number { get; set; }
}

internal sealed record Done : Reply;

internal sealed record Failed(string Why) : Reply;

/// <param name="TimeToReady">A packed <see cref="Histogram"/>.</param>
/// <param name="InvalidSessions">Resumes that were refused.</param>
internal sealed record SessionsReport(int Ready, int GivenUp, double Seconds, long[] TimeToReady, long InvalidSessions, Dictionary<string, int> Losses) : Reply
{
    /// <summary>KB in memory of the worker itself.</summary>
    public required long OwnRss { get; init; }
}

/// <param name="Latency">By <see cref="OperationKind"/>, packed.</param>
internal sealed record TrafficReport(Tally[] Tallies, long[][] Latency, long[][] SendSeries, Dictionary<string, long> Errors, long Throttled, long Retried, double CpuSeconds) : Reply;

/// <param name="Checked">Sessions whose every message was checked.</param>
/// <param name="Excused">Sessions that were away without resuming, do not read, or are gone: their order was checked, not their losses.</param>
/// <param name="Lost">Messages that a session should have received and did not.</param>
/// <param name="Surplus">Messages received that no sender knows of.</param>
/// <param name="Strays">Messages in channels that the session should not see.</param>
/// <param name="SequenceBreaks">Events whose <c>s</c> did not follow the one before.</param>
/// <param name="Latency">Packed.</param>
internal sealed record CheckReport(int Checked, int Excused, long Lost, long Surplus, long Repeats, long Disorders, long Strays, long SequenceBreaks) : Reply
{
    public required long[] Latency { get; init; }

    public required long[][] Series { get; init; }

    public required Dictionary<string, int> Losses { get; init; }

    public required long MessageBytes { get; init; }

    public required long Received { get; init; }

    /// <summary>Resumes that the server refused.</summary>
    public required long InvalidSessions { get; init; }

    public required long OtherEvents { get; init; }

    public required long OtherBytes { get; init; }
}

[JsonSourceGenerationOptions(IncludeFields = true)]
[JsonSerializable(typeof(WorkerCommand))]
[JsonSerializable(typeof(Reply))]
internal sealed partial class WorkerJson : JsonSerializerContext;
