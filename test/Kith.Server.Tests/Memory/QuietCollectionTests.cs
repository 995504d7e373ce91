using Kith.Testing;

namespace Kith.Server.Tests.Memory;

public sealed class QuietCollectionTests
{
    [Fact]
    public async Task What_a_burst_took_is_given_back_in_the_quiet_that_follows()
    {
        using var data = new TemporaryFolder();
        await using var server = await KithProcess.Serve(data.Path, new Dictionary<string, string> { ["KITH__Logging__Level"] = "Debug" });
        var ann = await server.Anonymous().Register();
        var guild = await ann.CreateGuild();
        var text = new string('x', 2000);
        for (var i = 0; i < 100; i++)
            await ann.Send(guild.General, text);

        // A hundred messages of 2,000 characters a page: some megabytes are allocated for each.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => ann.Api.Get($"/channels/{guild.General}/messages?limit=100")));
        await Deadline.Until(() => Task.FromResult(server.Output), o => o.Contains("back to the system", StringComparison.Ordinal), "a collection in the quiet");
    }
}
