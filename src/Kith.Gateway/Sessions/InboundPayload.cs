using System.Text.Json;
using Kith.Protocol;

namespace Kith.Gateway.Sessions;

/// <summary>Takes apart what a client sends: <c>{"op": number, "d": any}</c>; other fields are ignored.</summary>
static class InboundPayload
{
    /// <summary>Embedded arrays and objects; a presence with an emoji has 5.</summary>
    const int MaxDepth = 16;

    /// <summary>False for anything but an object with one numeric <c>op</c>.</summary>
    /// <param name="data">The value of <c>d</c>; empty where it is absent.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out int op, out ReadOnlySpan<byte> data)
    {
        op = -1;
        data = default;
        var hasOp = false;
        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isOp = reader.ValueTextEquals("op"u8);
                var isData = reader.ValueTextEquals("d"u8);
                if (!reader.Read()) return false;
                var start = (int)reader.TokenStartIndex;
                if (isOp && (hasOp || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out op))) return false;
                hasOp |= isOp;
                reader.Skip();
                if (!isData) continue;
                if (!data.IsEmpty) return false;
                data = payload[start..(int)reader.BytesConsumed];
            }

            // Whatever follows the object must be white space.
            return hasOp && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Null for JSON that is not what it should be.</summary>
    public static T? Parse<T>(ReadOnlySpan<byte> data)
        where T : class
    {
        try
        {
            return data.IsEmpty ? null : JsonSerializer.Deserialize<T>(data, Wire.Options);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // The last two: lone surrogates and such, which the reader finds only when the text is taken.
            return null;
        }
    }

    /// <summary>A heartbeat's <c>d</c>: a sequence number, or 0 for null. False for anything else.</summary>
    public static bool TryReadSequence(ReadOnlySpan<byte> data, out long sequence)
    {
        sequence = 0;
        return data.IsEmpty || data.SequenceEqual("null"u8)
            || (System.Buffers.Text.Utf8Parser.TryParse(data, out sequence, out var used) && used == data.Length && sequence >= 0);
    }
}
