using System.CommandLine;
using Kith.Engine.Delivery;
using Kith.Server.Configuration;
using Kith.Storage.Sql;

namespace Kith.Server.Commands;

/// <summary>A command of <c>kith</c>: gets the validated options, and turns what an operator can mend into one line and exit code 2.</summary>
abstract class KithCommand : Command
{
    protected const int Done = 0;
    protected const int Failed = 1;
    protected const int Refused = 2;

    protected KithCommand(string name, string description, SettingOptions settings)
        : base(name, description) => SetAction((parsed, ct) => InvokeAsync(parsed, settings, ct));

    protected abstract Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct);

    async Task<int> InvokeAsync(ParseResult parsed, SettingOptions settings, CancellationToken ct)
    {
        try
        {
            return await RunAsync(parsed, settings.Read(parsed), ct);
        }
        catch (Exception e) when (e is StartException or DatabaseRefusedException)
        {
            await Console.Error.WriteLineAsync($"kith: {e.Message}");
            return Refused;
        }
        catch (UnavailableException e)
        {
            await Console.Error.WriteLineAsync($"kith: {e.Message} {e.InnerException?.Message}");
            return Failed;
        }
    }
}
