using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Kith.Server.Configuration;

/// <summary>docs/configuration.md, made from the option types.</summary>
public static class OptionsReference
{
    const string Head = """
        # Configuration

        <!-- Made by "kith config docs"; a test keeps it so. Change the [Description] beside the option. -->

        Options come from, each overruling those before it: the file of `--config FILE` (JSON, comments and trailing commas allowed;
        [a sample with everything](kith.sample.jsonc)), environment variables, and the command line (`--data`, `--urls`, and `--set Section:Option=value` for any).
        A variable's name is `KITH__` with the option's path, colons as two underscores: `KITH__RateLimits__Enabled=false`. A list is separated by semicolons where
        it is one text; durations are written `250ms`, `30s`, `5m`, `12h`, `7d`. An option that does not exist or cannot be stops the start with one line and
        exit code 2; `kith config check` tells beforehand.

        """;

    public static string Write()
    {
        var text = new StringBuilder(Head);
        var defaults = new KithOptions();
        var section = "-";
        foreach (var option in OptionProperty.All)
        {
            var at = string.Join(':', option.Section.Select(s => s.Name));
            if (at != section)
            {
                text.Append(at.Length == 0 ? "\n" : $"\n## {at}\n\n{OptionProperty.TextOf(option.Section[^1])}\n\n");
                text.Append("| option | default | values | meaning |\n|---|---|---|---|\n");
                section = at;
            }

            var value = OptionValue.Write(option.ValueIn(defaults));
            text.Append($"| `{option.Path}` | {(value.Length == 0 ? "" : $"`{value}`")} | {Values(option)} | {option.Description.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        return text.ToString();
    }

    static string Values(OptionProperty option)
    {
        var expected = OptionValue.Expected(option.Type).Split(" (")[0].Split(" such")[0];
        return option.Rules.OfType<RangeAttribute>().FirstOrDefault() is { } range ? $"{expected} {OptionsReader.Limits(range)}" : expected;
    }
}
