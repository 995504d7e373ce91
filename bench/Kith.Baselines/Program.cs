using System.CommandLine;
using Kith.Baselines;
using Kith.Baselines.Raw;
using Kith.Baselines.SignalR;

var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => 0 };
var untilStdinCloses = new Option<bool>("--until-stdin-closes") { Description = "End when standard input ends, so that no server outlives the run that started it." };
var coalesce = new Option<bool>("--coalesce") { Description = "What waits for one connection leaves in one write, instead of one write per event." };
var sweepers = new Option<int>("--sweepers") { Description = "Threads that write events out.", DefaultValueFactory = _ => 1 };

var raw = new Command("raw", "A bare socket broadcaster with zero-byte reads: the floor.") { port, untilStdinCloses, coalesce, sweepers };
raw.SetAction(async (result, cancel) =>
{
    var options = new RawServerOptions(result.GetValue(port), result.GetValue(coalesce), result.GetValue(sweepers));
    using var server = new RawServer(options, TimeProvider.System);
    await Lifetime.Run(server.Port, server.Serve, result.GetValue(untilStdinCloses), cancel);
});

var signalr = new Command("signalr", "An ASP.NET Core SignalR hub with groups, JSON protocol.") { port, untilStdinCloses };
signalr.SetAction(async (result, cancel) =>
{
    await using var server = await SignalRServer.Start(result.GetValue(port), cancel);
    await Lifetime.Run(server.Port, server.Serve, result.GetValue(untilStdinCloses), cancel);
});

var root = new RootCommand("Servers that Kith is measured against. Both answer POST /api/v10/channels/{id}/messages and send the same event as Kith.") { raw, signalr };
return await root.Parse(args).InvokeAsync();
