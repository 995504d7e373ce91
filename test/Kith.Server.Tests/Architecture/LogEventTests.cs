using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Kith.Server.Tests.Architecture;

public sealed class LogEventTests
{
    static readonly string[] Assemblies = ["kith", "Kith.Gateway", "Kith.Api", "Kith.Cluster", "Kith.Storage", "Kith.Engine"];

    [Fact]
    public void Every_log_event_has_an_id_of_its_own()
    {
        var events = Assemblies.SelectMany(name => Assembly.Load(name).GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(method => (Method: $"{method.DeclaringType}.{method.Name}", method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(e => e.EventId is not null)
            .ToArray();

        Assert.NotEmpty(events);
        Assert.Empty(events.Where(e => e.EventId <= 0).Select(e => e.Method));
        Assert.Empty(events.GroupBy(e => e.EventId).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(e => e.Method))}"));
    }
}
