using System.CommandLine;
using Kith.Engine.Push;

namespace Kith.Server.Commands;

/// <summary><c>kith push test</c>.</summary>
sealed class PushCommand : Command
{
    public PushCommand(SettingOptions settings)
        : base("push", "Looks after notifications.") => Add(new PushTestCommand(settings));
}

sealed class PushTestCommand : KithCommand
{
    readonly Argument<string> name = new("USER") { Description = "User name or id." };

    public PushTestCommand(SettingOptions settings)
        : base("test", "Sends a notification to each device of a user, and explains what became of it.", settings) => Add(name);

    protected override async Task<int> RunAsync(ParseResult parsed, KithOptions options, CancellationToken ct)
    {
        await using var instance = await Instance.OpenAsync(options, ct);
        var user = await instance.UserAsync(parsed.GetRequiredValue(name), ct);
        var test = instance.Get<PushTest>();
        var results = await test.RunAsync(user, ct);
        if (results.Count == 0)
        {
            await Console.Error.WriteLineAsync($"kith: {user.Username} has no device: notifications are turned on in the settings of a client, by a login that still stands.");
            return Failed;
        }

        foreach (var (device, answer, took) in results)
            Console.WriteLine($"{device.Kind.ToString().ToLowerInvariant()} {device.Service}: {answer.Detail} ({took.TotalMilliseconds:0} ms). {Meaning(answer.Verdict)}");
        if (!options.Push.Enabled) Console.WriteLine("Real notifications are off: Push:Enabled is false.");
        if (await test.IsQuietAsync(user.Id, ct)) Console.WriteLine($"{user.Username} does not want to be disturbed now: real notifications are held back.");
        return results.Any(r => r.Answer.Verdict == PushVerdict.Accepted) ? Done : Failed;
    }

    static string Meaning(PushVerdict verdict) => verdict switch
    {
        PushVerdict.Accepted => "The push service has it. Where nothing shows, the device is off or notifications are turned off there.",
        PushVerdict.Gone => "The device is not registered any more; it was removed.",
        PushVerdict.Retry => "The push service cannot be reached, has trouble, or wants us to wait; real notifications are tried again.",
        _ => "It will not take this. Most often Push:Contact, the keys, or this machine's clock are wrong.",
    };
}
