using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Kith.Domain;
using Kith.Engine;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Engine.Messages;
using Kith.Engine.Push;
using Kith.Protocol;

namespace Kith.Benchmarks;

/// <summary>
/// A role mention of many who are offline, each with a device at a push service in a process of its own: how long until all are served, and what it does to the latency of
/// sends at a fixed rate in the same guild, counted from when each was due. Spans with and without pushes take turns.
/// </summary>
static class PushBenchmark
{
    const int Rounds = 3;
    const int BatchSize = 1000;

    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(int people, int perSecond, CancellationToken ct)
    {
        await using var service = await PushServiceProcess.StartAsync(ct);
        await using var server = await BenchServer.StartAsync(ct, o => o with { Push = o.Push with { AllowPrivateAddresses = true } });
        var scene = await PrepareAsync(server, service, people, ct);
        await MeasureAsync(server, scene, perSecond, Task.Delay(Quiet, ct), ct);
        Console.WriteLine($"{people} people, {perSecond} sends/s; latency in ms without and with pushes, and their ratio");
        Console.WriteLine("served s  pushes/s  CPU ms/push     p50                  p90                  p99");
        for (var round = 0; round < Rounds; round++)
        {
            var idle = Environment.CpuUsage.TotalTime;
            var without = await MeasureAsync(server, scene, perSecond, Task.Delay(Quiet, ct), ct);
            idle = Environment.CpuUsage.TotalTime - idle;
            var (began, before, cpu) = (Stopwatch.GetTimestamp(), await service.CountAsync(ct), Environment.CpuUsage.TotalTime);
            await scene.SendAsync(scene.Loud, $"<@&{scene.Role}> all hands", ct);
            var served = service.WaitAsync(before + people, ct);
            var with = await MeasureAsync(server, scene, perSecond, served, ct);
            await served;
            var took = Stopwatch.GetElapsedTime(began);
            Report(people, took, Environment.CpuUsage.TotalTime - cpu - (idle * (took / Quiet)), without, with);
        }
    }

    static void Report(int people, TimeSpan took, TimeSpan cpu, List<double> without, List<double> with)
    {
        without.Sort();
        with.Sort();
        string Pair(double share)
        {
            var (calm, busy) = (double.Parse(BenchServer.At(without, share), CultureInfo.InvariantCulture), double.Parse(BenchServer.At(with, share), CultureInfo.InvariantCulture));
            return string.Create(CultureInfo.InvariantCulture, $"{calm,6:0.00} {busy,6:0.00} {busy / calm,5:0.00}");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds,8:0.0}  {people / took.TotalSeconds,8:0}  {cpu.TotalMilliseconds / people,11:0.00}  {Pair(.5)}  {Pair(.9)}  {Pair(.99)}"));
    }

    /// <summary>Latencies of sends at a fixed rate until something has ended.</summary>
    static async Task<List<double>> MeasureAsync(BenchServer server, Scene scene, int perSecond, Task until, CancellationToken ct)
    {
        List<Task<double>> sends = [];
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!until.IsCompleted && await timer.WaitForNextTickAsync(ct))
        {
            while (sends.Count < Stopwatch.GetElapsedTime(began).TotalSeconds * perSecond)
            {
                var due = began + (long)(sends.Count * (Stopwatch.Frequency / (double)perSecond));
                sends.Add(Task.Run(async () =>
                {
                    await scene.SendAsync(scene.Other, "A line of about the length that people write in a chat, not too short.", ct);
                    return Stopwatch.GetElapsedTime(due).TotalMilliseconds;
                }, ct));
            }
        }

        return [.. await Task.WhenAll(sends)];
    }

    static async Task<Scene> PrepareAsync(BenchServer server, PushServiceProcess service, int people, CancellationToken ct)
    {
        var owner = await SampleGuild.UserAsync(server, ct);
        var role = new RoleId(server.Get<SnowflakeGenerator>().Next());
        var guild = await SampleGuild.GuildAsync(server, owner, channels: 2, ct);
        await server.Get<IGuildStore>().ApplyAsync(new GuildChange(guild) { Roles = [new Role { Id = role, Name = "crew", Mentionable = true, Permissions = Permissions.None }] }, ct);
        using var device = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var key = P256.Uncompressed(device.PublicKey.ExportParameters().Q);
        foreach (var batch in Enumerable.Range(0, people).Chunk(BatchSize))
        {
            var users = await Task.WhenAll(batch.Select(_ => SampleGuild.UserAsync(server, ct)));
            await server.Get<IMemberStore>().AddManyAsync([.. users.Select(u => new MemberRecord { GuildId = guild.Id, UserId = u.Id, Roles = [role], JoinedAt = DateTimeOffset.UtcNow })], ct);
            await Task.WhenAll(users.Select(u => SubscribeAsync(server, service, u.Id, key, ct)));
        }

        return new Scene(server, owner, guild.Channels.Keys[0], guild.Channels.Keys[1], role);
    }

    static async Task SubscribeAsync(BenchServer server, PushServiceProcess service, UserId user, byte[] key, CancellationToken ct)
    {
        var ids = server.Get<SnowflakeGenerator>();
        var (session, now) = (new AuthSessionId(ids.Next()), DateTimeOffset.UtcNow);
        await server.Get<IAuthSessionStore>().AddAsync([new AuthSessionRecord { Id = session, UserId = user, CreatedAt = now, LastUsedAt = now }], ct);
        await server.Get<IPushSubscriptionStore>().SaveAsync(new PushSubscription
        {
            Id = new PushSubscriptionId(ids.Next()), UserId = user, SessionId = session, Kind = PushKind.Web, Service = service.Address.Authority,
            Address = new Uri(service.Address, $"/push/{user}").ToString(), PublicKey = key, Secret = RandomNumberGenerator.GetBytes(16), CreatedAt = now,
        }, 10, ct);
    }

    sealed record Scene(BenchServer Server, Principal Owner, ChannelId Loud, ChannelId Other, RoleId Role)
    {
        public async Task SendAsync(ChannelId channel, string text, CancellationToken ct)
        {
            var access = (await Server.Get<Access>().ChannelAsync(Owner, channel, ct, Permissions.SendMessages)).Value;
            _ = (await Server.Get<MessageSender>().SendAsync(access, new MessageCreateForm { Content = text }, ct)).Value;
        }
    }
}
