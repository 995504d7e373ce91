using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Kith.Benchmarks;

var micro = new Command("micro", "Encoding, delivery to rings, permissions: time and allocations of single operations.");
micro.SetAction(_ =>
{
    // In process: the projects' settings forbid the throw-away project that would be built otherwise.
    var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    BenchmarkRunner.Run([typeof(EncodingBenchmarks), typeof(PermissionBenchmarks)], config);
});

var sends = new Command("sends", "Durable sends per second through the engine at 1, 16 and 256 concurrent senders.");
var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 5 };
sends.Add(seconds);
sends.SetAction((parsed, ct) => SendBenchmark.RunAsync(TimeSpan.FromSeconds(parsed.GetValue(seconds)), ct));

var pages = new Command("pages", "A page of 50 with so many messages in the store.");
var sizes = new Option<int[]>("--messages") { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [10_000, 1_000_000] };
pages.Add(sizes);
pages.SetAction((parsed, ct) => PageBenchmark.RunAsync(parsed.GetValue(sizes)!, ct));

var ready = new Command("ready", "What READY reads for a user in 100 servers of 10 channels.");
ready.SetAction((_, ct) => ReadyBenchmark.RunAsync(ct));

var startup = new Command("startup", "Time from start to readiness of the server's binary, and its memory when idle.");
startup.SetAction((_, ct) => StartupBenchmark.RunAsync(ct));

var push = new Command("push", "A role mention of many who are offline: time until all are pushed to, and what it does to sends.");
var people = new Option<int>("--people") { DefaultValueFactory = _ => 10_000 };
var rate = new Option<int>("--rate") { DefaultValueFactory = _ => 50 };
push.Add(people);
push.Add(rate);
push.SetAction((parsed, ct) => PushBenchmark.RunAsync(parsed.GetValue(people), parsed.GetValue(rate), ct));

var pushService = new Command("push-service", "The push service of the benchmark push, which starts it.") { Hidden = true };
pushService.SetAction((_, ct) => PushServiceProcess.ServeAsync(ct));

var cluster = new Command("cluster", "The latency of messages that cross processes, and of those that do not, at a fixed rate.");
var load = new Option<string>("--load") { Description = "Path of the program kith-load.", DefaultValueFactory = _ => "tools/Kith.Load/bin/Release/net10.0/kith-load" };
var perSecond = new Option<int>("--rate") { DefaultValueFactory = _ => 580 };
var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3 };
cluster.Add(load);
cluster.Add(perSecond);
cluster.Add(rounds);
var kafka = new Option<string?>("--kafka") { Description = "Brokers, such as kafka1:9092. Without, librdkafka's mock, which is slow by design." };
cluster.Add(kafka);
cluster.SetAction((parsed, ct) => new ClusterBenchmark(parsed.GetValue(load)!, parsed.GetValue(perSecond), parsed.GetValue(kafka)).RunAsync(parsed.GetValue(rounds), ct));

return await new RootCommand("Kith's benchmarks; see docs/performance.md.") { micro, sends, pages, ready, startup, push, pushService, cluster }.Parse(args).InvokeAsync();
