using Kith.Testing;

namespace Kith.Server.Tests.Commands;

/// <summary>Commands of <c>kith</c>, each as a process of its own.</summary>
static class Cli
{
    /// <summary>Must succeed; what it wrote.</summary>
    public static async Task<string> RunAsync(string data, params string[] arguments)
    {
        var (code, output, error) = await KithProcess.Run([.. arguments, "--data", data]);
        if (code != 0) Assert.Fail($"kith {string.Join(' ', arguments)} ended with {code}:\n{output}\n{error}");
        return output;
    }

    /// <summary>Must be refused with the exit code 2 and one line, which is returned.</summary>
    public static async Task<string> RefusedAsync(params string[] arguments)
    {
        var (code, _, error) = await KithProcess.Run(arguments);
        Assert.Equal(2, code);
        return Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
