using System.CommandLine;
using Kith.Server.Configuration;

namespace Kith.Server.Commands;

/// <summary><c>kith config sample|docs|errors|limits|wire|check</c>: what there is to configure.</summary>
sealed class ConfigCommand : Command
{
    public ConfigCommand(SettingOptions settings)
        : base("config", "Prints or checks the configuration.")
    {
        Add(new PrintCommand("sample", "Prints a configuration file with every option, its meaning and default.", OptionsSample.Write, settings));
        Add(new PrintCommand("docs", "Prints the reference of all options (docs/configuration.md).", OptionsReference.Write, settings));
        Add(new PrintCommand("errors", "Prints the reference of error codes (docs/errors.md).", ErrorReference.Write, settings));
        Add(new PrintCommand("limits", "Prints the reference of rate limits (docs/limits.md).", LimitsReference.Write, settings));
        Add(new PrintCommand("wire", "Prints what the server sends as types of TypeScript (web/src/wire/wire.gen.ts).", WireTypes.Write, settings));
        Add(new CheckCommand(settings));
    }

    sealed class PrintCommand(string name, string description, Func<string> text, SettingOptions settings) : KithCommand(name, description, settings)
    {
        protected override Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
        {
            Console.Write(text());
            return Task.FromResult(Done);
        }
    }

    sealed class CheckCommand(SettingOptions settings)
        : KithCommand("check", "Says whether file, environment and command line are valid, and prints what differs from the defaults.", settings)
    {
        protected override Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
        {
            var defaults = new KithOptions();
            foreach (var option in OptionProperty.All)
            {
                var value = OptionValue.Write(option.ValueIn(options));
                if (value != OptionValue.Write(option.ValueIn(defaults)))
                    Console.WriteLine($"{option.Path} = {(option.IsSecret ? "(not shown)" : value)}");
            }

            return Task.FromResult(Done);
        }
    }
}
