using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>One process with the embedded store.</summary>
public sealed class KillTests : KillSuite, IAsyncDisposable
{
    readonly OneProcess process;

    public KillTests(ITestOutputHelper output)
        : this(new OneProcess(), output)
    {
    }

    KillTests(OneProcess process, ITestOutputHelper output)
        : base(process, output) => this.process = process;

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
