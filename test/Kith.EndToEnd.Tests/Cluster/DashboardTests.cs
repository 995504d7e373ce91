using System.Text.Json;
using System.Text.RegularExpressions;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Cluster;

/// <summary>deploy/grafana.json, asked of a real Prometheus that watches a cluster with something going on.</summary>
[Collection(SharedCluster.Name)]
public sealed partial class DashboardTests(ClusterFixture fixture, ITestOutputHelper output)
{
    /// <summary>What may be 0 while all is well; everything else must be more than that here.</summary>
    static readonly string[] MayBeZero = ["kith_messages_waiting", "kith_kafka_lag"];

    readonly KithCluster cluster = fixture.Cluster;

    [Fact]
    public async Task Every_expression_of_the_dashboard_has_a_value()
    {
        var expressions = Expressions().ToArray();
        Assert.NotEmpty(expressions);
        // The others limit nobody.
        var strict = await cluster.AddAsync("api", redis: null, ("RateLimits:Enabled", "true"));
        try
        {
            var owner = await cluster.Anonymous().Register();
            var guild = await owner.CreateGuild();
            await using var socket = await fixture.Login(owner, gateway: 0);
            await using var prometheus = await PrometheusServer.StartAsync(cluster.Nodes.Select(n => n.Metrics!));
            var limited = owner with { Api = new ApiClient(strict.Address, owner.Token) };
            foreach (var (title, expression, legend) in expressions)
            {
                var values = await Deadline.Until(
                    async () =>
                    {
                        // Rates are of what goes on between two looks.
                        await owner.Send(guild.General, "something goes on");
                        await limited.Api.Post($"/channels/{guild.General}/messages", new { content = "and on" });
                        return await prometheus.QueryAsync(expression);
                    },
                    found => found.Count > 0 && found.All(s => s.Value > 0 || (s.Value == 0 && MayBeZero.Any(m => expression.Contains(m, StringComparison.Ordinal)))),
                    $"{title}: {expression}", TimeSpan.FromMinutes(1));
                // What the legend names, the series have.
                Assert.All(values, s => Assert.Subset(s.Labels.Keys.ToHashSet(StringComparer.Ordinal), Label().Matches(legend).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal)));
                output.WriteLine($"{title}: {expression} = {string.Join(", ", values.Select(s => $"{string.Join(' ', s.Labels.Values)} {s.Value:0.####}"))}");
            }

            var processes = cluster.Nodes.Count;
            foreach (var up in (string[])["sum(up)", "sum(kith_redis_up)", "sum(kith_zookeeper_up)"])
                await Deadline.Until(() => prometheus.QueryAsync(up), found => found.Count == 1 && found[0].Value == processes, $"{up} is {processes}");
        }
        finally
        {
            await cluster.StopAsync(strict);
        }
    }

    static IEnumerable<(string Title, string Expression, string Legend)> Expressions()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("deploy", "grafana.json")));
        foreach (var panel in dashboard.RootElement.Items("panels"))
        {
            foreach (var target in panel.Items("targets"))
                yield return (panel.Str("title")!, target.Str("expr")!, target.Str("legendFormat") ?? "");
        }
    }

    [GeneratedRegex(@"\{\{\s*(\w+)\s*\}\}")]
    private static partial Regex Label();
}
