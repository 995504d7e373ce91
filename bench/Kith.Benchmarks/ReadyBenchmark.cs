using System.Diagnostics;
using Kith.Engine;
using Kith.Engine.Messages;
using Kith.Engine.Unread;

namespace Kith.Benchmarks;

/// <summary>The part of READY that grows: unread marks and mentions over 1,000 channels, half of them with something new, cold and warm.</summary>
static class ReadyBenchmark
{
    const int Guilds = 100;
    const int ChannelsEach = 10;
    const int Samples = 50;

    public static async Task RunAsync(CancellationToken ct)
    {
        await using var server = await BenchServer.StartAsync(ct);
        var (me, other) = (await SampleGuild.UserAsync(server, ct), await SampleGuild.UserAsync(server, ct));
        var (access, sender) = (server.Get<Access>(), server.Get<MessageSender>());
        for (var g = 0; g < Guilds; g++)
        {
            var guild = await SampleGuild.GuildAsync(server, other, ChannelsEach, ct);
            await server.Get<Kith.Engine.Guilds.IMemberStore>().AddManyAsync([new() { GuildId = guild.Id, UserId = me.Id, JoinedAt = DateTimeOffset.UtcNow }], ct);
            foreach (var channel in guild.Channels.Keys.Take(ChannelsEach / 2))
            {
                var allowed = (await access.ChannelAsync(other, channel, ct)).Value;
                await sender.SendAsync(allowed, new MessageCreateForm { Content = $"<@{me.Id}> look, @everyone" }, ct);
            }
        }

        List<double> samples = [];
        for (var i = 0; i < Samples; i++)
        {
            var at = Stopwatch.GetTimestamp();
            var state = await server.Get<UnreadMarks>().ReadStateAsync(me.Id, ct);
            samples.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            if (state.Entries.Sum(e => e.MentionCount) != Guilds * ChannelsEach / 2) throw new InvalidOperationException($"{state.Entries.Sum(e => e.MentionCount)} mentions were counted.");
        }

        Console.WriteLine($"read state of {Guilds} guilds, {Guilds * ChannelsEach} channels: first {samples[0]:0.00} ms");
        samples.Sort();
        Console.WriteLine($"then p50 {BenchServer.At(samples, .5)} ms, p99 {BenchServer.At(samples, .99)} ms");
    }
}
