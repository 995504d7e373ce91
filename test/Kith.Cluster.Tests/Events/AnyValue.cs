using System.Collections;
using System.Reflection;
using System.Text;
using Kith.Domain;

namespace Kith.Cluster.Tests.Events;

/// <summary>
/// Random values of records and all they hold, by reflection: whatever is added to one is filled as well, and so must survive its codec.
/// </summary>
sealed class AnyValue(Random random)
{
    static readonly NullabilityInfoContext Nullability = new();

    public object Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Of(inner);
        if (type == typeof(string)) return Text();
        if (type == typeof(long)) return random.NextInt64();
        if (type == typeof(int)) return random.Next();
        if (type == typeof(bool)) return random.Next(2) == 1;
        if (type == typeof(Permissions)) return (Permissions)random.NextInt64() & Permissions.All;
        if (type.IsEnum) return random.GetItems([.. Enum.GetValues(type).Cast<object>()], 1)[0];
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(1L << 41));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return List(type.GetGenericArguments()[0]);
        return Record(type);
    }

    /// <summary>What a value is, with the types and fields of everything in it: equal where two values are equal, lists by their elements.</summary>
    public static string Describe(object? value)
    {
        var to = new StringBuilder();
        Describe(value, to);
        return to.ToString();
    }

    object? OrNull(Type type, NullabilityState state) => state == NullabilityState.Nullable && random.Next(3) == 0 ? null : Of(type);

    object Record(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => OrNull(p.ParameterType, Nullability.Create(p).WriteState))]);
        foreach (var property in type.GetProperties().Where(p => p.CanWrite && constructor.GetParameters().Length == 0))
            property.SetValue(made, OrNull(property.PropertyType, Nullability.Create(property).WriteState));
        return made;
    }

    Array List(Type element)
    {
        var list = Array.CreateInstance(element, random.Next(4) * random.Next(40));
        for (var i = 0; i < list.Length; i++)
            list.SetValue(Of(element), i);
        return list;
    }

    string Text() => string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(4) switch
    {
        0 => "ß",
        1 => "🙂",
        2 => "\"\\",
        _ => ((char)random.Next('a', 'z')).ToString(),
    }));

    static void Describe(object? value, StringBuilder to)
    {
        switch (value)
        {
            case null or string or IFormattable: to.Append(value ?? "null").Append(';'); return;
            case IEnumerable list:
                to.Append('[');
                foreach (var item in list)
                    Describe(item, to);
                to.Append(']');
                return;
            default:
                to.Append(value.GetType().Name).Append('{');
                foreach (var property in value.GetType().GetProperties().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    to.Append(property.Name).Append('=');
                    Describe(property.GetValue(value), to);
                }

                to.Append('}');
                return;
        }
    }
}
