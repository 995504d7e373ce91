using System.Buffers.Text;

namespace Kith.Load.Wire;

/// <summary>What a client needs of an event: everything else in it is skipped.</summary>
/// <param name="Op">The gateway's opcode; 0 is an event.</param>
/// <param name="Kind">What the event is to the load.</param>
/// <param name="Sequence">The session's number <c>s</c>, 0 when the envelope has none.</param>
/// <param name="Message">Set when <see cref="Kind"/> is <see cref="EventKind.Message"/>.</param>
internal readonly record struct Dispatch(int Op, EventKind Kind, uint Sequence, MessageEvent Message);

internal enum EventKind : byte
{
    Other,
    Ready,
    Resumed,
    Message,
}

/// <param name="Id">The message's snowflake.</param>
/// <param name="Stamp">What the sender wrote into the nonce; default when the message is not from this tool.</param>
internal readonly record struct MessageEvent(ulong Id, ulong Channel, Stamp Stamp);

/// <summary>Reads gateway envelopes, <c>{"t":…,"s":…,"op":…,"d":…}</c> in any order of keys.</summary>
internal static class DispatchScanner
{
    /// <param name="layout">Where the varying parts lie, so that <see cref="DispatchCache"/> need not look again.</param>
    public static Dispatch Read(ReadOnlySpan<byte> envelope, out DispatchLayout layout)
    {
        layout = default;
        int op = 0, dataStart = 0;
        uint sequence = 0;
        var kind = EventKind.Other;
        var walk = new JsonSpan(envelope);
        while (walk.Next())
        {
            if (walk.Key.SequenceEqual("t"u8)) kind = Kind(walk.Value);
            else if (walk.Key.SequenceEqual("op"u8)) op = (int)Number(walk.Value);
            else if (walk.Key.SequenceEqual("d"u8)) dataStart = walk.ValueStart;
            else if (walk.Key.SequenceEqual("s"u8) && Utf8Parser.TryParse(walk.Value, out sequence, out _)) layout = new(walk.ValueStart, walk.Value.Length, 0);
        }

        if (op != 0 || kind != EventKind.Message) return new(op, kind, sequence, default);
        var message = Message(envelope[dataStart..], out var idEnd);
        layout = layout with { IdEnd = dataStart + idEnd };
        return new(op, kind, sequence, message);
    }

    /// <summary>Reads a message object.</summary>
    /// <param name="message">The object, with or without something behind it.</param>
    /// <param name="idEnd">Where the digits of its id end.</param>
    public static MessageEvent Message(ReadOnlySpan<byte> message, out int idEnd)
    {
        idEnd = 0;
        ulong id = 0, channel = 0;
        Stamp stamp = default;
        var walk = new JsonSpan(message);
        while (walk.Next())
        {
            if (walk.Key.SequenceEqual("id"u8))
            {
                id = Number(walk.Value);
                idEnd = walk.ValueStart + walk.Value.Length;
            }
            else if (walk.Key.SequenceEqual("channel_id"u8))
            {
                channel = Number(walk.Value);
            }
            else if (walk.Key.SequenceEqual("nonce"u8))
            {
                _ = Stamp.TryRead(walk.Value, out stamp);
            }
        }

        return new(id, channel, stamp);
    }

    /// <summary>A number, or the digits of a snowflake; 0 for null and for what is neither.</summary>
    static ulong Number(ReadOnlySpan<byte> value) => Utf8Parser.TryParse(value, out ulong number, out _) ? number : 0;

    static EventKind Kind(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("MESSAGE_CREATE"u8) ? EventKind.Message
        : name.SequenceEqual("READY"u8) ? EventKind.Ready
        : name.SequenceEqual("RESUMED"u8) ? EventKind.Resumed
        : EventKind.Other;
}
