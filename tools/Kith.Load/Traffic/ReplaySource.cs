namespace Kith.Load.Traffic;

/// <summary>Says again what was said, at its time of day divided by the speed.</summary>
internal sealed class ReplaySource : TrafficSource
{
    readonly ReplayPlan _plan;
    readonly IrcLine[] _lines;
    readonly byte[][] _texts;
    readonly double _start;
    int _next;

    public ReplaySource(ReplayPlan plan)
    {
        _plan = plan;
        _lines = IrcHistory.Read(plan.Folder, plan.Days).Lines;
        _texts = [.. _lines.Select(line => MessageTexts.Escape(line.Text))];
        _start = _lines[0].Second;
    }

    public override IReadOnlyList<byte[]> Texts => _texts;

    public override bool Exhausted(long now) => _next == _lines.Length || Due() >= _plan.Until;

    public override bool TryNext(long now, int lane, out Operation operation)
    {
        operation = default;
        if (Exhausted(now) || Due() > now) return false;
        var line = _lines[_next];
        operation = new(OperationKind.Send, Due(), line.Nick, line.Day, _next++) { Mention = line.Mention };
        return true;
    }

    public override long NextDue(long now) => _next < _lines.Length ? Due() : long.MaxValue;

    long Due() => _plan.From + (long)((_lines[_next].Second - _start) / _plan.Speed * Measures.Clock.Second);
}
