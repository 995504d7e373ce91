using System.Diagnostics;

namespace Kith.Load.Tests;

/// <summary>Runs kith-load as a user would, with workers and servers in processes of their own. Nothing about times is asserted.</summary>
public sealed class SmokeTests
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_baselines_lose_repeat_and_disorder_nothing()
    {
        var (code, output) = await Run("smoke", "--baselines", Beside("kith-baselines.dll"));
        Assert.True(code == 0, output);
        Assert.Contains("Raw: fanout", output);
        Assert.Contains("SignalR: storm", output);
    }

    [Fact]
    public async Task Kith_loses_repeats_and_disorders_nothing_in_any_scenario()
    {
        var (code, output) = await Run("smoke", "--kith", Beside("kith.dll"));
        Assert.True(code == 0, output);
        foreach (var scenario in new[] { "connect", "fanout", "send", "mixed", "storm", "slow" }) Assert.Contains($"Kith: {scenario}", output);
    }

    [Fact]
    public async Task Other_machines_are_refused()
    {
        var (code, output) = await Run("fanout", "--target", "http://10.1.2.3:80", "--members", "10");
        Assert.Equal(2, code);
        Assert.Contains("10.1.2.3", output);
    }

    static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    static async Task<(int Code, string Output)> Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Beside("kith-load.dll"), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token) + await error;
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
