using Kith.Load.Measures;
using Kith.Load.Traffic;

namespace Kith.Load.Tests;

public sealed class TrafficTests
{
    static readonly byte[][] s_texts = MessageTexts.OfLength(100, 4, new Random(1));

    [Fact]
    public void A_paced_source_keeps_to_its_times_however_late_it_is_asked()
    {
        var source = new PacedSource(Paced(new Lane[] { new(0, 0), new(1, 0) }, 100), s_texts);
        Assert.False(source.TryNext(999, 0, out _));
        List<Operation> operations = [];
        while (source.TryNext(50_000_000, 0, out var operation)) operations.Add(operation);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => 1000 + (i * 10_000L)), operations.Select(operation => operation.Due));
        Assert.Equal([0, 1, 0, 1], operations.Take(4).Select(operation => operation.Account));
        Assert.True(source.Exhausted(50_000_000));
    }

    [Fact]
    public void A_closed_loop_sends_whenever_its_connection_is_free_until_the_end()
    {
        var source = new ClosedLoopSource(new([new(7, 3), new(8, 4)]) { Tokens = [], Connections = 2, From = 1000, Warm = 1000, Until = 2000 }, s_texts);
        Assert.False(source.TryNext(999, 0, out _));
        Assert.True(source.TryNext(1500, 1, out var operation));
        Assert.Equal((8, 4, 1500L), (operation.Account, operation.Channel, operation.Due));
        Assert.False(source.TryNext(2000, 0, out _));
        Assert.True(source.Exhausted(2000));
    }

    [Fact]
    public void Mixed_traffic_keeps_its_rates_shares_and_members()
    {
        Place[] places = [new(0, [0, 1], 3), new(1, [2, 3, 4], 1)];
        var source = new MixedSource(new(places, 1000, 1, 0.5) { Tokens = [], Connections = 1, From = 0, Warm = 0, Until = 20 * Clock.Second, Seed = 5 }, s_texts);
        List<Operation> operations = [];
        while (source.TryNext(long.MaxValue, 0, out var operation)) operations.Add(operation);
        Assert.InRange(operations.Count(operation => operation.Kind == OperationKind.Send), 19_000, 21_000);
        Assert.InRange(operations.Count(operation => operation.Kind == OperationKind.Read), 19_000, 21_000);
        Assert.InRange(operations.Count(operation => operation.Kind == OperationKind.Ack), 9_300, 10_700);
        Assert.InRange(operations.Count(operation => operation.Channel == 0) / (double)operations.Count, 0.73, 0.77);
        Assert.All(operations, operation => Assert.Contains(operation.Account, places[operation.Channel].Members));
        Assert.All(operations.Where(operation => operation.Mention >= 0), operation => Assert.Contains(operation.Mention, places[operation.Channel].Members));
        Assert.Equal(operations.Select(operation => operation.Due).Order(), operations.Select(operation => operation.Due));
    }

    [Fact]
    public void A_request_is_what_the_API_takes_and_its_length_is_right()
    {
        var plan = Paced([], 1) with { Tokens = ["a.b.c"], Ids = [175928847299117063] };
        var writer = new RequestWriter("127.0.0.1:80", [41771983423143937], plan, 0xABCD);
        var operation = new Operation(OperationKind.Send, 123456789, 0, 0, 1) { Number = 7, Mention = 0 };
        var request = System.Text.Encoding.UTF8.GetString(writer.Write(operation, s_texts, 0));
        var (head, body) = (request[..request.IndexOf("\r\n\r\n", StringComparison.Ordinal)], request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        Assert.StartsWith("POST /api/v10/channels/41771983423143937/messages HTTP/1.1\r\n", head);
        Assert.Contains("Authorization: a.b.c\r\n", head);
        Assert.EndsWith($"Content-Length: {System.Text.Encoding.UTF8.GetByteCount(body)}", head);
        using var json = System.Text.Json.JsonDocument.Parse(body);
        Assert.StartsWith("<@175928847299117063> ", json.RootElement.GetProperty("content").GetString());
        Assert.Equal("0000075bcd15abcd00000007", json.RootElement.GetProperty("nonce").GetString());
    }

    [Fact]
    public void Texts_have_the_length_asked_for() => Assert.All(s_texts, text => Assert.Equal(100, text.Length));

    static PacedPlan Paced(Lane[] lanes, double rate) => new(lanes, rate) { Tokens = [], Connections = 1, From = 1000, Warm = 1000, Until = 2_001_000 };
}
