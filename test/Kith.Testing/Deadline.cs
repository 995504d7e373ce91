namespace Kith.Testing;

/// <summary>How long a test waits for what must come. Far above what it takes on a loaded machine: reaching it is a failure, never a measurement.</summary>
public static class Deadline
{
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    /// <summary>Waits, and says what was missing when it does not come.</summary>
    public static async Task<T> For<T>(Task<T> task, Func<string> what, TimeSpan? within = null)
    {
        try
        {
            return await task.WaitAsync(within ?? Default);
        }
        catch (TimeoutException e) when (!task.IsCompleted)
        {
            throw new TimeoutException($"Nothing within {(within ?? Default).TotalSeconds:0} s: {what()}", e);
        }
    }

    public static Task For(Task task, Func<string> what, TimeSpan? within = null) => For(Finish(task), what, within);

    /// <summary>Asks again until the answer satisfies; for state that no event announces. 10 ms between questions.</summary>
    public static async Task<T> Until<T>(Func<Task<T>> ask, Func<T, bool> satisfied, string what, TimeSpan? within = null)
    {
        using var end = new CancellationTokenSource(within ?? Default);
        while (true)
        {
            var answer = await ask();
            if (satisfied(answer)) return answer;
            if (end.IsCancellationRequested) throw new TimeoutException($"Not within {(within ?? Default).TotalSeconds:0} s: {what}; last: {answer}");
            await Task.Delay(10);
        }
    }

    static async Task<bool> Finish(Task task)
    {
        await task;
        return true;
    }
}
