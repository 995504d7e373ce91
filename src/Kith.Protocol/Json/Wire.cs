using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kith.Protocol;

/// <summary>How everything on the wire is written and read: snake_case, ids and permissions as strings, strict about duplicate keys and depth.</summary>
public static class Wire
{
    /// <summary>Deeper input is refused; an embed inside a message inside an array is 6.</summary>
    public const int MaxDepth = 32;

    /// <summary>For reading, and for writing what is not hot. By reflection: source-generated readers lose the defaults of absent init-only properties.</summary>
    public static JsonSerializerOptions Options { get; } = Create(new DefaultJsonTypeInfoResolver());

    /// <summary>For writing: hot types (messages, users, members, gateway events) by generated code, all others by reflection, so that a new payload needs no registration.</summary>
    static readonly JsonSerializerOptions WriteOptions = Create(JsonTypeInfoResolver.Combine(WireJsonContext.Default, new DefaultJsonTypeInfoResolver()));

    public static byte[] Utf8<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, WriteOptions);

    static JsonSerializerOptions Create(IJsonTypeInfoResolver types)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            MaxDepth = MaxDepth,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            // Not HTML: replies are application/json with nosniff, and escaping every non-ASCII letter doubles most of the world's messages.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = types,
            Converters = { new SnowflakeIdConverterFactory(), new PermissionsConverter() },
        };
        options.MakeReadOnly();
        return options;
    }
}

/// <summary>The payloads of the hot paths.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Message))]
[JsonSerializable(typeof(MessageDelete))]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(Role))]
[JsonSerializable(typeof(Channel))]
[JsonSerializable(typeof(Guild))]
[JsonSerializable(typeof(MessageAck))]
[JsonSerializable(typeof(TypingStart))]
[JsonSerializable(typeof(PresenceUpdate))]
[JsonSerializable(typeof(ChannelReceipt))]
public sealed partial class WireJsonContext : JsonSerializerContext;
