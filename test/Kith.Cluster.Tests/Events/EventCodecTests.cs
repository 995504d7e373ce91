using FsCheck;
using FsCheck.Fluent;
using Kith.Cluster.Events;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Cluster.Tests.Events;

public sealed class EventCodecTests
{
    static readonly Type[] Audiences = Subtypes(typeof(Audience));
    static readonly Type[] Effects = Subtypes(typeof(SessionEffect));

    /// <summary>Every audience with every effect and with none; one that is added has to have its form, and each field of it.</summary>
    public static TheoryData<string, string?> Kinds
    {
        get
        {
            var kinds = new TheoryData<string, string?>();
            foreach (var audience in Audiences)
            {
                kinds.Add(audience.Name, null);
                foreach (var effect in Effects)
                    kinds.Add(audience.Name, effect.Name);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_decoded_is_what_was_encoded(string audience, string? effect) => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var e = Any(seed, audience, effect);
        var decoded = EventCodec.Decode(EventCodec.Encode(e));
        Assert.Equal(Describe(e), Describe(decoded));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_property_of_an_event_is_compared_here() => Assert.Equal(
        ["Audience", "Data", "Effect", "Intents", "Key", "Message", "Name", "Position", "Redacted", "Trace"],
        typeof(Event).GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Data_is_carried_byte_for_byte_whatever_it_is()
    {
        byte[] data = [0, 255, .. "{ \"not\":  tidy }"u8, 10];
        var e = new Event { Name = "X", Audience = new Audience.OfUsers(new UserId(1)), Data = data };
        Assert.Equal(data, EventCodec.Decode(EventCodec.Encode(e)).Data.ToArray());
    }

    [Fact]
    public void Events_as_they_were_written_before_are_read()
    {
        var message = EventCodec.Decode(Convert.FromHexString(RecordedEvents.Message), new LogPosition(3, 77));
        Assert.Equal(
            new Event
            {
                Name = "MESSAGE_CREATE", Intents = (Intents)512, Data = "{\"content\":\"Grüße\"}"u8.ToArray(), Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Position = new LogPosition(3, 77),
                Audience = new Audience.OfChannel(new GuildId(1573813000000000001), new ChannelId(1573813000000000002), Permissions.ViewChannel),
                Message = new MessageStamp(
                    new ChannelId(1573813000000000002), new MessageId(1573813000000000009), new UserId(1573813000000000003), IsPrivate: false, [new UserId(1573813000000000004)], new MessageId(1573813000000000008)),
            },
            message, (expected, read) => Describe(expected) == Describe(read));
        var joined = EventCodec.Decode(Convert.FromHexString(RecordedEvents.Joined));
        Assert.Equal(new SessionEffect.Joined(new GuildId(1573813000000000001), new UserId(1573813000000000003)), joined.Effect);
        Assert.Equal(new Audience.OfGuild(new GuildId(1573813000000000001), Permissions.None), joined.Audience);
    }

    [Fact]
    public void A_newer_version_is_refused_and_says_so()
    {
        var bytes = EventCodec.Encode(Any(1, nameof(Audience.OfGuild), null));
        bytes[0] = EventCodec.NewestRead + 1;
        var refused = Assert.Throws<EventFormatException>(() => EventCodec.Decode(bytes));
        Assert.Contains($"version {EventCodec.NewestRead + 1}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Damaged_bytes_are_refused_or_read_and_never_more(string audience, string? effect)
    {
        var whole = EventCodec.Encode(Any(7, audience, effect));
        var random = new Random(7);
        for (var length = 0; length < whole.Length; length++)
        {
            TryDecode(whole[..length]);
            byte[] flipped = [.. whole];
            flipped[length] ^= (byte)(1 << random.Next(8));
            TryDecode(flipped);
        }
    }

    [Fact]
    public void A_count_beyond_the_bytes_is_refused_before_memory_is_taken()
    {
        var e = new Event { Name = "X", Audience = new Audience.OfUsers(new UserId(1)), Data = default };
        var bytes = EventCodec.Encode(e);
        // version, parts, name (length and one letter), intents, audience's tag, then the count.
        byte[] huge = [.. bytes[..9], 0xff, 0xff, 0xff, 0xff, 0x07, .. bytes[10..]];
        Assert.Equal(1, bytes[9]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<EventFormatException>(() => EventCodec.Decode(huge));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    static void TryDecode(byte[] bytes)
    {
        try
        {
            EventCodec.Decode(bytes);
        }
        catch (EventFormatException)
        {
            // The one refusal there is.
        }
    }

    static Type[] Subtypes(Type of) => [.. of.Assembly.GetTypes().Where(t => t.IsSubclassOf(of)).OrderBy(t => t.Name, StringComparer.Ordinal)];

    static Event Any(int seed, string audience, string? effect)
    {
        var random = new Random(seed);
        var any = new AnyValue(random);
        var data = new byte[random.Next(500)];
        random.NextBytes(data);
        return new Event
        {
            Name = (string)any.Of(typeof(string)),
            Audience = (Audience)any.Of(Audiences.Single(a => a.Name == audience)),
            Effect = effect is null ? null : (SessionEffect)any.Of(Effects.Single(e => e.Name == effect)),
            Data = data,
            Intents = (Intents)random.Next(),
            Message = random.Next(2) == 0 ? null : (MessageStamp)any.Of(typeof(MessageStamp)),
            Position = random.Next(2) == 0 ? null : (LogPosition)any.Of(typeof(LogPosition)),
            Trace = random.Next(2) == 0 ? null : "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
    }

    static string Describe(Event e) =>
        AnyValue.Describe(new { e.Name, e.Audience, e.Effect, e.Intents, e.Message, e.Trace, e.Position, e.Key, Data = Convert.ToHexString(e.Data.Span) });
}
