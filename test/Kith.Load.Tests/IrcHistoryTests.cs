using Kith.Load.Traffic;

namespace Kith.Load.Tests;

public sealed class IrcHistoryTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("kith-load-tests").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Days_are_laid_on_top_of_each_other_in_order_of_time()
    {
        File.WriteAllText(Path.Combine(_folder, "2006-06-08.txt"), "=== ann has joined\n[06:18] <ann> hello\n[06:18] <bob> ann: hi\n[06:20] <ann>   \n[06:21] <ann> bye\n[06:22]  * ann waves\n");
        File.WriteAllText(Path.Combine(_folder, "2006-06-09.txt"), "[06:19] <Bob> carl: is he known?\n");
        var history = IrcHistory.Read(_folder, 5);
        Assert.Equal(["2006-06-08", "2006-06-09"], history.Days);
        Assert.Equal(2, history.Nicks);
        Assert.Equal(
            [
                new(22_680, 0, 0, -1, "hello"),
                new(22_710, 0, 1, 0, "hi"),
                new(22_740, 1, 1, -1, "carl: is he known?"),
                new(22_860, 0, 0, -1, "bye"),
            ],
            history.Lines);
        Assert.Equal([[0, 1], [1]], history.Speakers);
    }

    [Fact]
    public void A_folder_without_logs_is_refused() => Assert.Throws<ArgumentException>(() => IrcHistory.Read(_folder, 1));
}
