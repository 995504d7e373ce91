using Kith.Engine.Media.Pictures;

namespace Kith.Engine.Tests.Media;

/// <summary>Against what the reference implementation (npm thumbhash 0.1.1) makes of the same pictures.</summary>
public sealed class ThumbHashTests
{
    public static TheoryData<int, int, bool, string> Known => new()
    {
        { 32, 24, false, "3AgOHZpgdodwiIiGiGeIh/OkD/iH" },
        { 24, 32, false, "3PgNHRpgdnCIaIhoiId3iPSjD/d4" },
        { 64, 64, true, "oviFFQwnkIawiIlniLDAC/lngIeAiIh4iA==" },
        { 100, 10, false, "nBgOIZphdndwiGiI0ZQP+Hc=" },
        { 1, 1, false, "AAgCBwAAAAAAAAAAAAAAAAAAAAAAAAAA" },
        { 50, 100, true, "ouiFEw4nkLGod4igsQvpWISHcHiIeIc=" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_picture_has_the_hash_that_the_reference_gives_it(int width, int height, bool transparent, string expected) =>
        Assert.Equal(expected, Convert.ToBase64String(ThumbHash.Encode(width, height, Picture(width, height, transparent))));

    [Fact]
    public void A_picture_larger_than_the_encoding_is_made_for_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => ThumbHash.Encode(101, 1, new byte[404]));

    static byte[] Picture(int width, int height, bool transparent)
    {
        var rgba = new byte[width * height * 4];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = 4 * (x + (y * width));
                rgba[at] = (byte)(x * 255 / width);
                rgba[at + 1] = (byte)(y * 255 / height);
                rgba[at + 2] = (byte)(x * y % 256);
                rgba[at + 3] = transparent ? (byte)((x + y) * 255 / (width + height)) : (byte)255;
            }
        }

        return rgba;
    }
}
