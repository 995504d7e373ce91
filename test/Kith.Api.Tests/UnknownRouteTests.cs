using Kith.Protocol;
using Kith.Testing;

namespace Kith.Api.Tests;

public sealed class UnknownRouteTests(KithHost host)
{
    [Theory]
    [InlineData("/no/such/route")]
    [InlineData("/users/1/2/3/4")]
    public async Task An_unknown_route_answers_404_with_a_body_that_clients_can_read(string path) =>
        (await host.Anonymous().Get(path)).Refused(ErrorCode.NotFound);

    [Fact]
    public async Task A_wrong_method_answers_405_with_a_body_that_clients_can_read() =>
        (await host.Anonymous().Send(HttpMethod.Delete, "/gateway")).Refused(ErrorCode.MethodNotAllowed);

    [Fact]
    public async Task Every_api_path_exists_under_v9_as_well()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/api/v9/gateway"));
        Assert.StartsWith("ws://", (await host.Anonymous().Send(request)).Ok().Str("url"), StringComparison.Ordinal);
    }
}
