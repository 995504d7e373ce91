using System.Text.Json;
using Kith.Domain;

namespace Kith.Engine.Push;

/// <summary>Single fields of an event's JSON, without reading all of it into objects.</summary>
static class JsonFields
{
    public static string? Text(ReadOnlyMemory<byte> json, string field)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals(field);
            reader.Read();
            if (wanted) return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
        }

        return null;
    }

    public static T? Id<T>(ReadOnlyMemory<byte> json, string field)
        where T : struct, ISnowflakeId<T> => Snowflake.TryParse(Text(json, field), out var id) ? T.From(id) : null;
}
