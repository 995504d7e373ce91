using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Gateway.Tests.Sessions;

public sealed class ReceiptTests(KithHost host) : IClassFixture<KithHost>
{
    [Fact]
    public async Task A_message_is_delivered_once_a_heartbeat_covers_it()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        var dm = await ann.OpenDm(ben.Id);
        await using var annProbe = await GatewayProbe.Login(ann);
        await using var benProbe = await GatewayProbe.Login(ben);
        await ann.Send(dm, "one");
        var two = await ann.Send(dm, "two");
        await benProbe.Wait("MESSAGE_CREATE", m => m.Str("content") == "two");
        annProbe.AssertNone("CHANNEL_RECEIPT_UPDATE");

        await benProbe.Heartbeat();
        var receipt = await annProbe.Next("CHANNEL_RECEIPT_UPDATE");
        Assert.Equal((dm.ToString(), ben.Id.ToString(), two.Str("id")), (receipt.Str("channel_id"), receipt.Str("user_id"), receipt.Str("delivered_message_id")));
        Assert.Null(receipt.Str("read_message_id"));
        // One's own messages are no receipt of anything.
        await annProbe.Heartbeat();
        await ben.Send(dm, "end");
        await benProbe.Wait("MESSAGE_CREATE", m => m.Str("content") == "end");
        benProbe.AssertNone("CHANNEL_RECEIPT_UPDATE");
    }

    [Fact]
    public async Task A_number_that_was_never_sent_delivers_nothing()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        var dm = await ann.OpenDm(ben.Id);
        await using var annProbe = await GatewayProbe.Login(ann);
        await using var benProbe = await GatewayProbe.Login(ben);
        await benProbe.Heartbeat(1_000_000);
        await ann.Send(dm, "one");
        await benProbe.Wait("MESSAGE_CREATE");
        annProbe.AssertNone("CHANNEL_RECEIPT_UPDATE");
        await benProbe.Heartbeat();
        await annProbe.Next("CHANNEL_RECEIPT_UPDATE");
    }

    [Fact]
    public async Task Resuming_confirms_what_came_before_the_cut()
    {
        var (ann, ben) = (await host.Register(), await host.Register());
        var dm = await ann.OpenDm(ben.Id);
        await using var annProbe = await GatewayProbe.Login(ann);
        await using var benProbe = await GatewayProbe.Login(ben);
        var sent = await ann.Send(dm, "one");
        await benProbe.Wait("MESSAGE_CREATE");
        benProbe.Abort();
        await using var again = await GatewayProbe.Connect(host.Address);
        await again.Resume(ben.Token, benProbe.SessionId, benProbe.LastSequence!.Value);
        await again.Wait("RESUMED");
        Assert.Equal(sent.Str("id"), (await annProbe.Next("CHANNEL_RECEIPT_UPDATE")).Str("delivered_message_id"));
    }
}
