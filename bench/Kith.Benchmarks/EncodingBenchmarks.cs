using BenchmarkDotNet.Attributes;
using Kith.Domain;
using Kith.Gateway.Protocol;
using Kith.Gateway.Transport;
using Kith.Protocol;

namespace Kith.Benchmarks;

/// <summary>A message's event: made into JSON once, and appended to N sessions' rings. Writing to the sockets is what kith-load measures.</summary>
[MemoryDiagnoser]
public class EncodingBenchmarks
{
    readonly Message message = new()
    {
        Id = new MessageId(1_573_637_106_683_609_088), ChannelId = new ChannelId(1_573_637_101_549_780_992), GuildId = new GuildId(1_573_637_101_545_586_688),
        Type = MessageType.Default, Content = new string('x', 120), Timestamp = DateTimeOffset.UnixEpoch,
        Author = new User { Id = new UserId(1_573_637_098_391_470_080), Username = "somebody", GlobalName = "Some Body" },
        Member = new Member { Roles = [new RoleId(1_573_637_101_545_586_689)], JoinedAt = DateTimeOffset.UnixEpoch },
    };

    EventRing[] rings = [];
    OutboundEvent shared = null!;

    [Params(1, 1000)]
    public int Sessions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var store = new EventRingStore(new EventRingLimits());
        rings = [.. Enumerable.Range(0, Sessions).Select(_ => new EventRing(store))];
        shared = OutboundEvent.Create("MESSAGE_CREATE", Wire.Utf8(message));
        // Rings at their full size, as under sustained traffic.
        for (var i = 0; i < 5000; i++)
            AppendToEverySession();
    }

    [Benchmark]
    public OutboundEvent EncodeOnce() => OutboundEvent.Create("MESSAGE_CREATE", Wire.Utf8(message));

    [Benchmark]
    public void AppendToEverySession()
    {
        foreach (var ring in rings)
            ring.Append(shared);
    }
}
