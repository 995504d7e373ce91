using System.Diagnostics;
using Kith.Domain;
using Kith.Engine.Messages;

namespace Kith.Benchmarks;

/// <summary>A page of 50 of one channel, at its end and in its middle, while the store grows; one channel in ten gets every second message, as in life.</summary>
static class PageBenchmark
{
    const int Channels = 10;
    const int Batch = 5000;
    const int Samples = 400;

    public static async Task RunAsync(IReadOnlyList<int> sizes, CancellationToken ct)
    {
        await using var server = await BenchServer.StartAsync(ct);
        var store = server.Get<IMessageStore>();
        var ids = server.Get<SnowflakeGenerator>();
        var channels = Enumerable.Range(0, Channels).Select(_ => new ChannelId(ids.Next())).ToArray();
        // One id a millisecond from a year back on: as many messages as are wanted without waiting for the clock.
        var next = Snowflake.AtTime(DateTimeOffset.UtcNow.AddYears(-1));
        List<MessageId> busiest = [];
        var stored = 0;
        Console.WriteLine("messages  newest p50 ms  p99 ms  middle p50 ms  p99 ms  file MB");
        foreach (var size in sizes.Order())
        {
            for (; stored < size; stored += Batch)
                await store.InsertAsync([.. Enumerable.Range(0, Batch).Select(_ => Make())], ct);
            var newest = await MeasureAsync(_ => new MessageId(long.MaxValue));
            var middle = await MeasureAsync(i => busiest[(int)((long)i * 7919 % busiest.Count)]);
            var file = new FileInfo(Path.Combine(server.Folder, "kith.db")).Length >> 20;
            Console.WriteLine($"{size,8}  {BenchServer.At(newest, .5),13}  {BenchServer.At(newest, .99),6}  {BenchServer.At(middle, .5),13}  {BenchServer.At(middle, .99),6}  {file,7}");
        }

        MessageRecord Make()
        {
            var id = new MessageId(next += 1L << Snowflake.TimestampShift);
            var channel = channels[next % 2 == 0 && (next >> Snowflake.TimestampShift) % 2 == 0 ? 0 : (int)((next >> Snowflake.TimestampShift) % Channels)];
            if (channel == channels[0]) busiest.Add(id);
            return new MessageRecord { Id = id, ChannelId = channel, AuthorId = new UserId(1), Content = "A line of about the length that people write in a chat, not too short.", Timestamp = Snowflake.TimestampOf(id.Value) };
        }

        async Task<List<double>> MeasureAsync(Func<int, MessageId> anchor)
        {
            List<double> samples = new(Samples);
            for (var i = 0; i < Samples; i++)
            {
                var at = Stopwatch.GetTimestamp();
                var page = await store.PageAsync(channels[0], PageDirection.Before, anchor(i), 50, ct);
                samples.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                if (page.Count > 50) throw new InvalidOperationException("A page is too long.");
            }

            samples.Sort();
            return samples;
        }
    }
}
