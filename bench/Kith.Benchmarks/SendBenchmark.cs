using System.Diagnostics;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Messages;

namespace Kith.Benchmarks;

/// <summary>Durable sends: permission check, mentions, group commit with sync, event published; without HTTP.</summary>
static class SendBenchmark
{
    public static async Task RunAsync(TimeSpan duration, CancellationToken ct)
    {
        await using var server = await BenchServer.StartAsync(ct);
        var (owner, channel) = await SampleGuild.CreateAsync(server, ct);
        var (access, sender) = (server.Get<Access>(), server.Get<MessageSender>());
        Console.WriteLine("senders  sends/s  p50 ms  p99 ms");
        foreach (var senders in new[] { 1, 16, 256 })
        {
            await SendAsync(senders, TimeSpan.FromSeconds(1));
            var (latencies, elapsed) = await SendAsync(senders, duration);
            latencies.Sort();
            Console.WriteLine($"{senders,7}  {latencies.Count / elapsed.TotalSeconds,7:0}  {BenchServer.At(latencies, .5),6}  {BenchServer.At(latencies, .99),6}");
        }

        async Task<(List<double> Latencies, TimeSpan Elapsed)> SendAsync(int senders, TimeSpan length)
        {
            var began = Stopwatch.GetTimestamp();
            var all = await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(() => SendLoopAsync(began, length), ct)));
            return ([.. all.SelectMany(l => l)], Stopwatch.GetElapsedTime(began));
        }

        async Task<List<double>> SendLoopAsync(long began, TimeSpan length)
        {
            List<double> latencies = [];
            while (Stopwatch.GetElapsedTime(began) < length)
            {
                var at = Stopwatch.GetTimestamp();
                var allowed = (await access.ChannelAsync(owner, channel, ct, Permissions.SendMessages)).Value;
                _ = (await sender.SendAsync(allowed, new MessageCreateForm { Content = "A line of about the length that people write in a chat, not too short." }, ct)).Value;
                latencies.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }

            return latencies;
        }
    }
}
