using System.CommandLine;
using Kith.Load.Scenarios;

namespace Kith.Load.Commands;

/// <summary>One command per scenario.</summary>
internal static class ScenarioCommands
{
    public static Command Connect()
    {
        var sessions = new Option<int>("--sessions") { Description = "Sessions to open and hold.", DefaultValueFactory = _ => 19_000 };
        var servers = new Option<int>("--servers-each") { Description = "Servers that each account is in.", DefaultValueFactory = _ => 5 };
        var size = new Option<int>("--server-size") { Description = "Members of each server.", DefaultValueFactory = _ => 1000 };
        var hold = new Option<double>("--hold") { Description = "Seconds to hold them idle.", DefaultValueFactory = _ => 0 };
        var burst = new Option<double>("--burst") { Description = "Messages per second of a burst, over all servers in turn; 0 for none.", DefaultValueFactory = _ => 20 };
        return Make("connect", "Opens sessions and holds them: memory per session, time to READY.", [sessions, servers, size, hold, burst], parsed =>
            new Connect(parsed.GetValue(sessions), parsed.GetValue(servers), parsed.GetValue(size), TimeSpan.FromSeconds(parsed.GetValue(hold)), parsed.GetValue(burst)));
    }

    public static Command Fanout()
    {
        var members = new Option<int>("--members") { Description = "Members online.", DefaultValueFactory = _ => 1000 };
        var rate = new Option<double>("--rate") { Description = "Messages per second; 0 keeps --window messages under way instead.", DefaultValueFactory = _ => 0 };
        var window = new Option<int>("--window") { Description = "Messages under way to members at once.", DefaultValueFactory = _ => 1 };
        var senders = new Option<int>("--senders") { Description = "Members that take turns.", DefaultValueFactory = _ => 10 };
        return Make("fanout", "One channel, all its members online: deliveries per second, latency, CPU.", [members, rate, window, senders], parsed =>
            new Fanout(parsed.GetValue(members), parsed.GetValue(rate), parsed.GetValue(window), parsed.GetValue(senders)));
    }

    public static Command Send()
    {
        var pairs = new Option<int>("--pairs") { Description = "Pairs that write to each other in DMs; 0 uses senders and channels.", DefaultValueFactory = _ => 0 };
        var senders = new Option<int>("--senders") { Description = "Accounts that write into channels.", DefaultValueFactory = _ => 256 };
        var channels = new Option<int>("--channels") { Description = "Channels they are divided among.", DefaultValueFactory = _ => 32 };
        var rate = new Option<double>("--rate") { Description = "Messages per second; 0 for as many as the server takes.", DefaultValueFactory = _ => 0 };
        return Make("send", "Concurrent senders: confirmed messages per second and their latency.", [pairs, senders, channels, rate], parsed =>
            new Send(parsed.GetValue(pairs), parsed.GetValue(senders), parsed.GetValue(channels), parsed.GetValue(rate)));
    }

    static Command Make<T>(string name, string description, Option[] options, Func<ParseResult, T> scenario)
        where T : Scenario
    {
        var common = new CommonOptions();
        var command = new Command(name, description);
        foreach (var option in options) command.Options.Add(option);
        common.AddTo(command);
        command.SetAction((parsed, cancel) => common.Run(common.Apply(scenario(parsed), parsed), parsed, cancel));
        return command;
    }
}
