using Kith.Testing;

namespace Kith.Cluster.Tests;

public sealed class BlockingCallsTests
{
    [Fact]
    public async Task Disposed_of_again_after_its_thread_has_ended_it_does_what_it_was_asked_for_and_no_more()
    {
        var calls = new BlockingCalls("test");
        var thread = await calls.RunAsync(() => Thread.CurrentThread);
        calls.Dispose();
        Assert.True(thread.Join(Deadline.Default));
        calls.Dispose();
    }
}
