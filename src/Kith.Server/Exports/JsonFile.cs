using System.Text.Encodings.Web;
using System.Text.Json;
using Kith.Protocol;

namespace Kith.Server.Exports;

/// <summary>Writes JSON to a file as it comes, never holding more than a few items. Only its owner may read it.</summary>
static class JsonFile
{
    /// <summary>Bytes that may wait in memory.</summary>
    const int Buffer = 65_536;

    static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync<T>(string path, T value, CancellationToken ct) => WriteAsync(path, async writer =>
    {
        JsonSerializer.Serialize(writer, value, Wire.Options);
        await writer.FlushAsync(ct);
    });

    /// <summary>An array, of pages that are asked for one after the other until one is empty; returns how many items there were.</summary>
    public static async Task<int> WriteArrayAsync<T>(string path, Func<T?, Task<IReadOnlyList<T>>> pageAfter, CancellationToken ct)
        where T : class
    {
        var count = 0;
        await WriteAsync(path, async writer =>
        {
            writer.WriteStartArray();
            for (var page = await pageAfter(null); page.Count > 0; page = await pageAfter(page[^1]))
            {
                foreach (var item in page)
                {
                    JsonSerializer.Serialize(writer, item, Wire.Options);
                    if (writer.BytesPending > Buffer) await writer.FlushAsync(ct);
                }

                count += page.Count;
            }

            writer.WriteEndArray();
        });
        return count;
    }

    static async Task WriteAsync(string path, Func<Utf8JsonWriter, Task> write)
    {
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        await using var writer = new Utf8JsonWriter(file, Readable);
        await write(writer);
    }
}
