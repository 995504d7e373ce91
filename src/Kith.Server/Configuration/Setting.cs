namespace Kith.Server.Configuration;

/// <summary>One value that someone wrote for one option, before anyone knows whether the option exists.</summary>
/// <param name="Path">Sections and name, separated by colons: <c>RateLimits:Enabled</c>. An item of a list or map has its index or key as last part.</param>
/// <param name="Text">Null where JSON says null, which means: the default.</param>
/// <param name="Place">Where it is written, for messages: <c>kith.json line 3</c>.</param>
public sealed record Setting(string Path, string? Text, string Place);

/// <summary>The settings of one origin; a later source replaces what an earlier one says about the same option.</summary>
public sealed record SettingSource(IReadOnlyList<Setting> Settings)
{
    const string EnvironmentPrefix = "KITH__";

    /// <summary><c>KITH__RateLimits__Enabled=false</c>; letter case does not matter.</summary>
    public static SettingSource FromEnvironment(IEnumerable<KeyValuePair<string, string>> variables) => new(
    [
        .. from variable in variables
           where variable.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)
           orderby variable.Key
           let path = variable.Key[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal)
           select new Setting(path, variable.Value, $"the environment variable {variable.Key}"),
    ]);

    /// <summary><c>RateLimits:Enabled=false</c> each, from <c>--set</c>.</summary>
    /// <exception cref="StartException">An item without an equals sign.</exception>
    public static SettingSource FromAssignments(IEnumerable<string> assignments) => new([.. assignments.Select(Assignment)]);

    public static SettingSource FromCommandLine(string path, string? value, string option) =>
        new(value is null ? [] : [new Setting(path, value, $"{option} on the command line")]);

    static Setting Assignment(string text)
    {
        var equals = text.IndexOf('=');
        return equals > 0 ? new Setting(text[..equals].Trim(), text[(equals + 1)..], "--set on the command line")
            : throw new StartException($"\"--set {text}\" has no value; it is written as --set Section:Option=value.");
    }
}
