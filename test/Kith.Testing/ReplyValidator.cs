using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kith.Testing;

/// <summary>
/// Checks replies against Discord's published document. One node process for all tests of this process, started when first needed; requests and answers are
/// lines of JSON, matched by number. node, because only npm's ajv knows JSON Schema 2020-12, which OpenAPI 3.1 is.
/// </summary>
public sealed class ReplyValidator
{
    static readonly Lazy<ReplyValidator> Instance = new(static () => new ReplyValidator());

    readonly Process node;
    readonly SemaphoreSlim writing = new(1, 1);
    readonly ConcurrentDictionary<int, TaskCompletionSource<Answer>> waiting = new();
    int last;

    ReplyValidator()
    {
        var folder = Repository.PathOf("test", "Kith.Testing", "validator");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException($"Run `npm ci` in {folder}: the validator's packages are missing.");
        node = Process.Start(new ProcessStartInfo("node", ["validate.js", Repository.PathOf("test", "data", "discord", "openapi.json")])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        }) ?? throw new InvalidOperationException("node did not start.");
        // node ends by itself when its input closes with this process.
        _ = Task.Run(ReadAnswers);
    }

    /// <summary>What is wrong with the reply, one line each; empty where nothing is or the document lacks the operation.</summary>
    public static async Task<IReadOnlyList<string>> Check(string method, string path, int status, string body) =>
        (await Instance.Value.Ask(method, path, status, body)).Errors;

    /// <summary>Whether the document has the operation.</summary>
    public static async Task<bool> Knows(string method, string path) => (await Instance.Value.Ask(method, path, 500, "")).Known;

    async Task<Answer> Ask(string method, string path, int status, string body)
    {
        var id = Interlocked.Increment(ref last);
        var answer = waiting[id] = new TaskCompletionSource<Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var line = JsonSerializer.Serialize(new { id, method, path, status, body });
        await writing.WaitAsync();
        try
        {
            await node.StandardInput.WriteLineAsync(line);
            await node.StandardInput.FlushAsync();
        }
        finally
        {
            writing.Release();
        }

        return await Deadline.For(answer.Task, () => $"the validator's answer for {method} {path}");
    }

    async Task ReadAnswers()
    {
        while (await node.StandardOutput.ReadLineAsync() is { } line)
        {
            var answer = JsonSerializer.Deserialize<Answer>(line, JsonSerializerOptions.Web)!;
            if (waiting.TryRemove(answer.Id, out var source)) source.SetResult(answer);
        }

        foreach (var source in waiting.Values)
            source.TrySetException(new InvalidOperationException("The validator's process has ended; its complaint is on standard error."));
    }

    sealed record Answer(int Id, bool Known, [property: JsonRequired] IReadOnlyList<string> Errors);
}
