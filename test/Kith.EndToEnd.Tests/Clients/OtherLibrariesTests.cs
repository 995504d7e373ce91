using Kith.Testing;

namespace Kith.EndToEnd.Tests.Clients;

/// <summary>The other libraries that client-rules were read from, each once around.</summary>
public sealed class OtherLibrariesTests(KithHost host)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Oceanic_goes_once_around(bool compress)
    {
        var scene = await BotScene.Create(host);
        await scene.Script("oceanic-smoke.js", scene.Settings(host.Address, ("compress", compress))).Run();
    }
}
