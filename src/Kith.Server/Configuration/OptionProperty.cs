using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Kith.Server.Configuration;

/// <summary>One option of <see cref="KithOptions"/> or of one of its sections, as found in the types.</summary>
/// <param name="Path">As written in messages and with <c>--set</c>: <c>RateLimits:Enabled</c>.</param>
/// <param name="Section">The properties that lead from <see cref="KithOptions"/> to the record that holds it.</param>
public sealed record OptionProperty(string Path, IReadOnlyList<PropertyInfo> Section, PropertyInfo Property)
{
    /// <summary>All options in the order in which their types declare them.</summary>
    public static IReadOnlyList<OptionProperty> All { get; } = [.. Of(typeof(KithOptions), "", [])];

    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    public string Description => TextOf(Property);

    public string EnvironmentVariable => "KITH__" + Path.Replace(":", "__", StringComparison.Ordinal);

    public bool IsList => Type == typeof(IReadOnlyList<string>);

    public bool IsMap => Type == typeof(IReadOnlyDictionary<string, string>);

    /// <summary>Not to be shown in messages.</summary>
    public bool IsSecret => Property.IsDefined(typeof(PasswordPropertyTextAttribute));

    public IEnumerable<ValidationAttribute> Rules => Property.GetCustomAttributes<ValidationAttribute>();

    /// <summary>The record that holds this option.</summary>
    public object HolderIn(KithOptions options) => Section.Aggregate((object)options, (holder, step) => step.GetValue(holder)!);

    public object? ValueIn(KithOptions options) => Property.GetValue(HolderIn(options));

    /// <summary>What the attribute says about an option or a section; without it the option could not be documented.</summary>
    public static string TextOf(PropertyInfo property) => property.GetCustomAttribute<DescriptionAttribute>()?.Description
        ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} needs a [Description].");

    /// <summary>A property whose type is one of our records is a section.</summary>
    static IEnumerable<OptionProperty> Of(Type type, string prefix, IReadOnlyList<PropertyInfo> section) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).SelectMany(property =>
            property.PropertyType is { IsClass: true } record && record.Namespace?.StartsWith(nameof(Kith), StringComparison.Ordinal) == true
                ? Of(record, $"{prefix}{property.Name}:", [.. section, property])
                : [new OptionProperty(prefix + property.Name, section, property)]);
}
