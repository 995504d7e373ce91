using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kith.Domain;

namespace Kith.Protocol;

/// <summary>Ids are decimal strings on the wire; numbers are taken as well, as Discord does.</summary>
sealed class SnowflakeIdConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsValueType && Array.Exists(typeToConvert.GetInterfaces(),
            i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ISnowflakeId<>));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(SnowflakeIdConverter<>).MakeGenericType(typeToConvert))!;
}

sealed class SnowflakeIdConverter<T> : JsonConverter<T>
    where T : struct, ISnowflakeId<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String when Snowflake.TryParse(reader.GetString(), out var id) => T.From(id),
        JsonTokenType.Number when reader.TryGetInt64(out var id) && id >= 0 => T.From(id),
        _ => throw new JsonException("Value is not snowflake."),
    };

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Snowflake.TryParse(reader.GetString(), out var id) ? T.From(id) : throw new JsonException("Value is not snowflake.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        Span<byte> digits = stackalloc byte[20];
        value.Value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        writer.WriteStringValue(digits[..length]);
    }

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.Value.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Permission bits are a decimal string on the wire; bits without a meaning are dropped.</summary>
sealed class PermissionsConverter : JsonConverter<Permissions>
{
    public override Permissions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ulong bits = 0;
        var ok = reader.TokenType == JsonTokenType.Number
            ? reader.TryGetUInt64(out bits)
            : ulong.TryParse(reader.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out bits);
        return ok ? (Permissions)bits & Permissions.All : throw new JsonException("Value is not a permission bit set.");
    }

    public override void Write(Utf8JsonWriter writer, Permissions value, JsonSerializerOptions options) =>
        writer.WriteStringValue(((ulong)value).ToString(CultureInfo.InvariantCulture));
}
