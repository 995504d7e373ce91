using System.Diagnostics;
using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Engine.Tests.Delivery;

public sealed class TracingTests
{
    [Fact]
    public void Where_nobody_listens_nothing_is_made()
    {
        // The framework has one for each request, chosen or not.
        using var request = new Activity("request").Start();
        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 1000; n++)
            Step();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Null(new Event { Name = "X", Audience = new Audience.OfUsers(new UserId(1)), Data = default }.Trace);
    }

    static void Step()
    {
        Tracing.Begin("step")?.Dispose();
        Tracing.Continue("step", Tracing.Current)?.Dispose();
    }

    [Fact]
    public void An_event_keeps_the_step_that_made_it()
    {
        using var listener = new ActivityListener { ShouldListenTo = s => s.Name == "test", Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        Event made;
        using (var request = source.StartActivity("request"))
        {
            made = new Event { Name = "X", Audience = new Audience.OfUsers(new UserId(1)), Data = default };
            Assert.Equal(request!.Id, made.Trace);
        }

        Assert.Null(Tracing.Current);
        Assert.Equal(made.Trace, made.In(made.Trace).Trace);
        Assert.Null(made.In(null).Trace);
    }
}
