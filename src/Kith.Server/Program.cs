using System.CommandLine;
using Kith.Server;

var urls = new Option<string>("--urls") { Description = "Addresses to listen on, separated by semicolons.", DefaultValueFactory = _ => new KithOptions().Urls };
var data = new Option<string>("--data") { Description = "The folder of the embedded store.", DefaultValueFactory = _ => new KithOptions().Data };
var serve = new Command("serve", "Runs the server.") { urls, data };
serve.SetAction(async (parsed, ct) =>
{
    await using var app = KithServer.Build(new KithOptions { Urls = parsed.GetValue(urls)!, Data = parsed.GetValue(data)! });
    await KithServer.RunAsync(app, ct);
    return 0;
});
return await new RootCommand("Kith, a self-hosted chat platform.") { serve }.Parse(args).InvokeAsync();
