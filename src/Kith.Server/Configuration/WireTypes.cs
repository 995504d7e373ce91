using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kith.Domain;
using Kith.Protocol;

namespace Kith.Server.Configuration;

/// <summary>web/src/wire/wire.gen.ts: the payloads that the server sends, as the serializer writes them, in TypeScript.</summary>
public static class WireTypes
{
    const string Head = """
        // Made by "kith config wire"; a test keeps it so. Change the types of Kith.Protocol.

        export type Snowflake = string;

        """;

    /// <summary>What the web client is sent; the types of their fields follow.</summary>
    static readonly Type[] Roots =
    [
        typeof(Ready), typeof(Guild), typeof(Message), typeof(MessageDelete), typeof(MessageDeleteBulk), typeof(MessageAck), typeof(TypingStart), typeof(PresenceUpdate),
        typeof(ChannelReceipt), typeof(GuildMembersChunk), typeof(UserNote), typeof(Invite),
    ];

    public static string Write()
    {
        var text = new StringBuilder(Head);
        foreach (var type in Reachable().OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            text.Append('\n');
            if (type.IsEnum) WriteEnum(text, type);
            else WriteInterface(text, type);
        }

        return text.ToString();
    }

    static HashSet<Type> Reachable()
    {
        HashSet<Type> found = [];
        Queue<Type> open = new(Roots);
        while (open.TryDequeue(out var type))
        {
            if (!found.Add(type) || type.IsEnum) continue;
            foreach (var property in Properties(type))
                foreach (var part in Parts(property.PropertyType).Where(IsOurs)) open.Enqueue(part);
        }

        return found;
    }

    static IEnumerable<JsonPropertyInfo> Properties(Type type) => Wire.Options.GetTypeInfo(type).Properties.Where(p => p.Get is not null);

    static IEnumerable<Type> Parts(Type type) => type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts) : type.IsArray ? Parts(type.GetElementType()!) : [type];

    static bool IsOurs(Type type) => !IsId(type) && type != typeof(Permissions) && type.Namespace?.StartsWith(nameof(Kith), StringComparison.Ordinal) == true;

    static bool IsId(Type type) => Array.Exists(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ISnowflakeId<>));

    static void WriteEnum(StringBuilder text, Type type)
    {
        text.Append("export const ").Append(type.Name).Append(" = {\n");
        foreach (var name in Enum.GetNames(type))
            text.Append("  ").Append(JsonNamingPolicy.CamelCase.ConvertName(name)).Append(": ").Append(Convert.ToInt64(Enum.Parse(type, name), null)).Append(",\n");
        text.Append("} as const;\n");
    }

    static void WriteInterface(StringBuilder text, Type type)
    {
        text.Append("export interface ").Append(type.Name).Append(" {\n");
        foreach (var property in Properties(type))
            text.Append("  ").Append(property.Name).Append(IsOptional(property) ? "?: " : ": ").Append(TypeOf(property)).Append(";\n");
        text.Append("}\n");
    }

    static JsonIgnoreCondition? Ignored(JsonPropertyInfo property) =>
        (property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), true).SingleOrDefault() as JsonIgnoreAttribute)?.Condition;

    static bool IsOptional(JsonPropertyInfo property) => Ignored(property) is JsonIgnoreCondition.WhenWritingNull or JsonIgnoreCondition.WhenWritingDefault;

    static string TypeOf(JsonPropertyInfo property)
    {
        var type = property.PropertyType;
        var isOptional = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);
        var isNullable = isOptional ? MayHoldNull(property) : property.IsGetNullable && !IsOptional(property);
        return Name(isOptional ? type.GetGenericArguments()[0] : type) + (isNullable ? " | null" : "");
    }

    /// <summary>Whether it is an Optional of something nullable: of a value by its type, of a reference by the annotation that the compiler leaves.</summary>
    static bool MayHoldNull(JsonPropertyInfo property)
    {
        var held = property.PropertyType.GetGenericArguments()[0];
        if (held.IsValueType) return Nullable.GetUnderlyingType(held) is not null;
        return property.AttributeProvider is PropertyInfo declared && new NullabilityInfoContext().Create(declared).GenericTypeArguments[0].ReadState == NullabilityState.Nullable;
    }

    static string Name(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (IsId(type)) return "Snowflake";
        if (type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(Permissions)) return "string";
        if (type == typeof(bool)) return "boolean";
        if (type.IsEnum || type.IsPrimitive) return "number";
        if (IsOurs(type)) return type.Name;
        if (!type.IsGenericType) return "unknown";
        var arguments = type.GetGenericArguments();
        return arguments.Length == 2 ? $"Record<{Name(arguments[0])}, {Name(arguments[1])}>" : $"{Name(arguments[0])}[]";
    }
}
