using Kith.Load.Measures;

namespace Kith.Load.Traffic;

/// <summary>
/// Everyone does something now and then: messages, reads, acks and typing, each at times that know nothing of each other (Poisson), in channels by their
/// weight, by any of the channel's members.
/// </summary>
internal sealed class MixedSource : TrafficSource
{
    /// <summary>Typing notices per message: a client sends one every ten seconds of writing.</summary>
    const double TypingShare = 0.3;

    /// <summary>Messages that mention a member.</summary>
    const double MentionShare = 0.05;

    readonly MixedPlan _plan;
    readonly byte[][] _texts;
    readonly Random _random;
    readonly double[] _weights;
    readonly double _perSecond;
    double _next;

    public MixedSource(MixedPlan plan, byte[][] texts)
    {
        _plan = plan;
        _texts = texts;
        _random = new(plan.Seed);
        double sum = 0;
        _weights = [.. plan.Places.Select(place => sum += place.Weight)];
        _perSecond = plan.Rate * (1 + plan.ReadsPerMessage + plan.AcksPerMessage + TypingShare);
        _next = plan.From;
    }

    public override IReadOnlyList<byte[]> Texts => _texts;

    public override bool Exhausted(long now) => _next >= _plan.Until;

    public override bool TryNext(long now, int lane, out Operation operation)
    {
        operation = default;
        if (_next > now || _next >= _plan.Until) return false;
        operation = Pick((long)_next);
        _next += -Math.Log(1 - _random.NextDouble()) / _perSecond * Clock.Second;
        return true;
    }

    public override long NextDue(long now) => (long)_next;

    Operation Pick(long due)
    {
        var place = Place();
        var operation = new Operation(Kind(), due, Member(place), place.Channel, _random.Next(_texts.Length));
        return operation.Kind == OperationKind.Send && _random.NextDouble() < MentionShare ? operation with { Mention = Member(place) } : operation;
    }

    OperationKind Kind()
    {
        var at = _random.NextDouble() * (1 + _plan.ReadsPerMessage + _plan.AcksPerMessage + TypingShare);
        return at < 1 ? OperationKind.Send
            : at < 1 + _plan.ReadsPerMessage ? OperationKind.Read
            : at < 1 + _plan.ReadsPerMessage + _plan.AcksPerMessage ? OperationKind.Ack
            : OperationKind.Typing;
    }

    Place Place()
    {
        var found = Array.BinarySearch(_weights, _random.NextDouble() * _weights[^1]);
        return _plan.Places[Math.Min(found < 0 ? ~found : found, _weights.Length - 1)];
    }

    int Member(Place place) => place.Members[_random.Next(place.Members.Length)];
}

/// <summary>A channel in which something happens.</summary>
/// <param name="Members">Indexes of accounts.</param>
/// <param name="Weight">Its share of all messages, in any unit.</param>
internal readonly record struct Place(int Channel, int[] Members, double Weight);
