using Kith.Cluster.InProcess;
using Kith.Contracts.Delivery;
using Kith.Engine.Delivery;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kith.Cluster.Tests.InProcess;

public sealed class InProcessEventLogTests : EventLogContract
{
    protected override async ValueTask<IRunningEventLog> StartAsync(IEventConsumer consumer)
    {
        var log = new InProcessEventLog(() => [consumer], NullLogger<InProcessEventLog>.Instance);
        await log.StartAsync(default);
        return new Running(log);
    }

    sealed class Running(InProcessEventLog log) : IRunningEventLog
    {
        public IEventLog Log => log;

        public async ValueTask DisposeAsync()
        {
            await log.StopAsync(default);
            log.Dispose();
        }
    }
}
