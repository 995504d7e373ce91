using System.Buffers;
using System.Globalization;

namespace Kith.Server.Configuration;

/// <summary>How the values of options are read from text, and written.</summary>
public static class OptionValue
{
    static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>What can be written for a value of this type, for messages and the reference.</summary>
    public static string Expected(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) ? "a number"
        : type == typeof(TimeSpan) ? "a duration such as 250ms, 30s, 5m, 12h or 7d"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(IReadOnlyList<string>) ? "a list (in one text: separated by semicolons)"
        : type == typeof(IReadOnlyDictionary<string, string>) ? "names with values"
        : "text";

    public static bool TryRead(Type type, string text, out object? value)
    {
        value = null;
        if (type == typeof(string)) value = text;
        else if (type == typeof(bool)) value = bool.TryParse(text, out var flag) ? flag : null;
        else if (type == typeof(int)) value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        else if (type == typeof(long)) value = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        else if (type == typeof(double)) value = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
        else if (type == typeof(TimeSpan)) value = ReadDuration(text);
        else if (type.IsEnum) value = Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text, ignoreCase: true) : null;
        else if (type == typeof(IReadOnlyList<string>)) value = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return value is not null;
    }

    /// <summary>As one would write it.</summary>
    public static string Write(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        TimeSpan time => WriteDuration(time),
        IEnumerable<string> list => string.Join(";", list),
        IEnumerable<KeyValuePair<string, string>> map => string.Join(";", map.Select(p => $"{p.Key}={p.Value}")),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    static TimeSpan? ReadDuration(string text)
    {
        var digits = text.AsSpan().IndexOfAnyExcept(NumberCharacters);
        if (digits <= 0) return text == "0" ? TimeSpan.Zero : null;
        var unit = Array.FindIndex(Units, u => text.AsSpan(digits).Trim().SequenceEqual(u.Unit));
        return unit >= 0 && double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * Units[unit].Length.TotalDays < 100_000 ? count * Units[unit].Length : null;
    }

    static string WriteDuration(TimeSpan time)
    {
        if (time == TimeSpan.Zero) return "0";
        var (unit, length) = Units.Last(u => time.Ticks % u.Length.Ticks == 0 || u.Unit == "ms");
        return (time / length).ToString(CultureInfo.InvariantCulture) + unit;
    }
}
