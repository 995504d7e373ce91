using Kith.Load.Sockets;

namespace Kith.Load.Tests;

public sealed class LoopbackTargetTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("ws://localhost:81", "127.0.0.1:81")]
    [InlineData("http://127.3.2.1", "127.3.2.1:80")]
    public void This_machine_may_be_loaded(string url, string endpoint) => Assert.Equal(endpoint, LoopbackTarget.Parse(url).ToString());

    [Theory]
    [InlineData("http://example.com")]
    [InlineData("http://10.0.0.1:80")]
    [InlineData("http://128.0.0.1")]
    [InlineData("https://127.0.0.1")]
    [InlineData("nonsense")]
    public void No_other_machine_may_be(string url) => Assert.Throws<ArgumentException>(() => LoopbackTarget.Parse(url));

    [Fact]
    public void Clients_have_addresses_of_their_own_in_127()
    {
        var sources = Enumerable.Range(0, 60_000).Select(LoopbackTarget.Source).ToHashSet();
        Assert.Equal(60_000, sources.Count);
        Assert.All(sources, source => Assert.Equal(127u, source >> 24));
        Assert.DoesNotContain(0x7F000001u, sources);
        Assert.All(sources, source => Assert.InRange(source & 0xff, 1u, 254u));
    }
}
