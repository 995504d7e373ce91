using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kith.Gateway.Protocol;

/// <summary>JSON that goes to many sockets. Immutable, so any thread may share it; its deflated form is made once, by whoever needs it first.</summary>
public abstract class OutboundPayload
{
    DeflatedText? _deflated;

    private protected OutboundPayload(byte[] json) => Json = json;

    internal byte[] Json { get; }

    internal DeflatedText Deflated => Volatile.Read(ref _deflated) ?? Deflate();

    /// <summary>Length of the JSON in bytes, for an event without its tail.</summary>
    public int Length => Json.Length;

    public override string ToString() => Encoding.UTF8.GetString(Json);

    DeflatedText Deflate()
    {
        // Two loops may both deflate; the first result is kept so that a frame resumed half way continues with the same bytes.
        var made = DeflatedText.Of(Json);
        return Interlocked.CompareExchange(ref _deflated, made, null) ?? made;
    }
}

/// <summary>
/// A sequenced event (op 0), encoded once whatever the number of sessions: <c>{"t":"X","op":0,"d":{…}</c>. Each session's frame adds only
/// the tail <c>,"s":N}</c>.
/// </summary>
public sealed class OutboundEvent : OutboundPayload
{
    OutboundEvent(byte[] json, object? subject)
        : base(json)
        => Subject = subject;

    /// <summary>What the event tells of, for whoever handles its acknowledgement; the transport does not look at it.</summary>
    public object? Subject { get; }

    /// <summary>From what <see cref="OutboundPayload.Json"/> was elsewhere.</summary>
    internal static OutboundEvent FromJson(byte[] json, object? subject) => new(json, subject);

    /// <param name="name">The event's name, such as MESSAGE_CREATE: ASCII letters and underscores.</param>
    /// <param name="data">The value of <c>d</c>: one complete JSON value.</param>
    /// <param name="subject">See <see cref="Subject"/>.</param>
    public static OutboundEvent Create(string name, ReadOnlySpan<byte> data, object? subject = null)
    {
        // On the heap of pinned objects: events wait in rings for their acknowledgement, and would be copied from generation to generation meanwhile.
        var json = GC.AllocateUninitializedArray<byte>(Prefix.Length + name.Length + Middle.Length + data.Length, pinned: true);
        var at = WritePrefix(name, json);
        data.CopyTo(json.AsSpan(at));
        return new OutboundEvent(json, subject);
    }

    /// <summary>As the other, serialising <paramref name="data"/>.</summary>
    public static OutboundEvent Create<T>(string name, T data, JsonTypeInfo<T> type, object? subject = null)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Advance(WritePrefix(name, buffer.GetSpan(Prefix.Length + name.Length + Middle.Length)));
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = type.Options.Encoder, SkipValidation = true }))
            JsonSerializer.Serialize(writer, data, type);
        return new OutboundEvent(buffer.WrittenSpan.ToArray(), subject);
    }

    static ReadOnlySpan<byte> Prefix => "{\"t\":\""u8;

    static ReadOnlySpan<byte> Middle => "\",\"op\":0,\"d\":"u8;

    static int WritePrefix(string name, Span<byte> target)
    {
        Prefix.CopyTo(target);
        var at = Prefix.Length + Encoding.ASCII.GetBytes(name, target[Prefix.Length..]);
        Middle.CopyTo(target[at..]);
        return at + Middle.Length;
    }
}

/// <summary>
/// A payload outside the sequence: HELLO, heartbeat ACK, reconnect, invalid session. Keep one instance and send it to every socket.
/// </summary>
public sealed class ControlPayload : OutboundPayload
{
    /// <param name="json">The whole payload, such as <c>{"t":null,"s":null,"op":11,"d":null}</c>.</param>
    public ControlPayload(ReadOnlySpan<byte> json)
        : base(json.ToArray())
    {
    }

    public static ControlPayload HeartbeatAck { get; } = new("{\"t\":null,\"s\":null,\"op\":11,\"d\":null}"u8);

    public static ControlPayload HeartbeatRequest { get; } = new("{\"t\":null,\"s\":null,\"op\":1,\"d\":null}"u8);

    public static ControlPayload Reconnect { get; } = new("{\"t\":null,\"s\":null,\"op\":7,\"d\":null}"u8);

    public static ControlPayload InvalidSession { get; } = new("{\"t\":null,\"s\":null,\"op\":9,\"d\":false}"u8);

    public static ControlPayload InvalidSessionResumable { get; } = new("{\"t\":null,\"s\":null,\"op\":9,\"d\":true}"u8);

    public static ControlPayload Hello(TimeSpan heartbeatInterval) => new(
        Encoding.UTF8.GetBytes($"{{\"t\":null,\"s\":null,\"op\":10,\"d\":{{\"heartbeat_interval\":{(long)heartbeatInterval.TotalMilliseconds}}}}}"));
}
