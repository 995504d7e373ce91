namespace Kith.Load.Traffic;

/// <summary>
/// A message every so often, whatever the server does with the ones before: when it falls behind, those that wait keep the time at which they were due,
/// and their latency counts from there.
/// </summary>
internal sealed class PacedSource(PacedPlan plan, byte[][] texts) : TrafficSource
{
    readonly double _period = Measures.Clock.Second / plan.Rate;
    long _next;

    public override IReadOnlyList<byte[]> Texts => texts;

    public override bool Exhausted(long now) => Due() >= plan.Until;

    public override bool TryNext(long now, int lane, out Operation operation)
    {
        operation = default;
        var due = Due();
        if (due > now || due >= plan.Until) return false;
        var sender = plan.Lanes[(int)(_next % plan.Lanes.Length)];
        operation = new(OperationKind.Send, due, sender.Account, sender.Channel, (int)(_next++ % texts.Length));
        return true;
    }

    public override long NextDue(long now) => Due();

    long Due() => plan.From + (long)(_next * _period);
}

/// <summary>Every connection sends its next message as soon as the last is confirmed: as much as the server takes.</summary>
internal sealed class ClosedLoopSource(ClosedLoopPlan plan, byte[][] texts) : TrafficSource
{
    int _next;

    public override IReadOnlyList<byte[]> Texts => texts;

    public override bool Exhausted(long now) => now >= plan.Until;

    public override bool TryNext(long now, int lane, out Operation operation)
    {
        operation = default;
        if (now < plan.From || now >= plan.Until) return false;
        var sender = plan.Lanes[lane % plan.Lanes.Length];
        operation = new(OperationKind.Send, now, sender.Account, sender.Channel, _next++ % texts.Length);
        return true;
    }

    public override long NextDue(long now) => now < plan.From ? plan.From : plan.Until;
}

/// <summary>
/// At most so many messages are under way to members at once: the next is sent when all members have the one that many places before. With 1 every
/// message has the server for itself; with more it is kept busy without a queue that grows for ever.
/// </summary>
internal sealed class WindowSource(WindowPlan plan, byte[][] texts, Workers.SharedCounters counters) : TrafficSource
{
    /// <summary>How often deliveries are looked at while the window is full, microseconds.</summary>
    const long Glance = 100;

    readonly long _before = counters.Sum(Workers.Counter.Delivered);
    long _next;

    public override IReadOnlyList<byte[]> Texts => texts;

    public override bool Exhausted(long now) => now >= plan.Until;

    public override bool TryNext(long now, int lane, out Operation operation)
    {
        operation = default;
        if (now < plan.From || now >= plan.Until || !WindowIsOpen()) return false;
        var sender = plan.Lanes[(int)(_next % plan.Lanes.Length)];
        operation = new(OperationKind.Send, now, sender.Account, sender.Channel, (int)(_next++ % texts.Length));
        return true;
    }

    public override long NextDue(long now) => now < plan.From ? plan.From : now + Glance;

    bool WindowIsOpen() => counters.Sum(Workers.Counter.Delivered) - _before >= (_next - plan.Window + 1) * plan.Receivers;
}
