using System.Text;
using Kith.Load.Wire;

namespace Kith.Load.Tests;

public sealed class HttpReplyTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", 429, "hello world")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, "")]
    public void A_reply_is_whole_only_with_its_last_byte(string text, int status, string body)
    {
        var whole = Encoding.ASCII.GetBytes(text);
        for (var length = 0; length < whole.Length; length++) Assert.False(HttpReply.TryRead(whole.AsSpan(0, length).ToArray(), out _));
        Assert.True(HttpReply.TryRead([.. whole, .. "HTTP/1.1 "u8], out var reply));
        Assert.Equal(whole.Length, reply.Length);
        Assert.Equal(status, reply.Status);
        Assert.Equal(body, Encoding.ASCII.GetString(reply.Body));
    }

    [Fact]
    public void What_is_not_HTTP_is_refused() =>
        Assert.Throws<InvalidDataException>(() => HttpReply.TryRead("SSH-2.0-OpenSSH_9.2p1\r\n\r\n"u8.ToArray(), out _));

    [Fact]
    public void A_connection_that_closes_is_recognised()
    {
        Assert.True(HttpReply.TryRead("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), out var reply));
        Assert.True(reply.Closes);
    }
}
