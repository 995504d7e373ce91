using Kith.Load.Measures;
using Kith.Load.Reports;
using Kith.Load.Targets;
using Kith.Load.Traffic;
using Kith.Load.Workers;

namespace Kith.Load.Scenarios;

/// <summary>
/// The day of a whole instance in small: large and small servers, DMs, groups, reads as often as writes, acks, typing, mentions, presences, reconnects.
/// </summary>
/// <param name="Users">Accounts.</param>
/// <param name="Online">Share of them that has a session.</param>
/// <param name="Multiple">1 is 580 messages per second: 50 million a day.</param>
/// <param name="ReconnectsPerSecond">Sessions that leave and come back.</param>
internal sealed record Mixed(int Users, double Online, double Multiple, double ReconnectsPerSecond) : Scenario
{
    const double MessagesPerSecond = 580, PresencesPerMessage = 0.1;

    public override string Name => $"mixed, {Users:N0} users at {Multiple:0.##} × {MessagesPerSecond:0}/s";

    public override async Task<RunReport> Run(TargetServer server, CancellationToken cancel)
    {
        var report = new RunReport(Name, server.Target.Kind);
        var town = await Town.Build(server.Worlds, Users, cancel);
        var sessions = town.World.Sessions()[..Math.Max(1, (int)(Users * Online))];
        await using var fleet = await Fleet.Start(server.Target, town.World.ChannelIds, sessions.Length, cancel);
        await using var progress = new Progress("mixed", fleet.Counters);
        report.AddSessions(await fleet.Open(sessions, Pending, reconnects: true, cancel), sessions.Length);
        await Task.Delay(Settle, cancel);
        var idle = server.Probe.Sample();

        var plan = Plan(town);
        var churn = fleet.Churn(ReconnectsPerSecond, PresencesPerMessage * plan.Rate, plan.Until, cancel);
        var (traffic, interval) = await Drive.Traffic(fleet, server, plan, cancel);
        var churned = await churn;
        var check = await Drive.Check(fleet, traffic.Tallies, cancel);
        report.AddTraffic(traffic);
        interval.Report(report, server.Probe.Watching);
        foreach (var kind in Enum.GetValues<OperationKind>()) report.AddLatency(kind == OperationKind.Send ? "POST to reply" : $"{kind} to reply", traffic.Latency(kind));
        report.AddLatency("POST to receipt", check.Latency);
        report.AddLatency("reconnect to READY", churned.TimeToReady);
        if (churned.GivenUp > 0) report.Failures.Add($"{churned.GivenUp} sessions did not come back");
        report.AddCheck(check);
        report.Series["POST to receipt"] = check.Series;
        report.Series["POST to reply"] = traffic.SendSeries;
        await Memory.AfterTraffic(report, server, idle, Settle, cancel);
        return report;
    }

    MixedPlan Plan(Town town)
    {
        var span = Span.FromNow(WarmUp, Duration);
        var rate = MessagesPerSecond * Multiple;
        return new(town.Places(rate), rate, ReadsPerMessage: 1, AcksPerMessage: 0.5)
        {
            Tokens = town.World.Tokens,
            Ids = [.. town.World.Accounts.Select(account => account.Id)],
            Connections = 64,
            From = span.From,
            Warm = span.Warm,
            Until = span.Until,
        };
    }
}

/// <summary>Who knows whom in <see cref="Mixed"/>.</summary>
/// <param name="Large">How many channels, from the first, belong to servers of some size.</param>
/// <param name="Small">How many after them belong to circles of 20 to 50.</param>
/// <param name="Conversations">How many after them are DMs; the rest are groups.</param>
internal sealed record Town(World World, int Large, int Small, int Conversations)
{
    const double SecondsPerDay = 86_400;

    /// <summary>In large servers every member writes once a day, and five times as often in the busiest hour.</summary>
    const double BusyMessagesPerMemberAndDay = 5;

    /// <summary>Large servers of n, n/2, n/3 … members until everyone is in four; a circle, a DM and half a group for each.</summary>
    public static async Task<Town> Build(IWorldBuilder builder, int users, CancellationToken cancel)
    {
        var random = new Random(users);
        var accounts = await builder.CreateAccounts(users, cancel);
        List<int[]> large = [], small = [];
        for (int rank = 1, memberships = 0; memberships < 4 * users && users / rank >= 20; rank++)
        {
            large.Add(Neighbours(random.Next(users), Math.Min(20_000, users / rank), users));
            memberships += large[^1].Length;
        }

        for (var first = 0; first < users; first += small[^1].Length) small.Add(Neighbours(first, Math.Min(random.Next(20, 51), users - first), users));
        var pairs = Enumerable.Range(0, users / 2).Select(i => new[] { 2 * i, (2 * i) + 1 }).ToArray();
        var groups = Enumerable.Range(0, users / 12).Select(_ => Neighbours(random.Next(users), random.Next(3, Math.Min(10, users)), users)).ToArray();
        var channels = await builder.CreateServers(accounts, [.. large, .. small], cancel);
        var conversations = await builder.CreateConversations(accounts, [.. pairs, .. groups], cancel);
        return new(new(accounts, [.. channels, .. conversations]), large.Count, small.Count, pairs.Length);
    }

    /// <summary>Channels with their share of the messages: large servers by their members, and of what is left two fifths in circles, two in DMs, one in groups.</summary>
    /// <param name="rate">Messages per second in all.</param>
    public Place[] Places(double rate)
    {
        double InLarge(Channel channel) => channel.Members.Length * BusyMessagesPerMemberAndDay / SecondsPerDay;
        var rest = Math.Max(rate / 2, rate - World.Channels.Take(Large).Sum(InLarge));
        var groups = World.Channels.Length - Large - Small - Conversations;
        return [.. World.Channels.Select((channel, i) => new Place(i, channel.Members,
            i < Large ? InLarge(channel)
            : i < Large + Small ? rest * 0.4 / Small
            : i < Large + Small + Conversations ? rest * 0.4 / Conversations
            : rest * 0.2 / groups))];
    }

    static int[] Neighbours(int first, int count, int of) => [.. Enumerable.Range(first, count).Select(i => i % of)];
}
