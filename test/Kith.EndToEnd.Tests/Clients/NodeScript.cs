using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Clients;

/// <summary>Runs a script of test/clients, which drives a foreign client library and asks this side to do what its bot cannot.</summary>
sealed class NodeScript(string name, object settings)
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly Dictionary<string, Func<JsonElement, Task<object?>>> actions = new(StringComparer.Ordinal);
    readonly StringBuilder output = new();

    /// <summary>What the script may ask for.</summary>
    public NodeScript On(string action, Func<JsonElement, Task<object?>> handle)
    {
        actions[action] = handle;
        return this;
    }

    /// <summary>Something whose result the script does not need.</summary>
    public NodeScript Do(string action, Func<JsonElement, Task> act) => On(action, async args =>
    {
        await act(args);
        return null;
    });

    /// <summary>Returns when the script has ended well; fails with what it wrote otherwise.</summary>
    public async Task Run()
    {
        using var node = Process.Start(new ProcessStartInfo("node", [name, JsonSerializer.Serialize(settings, Wire.Options)])
        {
            WorkingDirectory = Repository.PathOf("test", "clients"),
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        }) ?? throw new InvalidOperationException("node did not start.");
        try
        {
            await Task.WhenAll(Serve(node), Collect(node.StandardError), node.WaitForExitAsync()).WaitAsync(Patience);
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }

        if (node.ExitCode != 0) Assert.Fail($"{name} ended with {node.ExitCode}:\n{output}");
    }

    async Task Serve(Process node)
    {
        while (await node.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('@')) await Answer(JsonDocument.Parse(line[1..]).RootElement, node.StandardInput);
            else Keep(line);
        }
    }

    async Task Answer(JsonElement request, StreamWriter answers)
    {
        object answer;
        try
        {
            answer = new { id = request.Int("id"), result = await actions[request.Str("do")!](request.GetProperty("args")) };
        }
        catch (Exception e)
        {
            Keep(e.ToString());
            answer = new { id = request.Int("id"), error = e.Message };
        }

        await answers.WriteLineAsync(JsonSerializer.Serialize(answer, Wire.Options));
        await answers.FlushAsync();
    }

    async Task Collect(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            Keep(line);
    }

    void Keep(string line)
    {
        lock (output) output.AppendLine(line);
    }
}
