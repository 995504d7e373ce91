using System.Diagnostics;
using System.Text.Json;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.Cluster.Tests.Push;

/// <summary>npm's http_ece, web-push and jws, asked through test/push/webpush.js.</summary>
static class WebPushReference
{
    /// <summary>The answers to questions of the form (what, arguments), in one run of Node.js.</summary>
    public static async Task<IReadOnlyList<JsonElement>> Ask(params (string What, object? Args)[] questions)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["webpush.js"])
        {
            WorkingDirectory = Repository.PathOf("test", "push"), RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        }) ?? throw new InvalidOperationException("node did not start.");
        var (answers, complaints) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(questions.Select(q => new[] { q.What, q.Args }), Wire.Options));
        node.StandardInput.Close();
        await node.WaitForExitAsync().WaitAsync(Deadline.Default);
        if (node.ExitCode != 0) Assert.Fail($"webpush.js: {await complaints}");
        return JsonDocument.Parse(await answers).RootElement.Items();
    }

    public static async Task<JsonElement> Ask(string what, object? args = null) => (await Ask((what, args)))[0];
}
