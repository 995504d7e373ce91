using System.Collections;
using System.CommandLine;
using Kith.Server.Configuration;

namespace Kith.Server.Commands;

/// <summary>The options of the command line from which every command gets its <see cref="KithOptions"/>. Weakest first: file, environment, command line.</summary>
sealed class SettingOptions
{
    readonly Option<string?> config = new("--config") { Description = "A file of options: JSON, comments allowed. \"kith config sample\" prints one.", Recursive = true, HelpName = "FILE" };
    readonly Option<string?> data = new("--data") { Description = "The folder of the embedded store [default: ./data].", Recursive = true, HelpName = "DIR" };
    readonly Option<string[]> set = new("--set") { Description = "Any option: --set RateLimits:Enabled=false.", Recursive = true, HelpName = "OPTION=VALUE" };

    public Option<string?> Urls { get; } = new("--urls") { Description = "Addresses to listen on, separated by semicolons [default: http://localhost:8080].", HelpName = "URLS" };

    public Option<string?> Roles { get; } = new("--roles") { Description = "What the process does: api, gateway, delivery, notify, separated by commas [default: all].", HelpName = "ROLES" };

    public void AddTo(RootCommand root)
    {
        root.Add(config);
        root.Add(data);
        root.Add(set);
    }

    /// <exception cref="StartException">An option that does not exist or cannot be.</exception>
    public KithOptions Read(ParseResult parsed)
    {
        List<SettingSource> sources = [];
        if (parsed.GetValue(config) is { } file) sources.Add(SettingsFile.Read(file));
        sources.Add(SettingSource.FromEnvironment(
            Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => KeyValuePair.Create((string)e.Key, (string?)e.Value ?? ""))));
        sources.Add(SettingSource.FromCommandLine(nameof(KithOptions.Data), parsed.GetValue(data), "--data"));
        sources.Add(SettingSource.FromCommandLine(nameof(KithOptions.Urls), parsed.GetResult(Urls) is null ? null : parsed.GetValue(Urls), "--urls"));
        sources.Add(SettingSource.FromCommandLine(nameof(KithOptions.Roles), parsed.GetResult(Roles) is null ? null : parsed.GetValue(Roles), "--roles"));
        sources.Add(SettingSource.FromAssignments(parsed.GetValue(set) ?? []));
        return OptionsReader.Read(sources);
    }
}
