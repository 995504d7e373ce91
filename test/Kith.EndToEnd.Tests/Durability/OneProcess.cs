using Kith.Testing;

namespace Kith.EndToEnd.Tests.Durability;

/// <summary>All of Kith in one process with the embedded store.</summary>
sealed class OneProcess : IVictim, IAsyncDisposable
{
    readonly TemporaryFolder folder = new();
    readonly FrontDoor front;
    KithProcess? process;

    public OneProcess() => front = new FrontDoor(_ => process is { } live ? [live.Address] : []);

    public Uri Address => front.Address;

    public IReadOnlyList<ApiClient> Processes => [process!.Anonymous()];

    public bool OthersGoOn => false;

    public bool MayDieUntold => true;

    public int Rounds => 4;

    public Task KillAsync() => process!.Kill();

    public async Task StartAsync()
    {
        if (process is not null) await process.DisposeAsync();
        process = await KithProcess.Serve(
            folder.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["KITH__Gateway__Url"] = new UriBuilder(Address) { Scheme = "ws" }.Uri.GetLeftPart(UriPartial.Authority) });
    }

    public async Task RestartInOrderAsync()
    {
        Assert.Equal(0, await process!.Terminate());
        await StartAsync();
    }

    public string Output() => process?.Output ?? "";

    public async ValueTask DisposeAsync()
    {
        await front.DisposeAsync();
        if (process is not null) await process.DisposeAsync();
        folder.Dispose();
    }
}
