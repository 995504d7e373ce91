using System.Text;
using System.Text.Unicode;
using Kith.Gateway.Protocol;

namespace Kith.Gateway.Tests.Protocol;

public sealed class Utf8ProgressTests
{
    [Fact]
    public void Text_cut_anywhere_twice_is_judged_as_the_whole()
    {
        byte[][] texts =
        [
            "plain"u8.ToArray(), "é€😀é€😀"u8.ToArray(), "a😀"u8.ToArray(), [0x41, 0xff], [0xe2, 0x82, 0xac, 0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xc3],
            [0xe2, 0x28, 0xa1], [0xf0, 0x28, 0x8c, 0xbc], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80], [0xc0, 0x80], [0xe0, 0x80, 0xaf], [0xf8, 0x88, 0x80, 0x80],
        ];
        foreach (var text in texts)
        {
            for (var first = 0; first <= text.Length; first++)
            {
                for (var second = first; second <= text.Length; second++)
                {
                    var progress = default(Utf8Progress);
                    var isSound = progress.Append(text.AsSpan(0, first)) && progress.Append(text.AsSpan(first, second - first)) && progress.Append(text.AsSpan(second));
                    Assert.True(Utf8.IsValid(text) == (isSound && progress.IsComplete), $"{Convert.ToHexString(text)} cut at {first} and {second}");
                }
            }
        }
    }

    [Fact]
    public void A_bad_byte_is_found_in_its_own_piece()
    {
        var progress = default(Utf8Progress);
        Assert.True(progress.Append("é"u8[..1]));
        Assert.False(progress.Append(Encoding.ASCII.GetBytes("x")));
    }
}
