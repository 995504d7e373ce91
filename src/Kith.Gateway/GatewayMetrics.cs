using System.Diagnostics.Metrics;
using Kith.Gateway.Transport;

namespace Kith.Gateway;

/// <summary>What the gateway counts, under the meter <c>Kith.Gateway</c>.</summary>
sealed class GatewayMetrics : IDisposable
{
    readonly Meter meter = new("Kith.Gateway");
    readonly Counter<long> events;
    readonly Counter<long> deliveries;
    readonly Counter<long> closes;
    readonly Counter<long> sessions;

    public GatewayMetrics(GatewayTransport transport)
    {
        events = meter.CreateCounter<long>("kith.gateway.events", "{event}", "Events handed to this node, by name: one copy each, whatever the number of its sessions.");
        deliveries = meter.CreateCounter<long>("kith.gateway.deliveries", "{event}", "Events put into sessions' queues.");
        closes = meter.CreateCounter<long>("kith.gateway.closes", "{connection}", "Connections that ended, by code and by who ended them.");
        sessions = meter.CreateCounter<long>("kith.gateway.sessions", "{session}", "Sessions that began.");
        meter.CreateObservableGauge("kith.gateway.connections", () => transport.Connections, "{connection}", "Open sockets.");
        meter.CreateObservableCounter("kith.gateway.sent", () => transport.Loops.Sum(l => l.Counters.BytesSent), "By", "Bytes handed to sockets.");
        meter.CreateObservableCounter("kith.gateway.frames", () => transport.Loops.Sum(l => l.Counters.FramesSent), "{frame}", "Frames handed to sockets.");
        meter.CreateObservableCounter("kith.gateway.received", () => transport.Loops.Sum(l => l.Counters.MessagesReceived), "{payload}", "Payloads that clients sent.");
    }

    public void Began() => sessions.Add(1);

    public void Taken(string name) => events.Add(1, new KeyValuePair<string, object?>("event", name));

    public void Delivered(int reached)
    {
        if (reached > 0) deliveries.Add(reached);
    }

    public void Closed(ConnectionClose close) => closes.Add(1, new KeyValuePair<string, object?>("code", close.Code), new KeyValuePair<string, object?>("by", close.End.ToString()));

    /// <summary>How many there are now, by a function of the gateway.</summary>
    public void ObserveSessions(Func<IEnumerable<Measurement<int>>> count) =>
        meter.CreateObservableGauge("kith.gateway.sessions.held", count, "{session}", "Sessions that live here, with or without a connection, by loop.");

    public void Dispose() => meter.Dispose();
}
