using System.Buffers.Text;
using System.Text;
using Kith.Load.Wire;

namespace Kith.Load.Traffic;

/// <summary>Writes requests into one buffer. The result is valid until the next.</summary>
internal sealed class RequestWriter(string host, ulong[] channels, TrafficPlan plan, ushort run)
{
    // A text has up to 4,000 characters, of 4 bytes at worst.
    readonly byte[] _buffer = new byte[32 << 10];
    readonly byte[] _host = Encoding.ASCII.GetBytes($" HTTP/1.1\r\nHost: {host}\r\n");
    readonly byte[][] _authorizations = [.. plan.Tokens.Select(token => Encoding.ASCII.GetBytes(token.Length == 0 ? "" : $"Authorization: {token}\r\n"))];
    int _length;

    /// <param name="newest">Id of the newest message known in the channel.</param>
    public ReadOnlySpan<byte> Write(in Operation operation, IReadOnlyList<byte[]> texts, ulong newest)
    {
        _length = 0;
        Add(operation.Kind == OperationKind.Read ? "GET /api/v10/channels/"u8 : "POST /api/v10/channels/"u8);
        Add(channels[operation.Channel]);
        switch (operation.Kind)
        {
            case OperationKind.Send:
                Add("/messages"u8);
                Head(operation.Account, "{\"content\":\"\",\"nonce\":\"\"}".Length + MentionLength(operation) + texts[operation.Text].Length + Stamp.Length);
                Message(operation, texts[operation.Text]);
                break;
            case OperationKind.Read:
                Add("/messages?limit=50"u8);
                Head(operation.Account, -1);
                break;
            case OperationKind.Ack:
                Add("/messages/"u8);
                Add(newest);
                Add("/ack"u8);
                Head(operation.Account, 2);
                Add("{}"u8);
                break;
            case OperationKind.Typing:
                Add("/typing"u8);
                Head(operation.Account, 0);
                break;
        }

        return _buffer.AsSpan(0, _length);
    }

    /// <param name="body">Bytes of the body; below 0 the request has none.</param>
    void Head(int account, int body)
    {
        Add(_host);
        Add(_authorizations[account]);
        if (body > 0) Add("Content-Type: application/json\r\n"u8);
        if (body >= 0)
        {
            Add("Content-Length: "u8);
            Add((ulong)body);
            Add("\r\n"u8);
        }

        Add("\r\n"u8);
    }

    void Message(in Operation operation, byte[] text)
    {
        Add("{\"content\":\""u8);
        if (operation.Mention >= 0)
        {
            Add("<@"u8);
            Add(plan.Ids[operation.Mention]);
            Add("> "u8);
        }

        Add(text);
        Add("\",\"nonce\":\""u8);
        new Stamp(operation.Due, run, operation.Number).Write(_buffer.AsSpan(_length, Stamp.Length));
        _length += Stamp.Length;
        Add("\"}"u8);
    }

    int MentionLength(in Operation operation) =>
        operation.Mention < 0 ? 0 : "<@> ".Length + plan.Ids[operation.Mention].ToString(System.Globalization.CultureInfo.InvariantCulture).Length;

    void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    void Add(ulong number)
    {
        if (!Utf8Formatter.TryFormat(number, _buffer.AsSpan(_length), out var written)) throw new InvalidOperationException("A request outgrew its buffer.");
        _length += written;
    }
}
