using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Cluster.Events;

/// <summary>
/// The form of an <see cref="Event"/> between processes. Numbers are little-endian, counts and lengths in 7-bit groups, strings UTF-8 with their length:
/// <code>
/// version    1 byte
/// present    1 byte, bits: 1 message stamp, 2 effect, 4 trace, 8 position
/// name       string
/// intents    4 bytes
/// audience   tag, fields (AudienceCodec)
/// stamp      channel 8, id 8, author 8, private 1, mentioned (count, 8 each), previous 8 (-1: not said)
/// effect     tag, fields (EffectCodec)
/// trace      string
/// position   partition 4, offset 8
/// data       the rest, verbatim
/// </code>
/// Whatever changes this, a new tag too, makes a new version. Events go both ways between roles (gateways publish presences, delivery hands on what api published), so no order of upgrading has all readers
/// before all writers. Hence one release reads a new version (<see cref="NewestRead"/>), and the next one writes it (<see cref="Version"/>).
/// </summary>
public static class EventCodec
{
    /// <summary>Written.</summary>
    public const byte Version = 1;

    /// <summary>Read, with all before it.</summary>
    public const byte NewestRead = 1;

    const byte OldestRead = 1;

    [Flags]
    enum Parts : byte
    {
        None = 0,
        Message = 1,
        Effect = 2,
        Trace = 4,
        Position = 8,
    }

    public static byte[] Encode(Event e)
    {
        using var bytes = new MemoryStream(e.Data.Length + 256);
        using var to = new BinaryWriter(bytes);
        to.Write(Version);
        to.Write((byte)PartsOf(e));
        to.Write(e.Name);
        to.Write((int)e.Intents);
        AudienceCodec.Write(to, e.Audience);
        if (e.Message is { } stamp) Write(to, stamp);
        if (e.Effect is { } effect) EffectCodec.Write(to, effect);
        if (e.Trace is { } trace) to.Write(trace);
        if (e.Position is { } position)
        {
            to.Write(position.Partition);
            to.Write(position.Offset);
        }

        to.Write(e.Data.Span);
        return bytes.ToArray();
    }

    /// <param name="bytes">Must not change afterwards: the event's data is a part of them.</param>
    /// <param name="at">Where the log has it, unless the event says so itself.</param>
    /// <exception cref="EventFormatException">They are of a newer version, or no event.</exception>
    public static Event Decode(byte[] bytes, LogPosition? at = null)
    {
        if (bytes.Length == 0) throw new EventFormatException("No event: it is empty.");
        if (bytes[0] > NewestRead) throw new EventFormatException($"The event has version {bytes[0]}; this kith reads {NewestRead} at most. Upgrade it.") { IsNewer = true };
        if (bytes[0] < OldestRead) throw new EventFormatException($"No event: there is no version {bytes[0]}.");
        try
        {
            using var from = new BinaryReader(new MemoryStream(bytes, writable: false));
            return Read(from, bytes, at);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            throw new EventFormatException("No event: it is cut off or damaged.", e);
        }
    }

    static Parts PartsOf(Event e) =>
        (e.Message is null ? Parts.None : Parts.Message) | (e.Effect is null ? Parts.None : Parts.Effect)
        | (e.Trace is null ? Parts.None : Parts.Trace) | (e.Position is null ? Parts.None : Parts.Position);

    static Event Read(BinaryReader from, byte[] bytes, LogPosition? at)
    {
        from.ReadByte();
        var parts = (Parts)from.ReadByte();
        var name = from.ReadString();
        var intents = (Intents)from.ReadInt32();
        var audience = AudienceCodec.Read(from);
        var stamp = parts.HasFlag(Parts.Message) ? ReadStamp(from) : null;
        var effect = parts.HasFlag(Parts.Effect) ? EffectCodec.Read(from) : null;
        var trace = parts.HasFlag(Parts.Trace) ? from.ReadString() : null;
        LogPosition? position = parts.HasFlag(Parts.Position) ? new LogPosition(from.ReadInt32(), from.ReadInt64()) : at;
        var data = bytes.AsMemory((int)from.BaseStream.Position);
        return new Event { Name = name, Intents = intents, Audience = audience, Message = stamp, Effect = effect, Trace = trace, Position = position, Data = data };
    }

    static void Write(BinaryWriter to, MessageStamp stamp)
    {
        to.WriteId(stamp.Channel);
        to.WriteId(stamp.Id);
        to.WriteId(stamp.Author);
        to.Write(stamp.IsPrivate);
        to.WriteIds(stamp.Mentioned);
        to.Write(stamp.Previous?.Value ?? -1);
    }

    static MessageStamp ReadStamp(BinaryReader from) =>
        new(from.ReadId<ChannelId>(), from.ReadId<MessageId>(), from.ReadId<UserId>(), from.ReadBoolean(), from.ReadIds<UserId>(), from.ReadInt64() is var previous and >= 0 ? new MessageId(previous) : null);
}
