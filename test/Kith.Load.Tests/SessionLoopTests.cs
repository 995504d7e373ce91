using Kith.Load.Measures;
using Kith.Load.Sessions;
using Kith.Load.Wire;
using Kith.Load.Workers;

namespace Kith.Load.Tests;

/// <summary>The client engine against real sockets: above all, that it finds what a bad server does.</summary>
public sealed class SessionLoopTests : IDisposable
{
    const ulong ChannelId = 41771983423143937;
    const ushort Run = 0x1234;

    readonly CancellationToken _cancel = TestContext.Current.CancellationToken;
    readonly ScriptedServer _server = new();
    readonly SharedCounters _counters = SharedCounters.Create(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
    SessionLoop? _loop;

    SessionLoop Loop => _loop!;

    public void Dispose()
    {
        _loop?.Dispose();
        _counters.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Everything_once_and_in_order_is_clean()
    {
        using var connection = await Connect(new RawDialect());
        for (uint i = 1; i <= 5; i++) await connection.Say(Message(i), _cancel);
        var report = await Check(5, 5);
        Assert.Equal((1, 0L, 0L, 0L, 0L), (report.Checked, report.Lost, report.Repeats, report.Disorders, report.Strays));
    }

    [Fact]
    public async Task A_lost_message_is_found()
    {
        using var connection = await Connect(new RawDialect());
        foreach (var i in new uint[] { 1, 2, 4, 5 }) await connection.Say(Message(i), _cancel);
        Assert.Equal(1, (await Check(5, 4)).Lost);
    }

    [Fact]
    public async Task A_repeated_message_is_found()
    {
        using var connection = await Connect(new RawDialect());
        foreach (var i in new uint[] { 1, 2, 3, 2 }) await connection.Say(Message(i), _cancel);
        var report = await Check(3, 4);
        Assert.Equal((0L, 1L, 0L), (report.Lost, report.Repeats, report.Disorders));
    }

    [Fact]
    public async Task Messages_that_changed_places_are_found()
    {
        using var connection = await Connect(new RawDialect());
        foreach (var i in new uint[] { 1, 3, 2, 4 }) await connection.Say(Message(i), _cancel);
        var report = await Check(4, 4);
        Assert.Equal((0L, 0L, 1L), (report.Lost, report.Repeats, report.Disorders));
    }

    [Fact]
    public async Task A_message_that_nobody_sent_is_found()
    {
        using var connection = await Connect(new RawDialect());
        for (uint i = 1; i <= 3; i++) await connection.Say(Message(i), _cancel);
        Assert.Equal(1, (await Check(2, 3)).Surplus);
    }

    [Fact]
    public async Task A_message_in_a_channel_that_the_session_may_not_see_is_found()
    {
        using var connection = await Connect(new RawDialect());
        await connection.Say(Message(1).Replace($"{ChannelId}", "99"), _cancel);
        Assert.Equal(1, (await Check(0, 1)).Strays);
    }

    [Fact]
    public async Task Frames_may_come_byte_by_byte_all_at_once_or_in_fragments()
    {
        using var connection = await Connect(new RawDialect());
        foreach (var one in ScriptedConnection.Frame(0x81, Message(1))) await connection.SayBytes(new[] { one }, _cancel);
        await connection.SayBytes(new byte[][] { ScriptedConnection.Frame(0x81, Message(2)), ScriptedConnection.Frame(0x81, Message(3)) }.SelectMany(b => b).ToArray(), _cancel);
        var fourth = Message(4);
        await connection.SayBytes(ScriptedConnection.Frame(0x01, fourth[..10]), _cancel);
        await connection.SayBytes(ScriptedConnection.Frame(0x00, fourth[10..200]), _cancel);
        await connection.SayBytes(ScriptedConnection.Frame(0x80, fourth[200..]), _cancel);
        var report = await Check(4, 4);
        Assert.Equal((1, 0L, 0L, 0L), (report.Checked, report.Lost, report.Repeats, report.Disorders));
    }

    [Fact]
    public async Task A_ping_is_answered_with_its_payload()
    {
        using var connection = await Connect(new RawDialect());
        await connection.SayBytes(ScriptedConnection.Frame(0x89, "still there?"), _cancel);
        Assert.Equal("still there?", await connection.Hear(_cancel));
    }

    [Fact]
    public async Task A_gateway_session_identifies_beats_and_resumes_where_it_was()
    {
        Start(new KithDialect(), reconnects: true);
        using (var first = await _server.Accept(_cancel))
        {
            await Greet(first, heartbeat: 60);
            Assert.Contains("\"op\":2,\"d\":{\"token\":\"a.b.c\"", await first.Hear(_cancel));
            await first.Say("""{"t":"READY","s":1,"op":0,"d":{"session_id":"abc","guilds":[]}}""", _cancel);
            await first.Say(Message(1, sequence: 2), _cancel);
            // The first beat may come before the message is read, and then carries what was read before.
            string beat;
            do
            {
                beat = await first.Hear(_cancel);
                await first.Say("""{"op":11}""", _cancel);
            }
            while (!beat.Contains("\"op\":1,\"d\":2", StringComparison.Ordinal));
        }

        using var second = await _server.Accept(_cancel);
        await Greet(second, heartbeat: 60_000);
        Assert.Equal("""{"op":6,"d":{"token":"a.b.c","session_id":"abc","seq":2}}""", await second.Hear(_cancel));
        await second.Say(Message(2, sequence: 3), _cancel);
        await second.Say("""{"t":"RESUMED","s":4,"op":0,"d":{}}""", _cancel);
        var report = await Check(2, 2);
        Assert.Equal((1, 0, 0L, 0L), (report.Checked, report.Excused, report.Lost, report.SequenceBreaks));
    }

    [Fact]
    public async Task A_refused_resume_identifies_anew_and_excuses_what_was_missed()
    {
        Start(new KithDialect(), reconnects: true);
        using (var first = await _server.Accept(_cancel))
        {
            await Greet(first, heartbeat: 60_000);
            await first.Hear(_cancel);
            await first.Say("""{"t":"READY","s":1,"op":0,"d":{"session_id":"abc"}}""", _cancel);
        }

        using var second = await _server.Accept(_cancel);
        await Greet(second, heartbeat: 60_000);
        Assert.Contains("\"op\":6", await second.Hear(_cancel));
        await second.Say("""{"op":9,"d":false}""", _cancel);
        Assert.Contains("\"op\":2", await second.Hear(_cancel));
        await second.Say("""{"t":"READY","s":1,"op":0,"d":{"session_id":"def"}}""", _cancel);
        await second.Say(Message(2, sequence: 2), _cancel);
        var report = await Check(2, 1);
        Assert.Equal((0, 1, 0L), (report.Checked, report.Excused, report.SequenceBreaks));
    }

    [Fact]
    public async Task A_skipped_sequence_number_is_found()
    {
        Start(new KithDialect(), reconnects: false);
        using var connection = await _server.Accept(_cancel);
        await Greet(connection, heartbeat: 60_000);
        await connection.Hear(_cancel);
        await connection.Say("""{"t":"READY","s":1,"op":0,"d":{"session_id":"abc"}}""", _cancel);
        await connection.Say(Message(1, sequence: 3), _cancel);
        Assert.Equal(1, (await Check(1, 1)).SequenceBreaks);
    }

    [Fact]
    public async Task An_unanswered_heartbeat_ends_the_connection()
    {
        Start(new KithDialect(), reconnects: false);
        using var connection = await _server.Accept(_cancel);
        await Greet(connection, heartbeat: 60);
        await connection.Hear(_cancel);
        await connection.Say("""{"t":"READY","s":1,"op":0,"d":{"session_id":"abc"}}""", _cancel);
        await connection.Hear(_cancel);
        await Assert.ThrowsAnyAsync<IOException>(() => connection.Hear(_cancel));
        Assert.Equal(1, await Loop.Ask(() => Loop.Losses["heartbeat not answered"]));
    }

    async Task<ScriptedConnection> Connect(Dialect dialect)
    {
        Start(dialect, reconnects: false);
        return await _server.Accept(_cancel);
    }

    void Start(Dialect dialect, bool reconnects)
    {
        _loop = new(new(_server.Endpoint, [ChannelId], Run, 0), dialect, _counters.Cell(0)) { Reconnects = reconnects };
        _loop.Start();
        _loop.Post(() => _loop.Add([new("a.b.c", [0], Slow: false)]));
    }

    Task Greet(ScriptedConnection connection, int heartbeat) => connection.Say($$"""{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":{{heartbeat}} } }""", _cancel);

    /// <summary>Waits until so many messages have arrived, then compares them with the first of those that were sent.</summary>
    async Task<CheckReport> Check(uint sent, long received)
    {
        var expected = default(Tally);
        for (uint i = 1; i <= sent; i++) expected.Count(Id(i));
        var drills = new SessionDrills(Loop);
        while (true)
        {
            var report = await Loop.Ask(() => drills.Check([expected])).WaitAsync(TimeSpan.FromSeconds(30), _cancel);
            if (report.Received >= received) return report;
            _cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    static ulong Id(uint number) => 1175928847299117000UL + number;

    static string Message(uint number, uint sequence = 1)
    {
        var nonce = new byte[Stamp.Length];
        new Stamp(Clock.Now, Run, number).Write(nonce);
        return $$$"""{"t":"MESSAGE_CREATE","s":{{{sequence}}},"op":0,"d":{"author":{"id":"5","username":"someone"},"content":"{{{new string('x', 200)}}}","id":"{{{Id(number)}}}","channel_id":"{{{ChannelId}}}","nonce":"{{{System.Text.Encoding.ASCII.GetString(nonce)}}}"}}""";
    }
}
