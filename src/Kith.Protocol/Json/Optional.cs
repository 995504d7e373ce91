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

    public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<T>(ref reader, options)!);

    public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Value, options);
}
