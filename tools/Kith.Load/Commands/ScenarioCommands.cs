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
        var offline = new Option<bool>("--offline") { Description = "Nobody has a session: what storing alone costs." };
        return Make("send", "Concurrent senders: confirmed messages per second and their latency.", [pairs, senders, channels, rate, offline], parsed =>
            new Send(parsed.GetValue(pairs), parsed.GetValue(senders), parsed.GetValue(channels), parsed.GetValue(rate), parsed.GetValue(offline)));
    }

    public static Command Storm()
    {
        var sessions = new Option<int>("--sessions") { Description = "Sessions that are cut at once.", DefaultValueFactory = _ => 18_500 };
        var size = new Option<int>("--server-size") { Description = "Members of each of their servers.", DefaultValueFactory = _ => 1000 };
        var bystanders = new Option<int>("--bystanders") { Description = "Sessions that are not cut, in a server of their own.", DefaultValueFactory = _ => 50 };
        var rate = new Option<double>("--rate") { Description = "Messages per second among the bystanders.", DefaultValueFactory = _ => 50 };
        var missed = new Option<double>("--missed-rate") { Description = "Messages per second to those who are cut.", DefaultValueFactory = _ => 2 };
        var anew = new Option<bool>("--anew") { Description = "They come back by IDENTIFY, not by RESUME." };
        return Make("storm", "Cuts all sessions at once: how soon all are back, and what others notice.", [sessions, size, bystanders, rate, missed, anew], parsed =>
            new Storm(parsed.GetValue(sessions), parsed.GetValue(size), parsed.GetValue(bystanders), parsed.GetValue(rate), parsed.GetValue(missed), !parsed.GetValue(anew)));
    }

    public static Command Slow()
    {
        var members = new Option<int>("--members") { Description = "Members online.", DefaultValueFactory = _ => 1000 };
        var share = new Option<double>("--share") { Description = "Share of them that stop reading.", DefaultValueFactory = _ => 0.25 };
        var rate = new Option<double>("--rate") { Description = "Messages per second.", DefaultValueFactory = _ => 50 };
        return Make("slow", "A share of the readers stops reading: what the others notice, and what it costs.", [members, share, rate], parsed =>
            new Slow(parsed.GetValue(members), parsed.GetValue(share), parsed.GetValue(rate)));
    }

    public static Command Mixed()
    {
        var users = new Option<int>("--users") { Description = "Accounts.", DefaultValueFactory = _ => 2000 };
        var online = new Option<double>("--online") { Description = "Share of them that has a session.", DefaultValueFactory = _ => 0.9 };
        var multiple = new Option<double>("--multiple") { Description = "Of 580 messages per second.", DefaultValueFactory = _ => 1 };
        var reconnects = new Option<double>("--reconnects") { Description = "Sessions per second that leave and come back, half of them by RESUME.", DefaultValueFactory = _ => 2 };
        return Make("mixed", "A whole instance's day: servers, DMs, groups, reads, acks, typing, mentions, presences, reconnects.", [users, online, multiple, reconnects], parsed =>
            new Mixed(parsed.GetValue(users), parsed.GetValue(online), parsed.GetValue(multiple), parsed.GetValue(reconnects)));
    }

    public static Command Replay()
    {
        var folder = new Argument<string>("DIR") { Description = "Folder of logs with lines \"[HH:MM] <nick> text\", a file for each day." };
        var days = new Option<int>("--days") { Description = "How many of its files.", DefaultValueFactory = _ => 5 };
        var speed = new Option<double>("--speed") { Description = "Times the real one.", DefaultValueFactory = _ => 1000 };
        var command = Make("replay", "Says real logs again, each nick with a session of its own.", [days, speed], parsed =>
            new Replay(parsed.GetValue(folder)!, parsed.GetValue(days), parsed.GetValue(speed)));
        command.Arguments.Add(folder);
        return command;
    }

    static Command Make<T>(string name, string description, Option[] options, Func<ParseResult, T> scenario)
        where T : Scenario
    {
        var common = new CommonOptions();
        var command = new Command(name, description);
        foreach (var option in options) command.Options.Add(option);
        common.AddTo(command);
        command.SetAction((parsed, cancel) => Ending.Of(() => common.Run(common.Apply(scenario(parsed), parsed), parsed, cancel)));
        return command;
    }
}
