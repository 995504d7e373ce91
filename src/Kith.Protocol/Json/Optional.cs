using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kith.Protocol;

/// <summary>A field of a request that may be absent, which is not the same as null: PATCH leaves absent fields alone and clears null ones.</summary>
[JsonConverter(typeof(OptionalConverterFactory))]
public readonly record struct Optional<T>
{
    readonly T value;

    public Optional(T value) => (this.value, HasValue) = (value, true);

    public bool HasValue { get; }

    public T Value => HasValue ? value : throw new InvalidOperationException("The field is absent.");

    public T Or(T other) => HasValue ? value : other;

    public static implicit operator Optional<T>(T value) => new(value);
}

sealed class OptionalConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(OptionalConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;
}

sealed class OptionalConverter<T> : JsonConverter<Optional<T>>
{
    public override bool HandleNull => true;

    // By the value's converter and not by the serializer, whose errors would begin their path here instead of at the body.
    public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var converter = (JsonConverter<T>)options.GetConverter(typeof(T));
        if (reader.TokenType != JsonTokenType.Null || converter.HandleNull) return new(converter.Read(ref reader, typeof(T), options)!);
        return default(T) is null ? new(default!) : throw new JsonException("Null is no value of this field.");
    }

    public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Value, options);
}
