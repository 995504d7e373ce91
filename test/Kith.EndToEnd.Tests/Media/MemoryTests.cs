using System.Globalization;
using System.Net;
using Kith.Domain;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Media;

/// <summary>Memory of the server's process, while many transfer at once. KITH_UPLOADS and KITH_UPLOAD_MIB make it larger: 200 uploads of 25 MiB take minutes.</summary>
public sealed class MemoryTests
{
    static readonly int Uploads = Number("KITH_UPLOADS", 40);
    static readonly int Mib = Number("KITH_UPLOAD_MIB", 10);

    /// <summary>Bytes that one transfer may cost: buffers of sockets, of HTTP, of the form and of the file, and what the collector has not collected. A file in memory would cost ten and more.</summary>
    const long PerTransfer = 4_000_000;

    [Fact]
    public async Task Many_uploads_and_downloads_at_once_cost_a_constant_each()
    {
        using var folder = new TemporaryFolder();
        await using var server = await KithProcess.Serve(
            folder.Path, null, "--set", "RateLimits:Enabled=false", "--set", "Accounts:PasswordIterations=1000", "--set", "Media:KeepFreeBytes=0", "--set", "Web:Enabled=false");
        var user = await server.Anonymous().Register();
        var channel = (await user.CreateGuild()).General;
        // Code, caches and pools as they are once everything was used.
        await UploadAsync(server.Address, user, channel, 1 << 20, seed: 0);
        var before = ResidentBytes(server.Id);
        long most = 0;
        using var watching = new CancellationTokenSource();
        var watch = Task.Run(async () =>
        {
            while (!watching.IsCancellationRequested)
            {
                most = Math.Max(most, ResidentBytes(server.Id));
                await Task.Delay(50);
            }
        });
        await Task.WhenAll(Enumerable.Range(1, Uploads).Select(async i =>
        {
            var url = await UploadAsync(server.Address, user, channel, (long)Mib << 20, i);
            Assert.Equal((long)Mib << 20, await DownloadAsync(url));
        }));
        await watching.CancelAsync();
        await watch;
        var cost = most - before;
        TestContext.Current.SendDiagnosticMessage($"{Uploads} x {Mib} MiB: {before >> 20} MiB before, {most >> 20} MiB at most, {cost / Uploads / 1024} KiB each");
        Assert.True(cost < Uploads * PerTransfer, $"{Uploads} transfers of {Mib} MiB cost {cost >> 20} MiB, {cost / Uploads / 1024} KiB each.");
    }

    static async Task<string> UploadAsync(Uri server, TestUser user, ChannelId channel, long length, int seed)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(20) };
        using var form = new MultipartFormDataContent { { new StreamContent(new NoiseStream(length, seed), 64 * 1024), "files[0]", $"{seed}.bin" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, $"/api/v10/channels/{channel}/messages")) { Content = form };
        request.Headers.TryAddWithoutValidation("Authorization", user.Token);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return System.Text.Json.JsonDocument.Parse(text).RootElement.Url();
    }

    static async Task<long> DownloadAsync(string url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(20) };
        await using var content = await http.GetStreamAsync(url);
        var buffer = new byte[64 * 1024];
        long length = 0;
        int read;
        while ((read = await content.ReadAsync(buffer)) > 0)
            length += read;
        return length;
    }

    static long ResidentBytes(int process) => long.Parse(File.ReadAllText($"/proc/{process}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    static int Number(string variable, int fallback) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : fallback;

    /// <summary>Bytes that are no known type, made as they are read.</summary>
    sealed class NoiseStream(long length, int seed) : Stream
    {
        readonly byte[] block = TestFile.Noise("", 65_536, seed).Content;
        long position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var part = (int)Math.Min(Math.Min(count, block.Length), length - position);
            block.AsSpan(0, part).CopyTo(buffer.AsSpan(offset));
            position += part;
            return part;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
