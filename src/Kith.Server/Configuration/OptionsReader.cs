using System.ComponentModel.DataAnnotations;

namespace Kith.Server.Configuration;

/// <summary>Makes <see cref="KithOptions"/> from sources, the later ones winning, and refuses what does not exist or cannot be.</summary>
public static class OptionsReader
{
    /// <exception cref="StartException">Names the option, the value and where it was written.</exception>
    public static KithOptions Read(params IEnumerable<SettingSource> sources)
    {
        var options = new KithOptions();
        Dictionary<OptionProperty, Setting> written = [];
        foreach (var source in sources)
        {
            foreach (var group in source.Settings.GroupBy(Find))
            {
                Apply(options, group.Key, [.. group]);
                written[group.Key] = group.Last();
            }
        }

        Validate(options, written);
        return options;
    }

    static OptionProperty Find(Setting setting) => OptionProperty.All.FirstOrDefault(o => Matches(o, setting.Path))
        ?? throw new StartException($"There is no option {setting.Path} ({Shown(setting.Text)} in {setting.Place}).{Suggest(setting.Path)}");

    static bool Matches(OptionProperty option, string path) =>
        path.Equals(option.Path, StringComparison.OrdinalIgnoreCase)
        || ((option.IsList || option.IsMap) && path.StartsWith(option.Path + ":", StringComparison.OrdinalIgnoreCase));

    static void Apply(KithOptions options, OptionProperty option, Setting[] settings)
    {
        if (settings[^1].Text is null && settings.Length == 1) return;
        option.Property.SetValue(option.HolderIn(options), Value(option, settings));
    }

    static object Value(OptionProperty option, Setting[] settings)
    {
        if (option.IsMap) return settings.ToDictionary(s => s.Path[(option.Path.Length + 1)..], s => s.Text ?? "", StringComparer.OrdinalIgnoreCase);
        var last = settings[^1];
        if (option.IsList && last.Path.Length > option.Path.Length) return (string[])[.. settings.Select(s => s.Text ?? "")];
        return OptionValue.TryRead(option.Type, last.Text ?? "", out var value) ? value!
            : throw Refused(option, last, $"{OptionValue.Expected(option.Type)} is expected");
    }

    static void Validate(KithOptions options, Dictionary<OptionProperty, Setting> written)
    {
        foreach (var option in OptionProperty.All)
        {
            var value = option.ValueIn(options);
            foreach (var rule in option.Rules)
            {
                if (!rule.IsValid(value)) throw Refused(option, written.GetValueOrDefault(option), Text(rule, option));
            }
        }

        foreach (var section in OptionProperty.All.DistinctBy(o => string.Join(':', o.Section.Select(s => s.Name))))
            ValidateSection(options, section, written);
    }

    /// <summary>What one option means to another is the section's own to say, by <see cref="IValidatableObject"/>.</summary>
    static void ValidateSection(KithOptions options, OptionProperty member, Dictionary<OptionProperty, Setting> written)
    {
        if (member.HolderIn(options) is not IValidatableObject section) return;
        if (section.Validate(new ValidationContext(section)).FirstOrDefault() is not { } problem) return;
        var prefix = member.Path[..^member.Property.Name.Length];
        var named = problem.MemberNames.Select(name => OptionProperty.All.First(o => o.Path == prefix + name)).ToArray();
        // The one that somebody wrote is the one to name.
        var option = named.FirstOrDefault(written.ContainsKey) ?? named.FirstOrDefault() ?? member;
        throw Refused(option, written.GetValueOrDefault(option), problem.ErrorMessage ?? "it is not valid", option.ValueIn(options));
    }

    static StartException Refused(OptionProperty option, Setting? setting, string why, object? value = null)
    {
        var shown = option.IsSecret ? "a value that is not shown" : Shown(setting?.Text ?? OptionValue.Write(value));
        return new StartException($"The option {option.Path} is {shown} {(setting is null ? "by default" : $"in {setting.Place}")}: {why}.");
    }

    static string Text(ValidationAttribute rule, OptionProperty option) => rule switch
    {
        RangeAttribute range => $"it must be {Limits(range)}",
        _ => rule.FormatErrorMessage(option.Path).TrimEnd('.'),
    };

    public static string Limits(RangeAttribute range)
    {
        _ = range.IsValid(null); // Converts texts of typed limits.
        return $"from {OptionValue.Write(range.Minimum)} to {OptionValue.Write(range.Maximum)}";
    }

    static string Shown(string? text) => $"\"{(text is { Length: > 100 } ? text[..100] + "…" : text?.ReplaceLineEndings(" "))}\"";

    /// <summary>The option that was probably meant: the one whose path takes the fewest changes, where they are few; or the same name in another section.</summary>
    static string Suggest(string path)
    {
        var (distance, near) = OptionProperty.All.Select(o => (Distance: Edits(o.Path.ToUpperInvariant(), path.ToUpperInvariant()), o.Path)).MinBy(o => o.Distance);
        if (distance > 1 + (path.Length / 4))
            near = OptionProperty.All.FirstOrDefault(o => o.Property.Name.Equals(path.Split(':')[^1], StringComparison.OrdinalIgnoreCase))?.Path;
        return near is null ? "" : $" Is {near} meant?";
    }

    /// <summary>Levenshtein's distance.</summary>
    static int Edits(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
