using System.Net;
using System.Net.Sockets;
using System.Text;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Harness;

public sealed class FaultProxyTests : IAsyncDisposable
{
    readonly TcpListener server = new(IPAddress.Loopback, 0);
    readonly FaultProxy proxy;

    public FaultProxyTests()
    {
        server.Start();
        proxy = new FaultProxy(new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}"));
    }

    [Fact]
    public async Task Bytes_pass_both_ways()
    {
        var (client, accepted) = await Connect();
        await client.GetStream().WriteAsync("ping"u8.ToArray());
        Assert.Equal("ping", await Read(accepted, 4));
        await accepted.GetStream().WriteAsync("pong"u8.ToArray());
        Assert.Equal("pong", await Read(client, 4));
    }

    [Fact]
    public async Task A_cut_resets_both_ends()
    {
        var (client, accepted) = await Connect();
        Assert.Equal(1, proxy.Cut());
        await Assert.ThrowsAsync<IOException>(() => Read(client, 1));
        await Assert.ThrowsAsync<IOException>(() => Read(accepted, 1));
    }

    [Fact]
    public async Task A_hung_link_delivers_nothing_until_it_is_released()
    {
        var (client, accepted) = await Connect();
        proxy.Hang();
        await client.GetStream().WriteAsync("late"u8.ToArray());
        var reading = Read(accepted, 4);
        Assert.False(reading.IsCompleted);
        proxy.Release();
        Assert.Equal("late", await Deadline.For(reading, () => "the held bytes"));
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        server.Dispose();
    }

    async Task<(TcpClient Client, TcpClient Accepted)> Connect()
    {
        var client = new TcpClient();
        await client.ConnectAsync(proxy.Address.Host, proxy.Address.Port);
        return (client, await server.AcceptTcpClientAsync());
    }

    static async Task<string> Read(TcpClient tcp, int count)
    {
        var bytes = new byte[count];
        await tcp.GetStream().ReadExactlyAsync(bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
