namespace Kith.Engine.Media;

/// <summary>A file that came with a message.</summary>
/// <param name="Number">n of <c>files[n]</c>, by which the message's <c>attachments</c> name it.</param>
public sealed record UploadedFile(long Number, string Filename, IncomingFile File);

/// <summary>What came in one body; all of it is gone when disposed, but for what was taken over.</summary>
public sealed class UploadedFiles : IDisposable
{
    readonly List<UploadedFile> files = [];

    public static UploadedFiles None { get; } = new();

    /// <summary>In the order of their numbers.</summary>
    public IEnumerable<UploadedFile> InOrder => files.OrderBy(f => f.Number);

    public int Count => files.Count;

    public bool Has(long number) => files.Exists(f => f.Number == number);

    public void Add(UploadedFile file) => files.Add(file);

    public void Dispose()
    {
        foreach (var file in files)
            file.File.Dispose();
    }
}
