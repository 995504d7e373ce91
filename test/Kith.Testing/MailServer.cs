using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kith.Testing;

/// <summary>A mail that was taken.</summary>
public sealed record ReceivedMail(string From, string To, IReadOnlyDictionary<string, string> Headers, string Text);

/// <summary>An SMTP server (RFC 5321) on a port of 127.0.0.1: takes every mail, or refuses recipients with what a test says.</summary>
public sealed class MailServer : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource end = new();
    readonly ConcurrentQueue<ReceivedMail> mails = new();
    readonly Task serving;

    public MailServer()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public IReadOnlyList<ReceivedMail> Mails => [.. mails];

    /// <summary>What a recipient is refused with, such as "550 No such user"; null takes all.</summary>
    public string? Refusal { get; set; }

    /// <summary>Recipients that were refused.</summary>
    public int Refused { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await serving;
        end.Dispose();
    }

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The test has ended.
        }
    }

    async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        var (from, to) = ("", "");
        while (await reader.ReadLineAsync(end.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "MAIL":
                    from = Address(line);
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "RCPT" when Refusal is { } refusal:
                    Refused++;
                    await writer.WriteLineAsync(refusal);
                    break;
                case "RCPT":
                    to = Address(line);
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    mails.Enqueue(await ReadMailAsync(reader, from, to));
                    await writer.WriteLineAsync("250 taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }

    async Task<ReceivedMail> ReadMailAsync(StreamReader reader, string from, string to)
    {
        List<string> lines = [];
        while (await reader.ReadLineAsync(end.Token) is { } line and not ".")
            lines.Add(line.StartsWith('.') ? line[1..] : line);
        var blank = lines.IndexOf("");
        var headers = string.Join('\n', lines[..blank]).Replace("\n ", " ", StringComparison.Ordinal).Split('\n').Select(h => h.Split(": ", 2))
            .ToDictionary(h => h[0], h => h[^1], StringComparer.OrdinalIgnoreCase);
        var body = string.Join('\n', lines[(blank + 1)..]);
        return new ReceivedMail(from, to, headers, headers.GetValueOrDefault("Content-Transfer-Encoding") == "base64" ? Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal))) : body);
    }

    static string Address(string line) => line[(line.IndexOf('<') + 1)..line.IndexOf('>')];
}
