namespace Kith.Engine.Media.Pictures;

/// <summary>
/// Encodes a small picture into about 25 bytes from which clients draw a blurred preview (Evan Wallace's ThumbHash, version 1): a few terms of a cosine transform of
/// brightness, of two differences of colour and of opacity.
/// </summary>
static class ThumbHash
{
    /// <summary>Pixels a side that the encoding is made for.</summary>
    public const int MaxSide = 100;

    /// <param name="rgba">Four bytes a pixel, opacity last and not multiplied in.</param>
    public static byte[] Encode(int width, int height, ReadOnlySpan<byte> rgba)
    {
        if (width > MaxSide || height > MaxSide || rgba.Length != width * height * 4) throw new ArgumentException("Not a picture of this size.", nameof(rgba));
        var planes = Planes.Of(width, height, rgba);
        var limit = planes.HasAlpha ? 5 : 7;
        var longer = Math.Max(width, height);
        var columns = Math.Max(1, (int)Math.Round((double)limit * width / longer, MidpointRounding.AwayFromZero));
        var rows = Math.Max(1, (int)Math.Round((double)limit * height / longer, MidpointRounding.AwayFromZero));
        var l = Channel.Of(planes.L, width, height, Math.Max(3, columns), Math.Max(3, rows));
        var p = Channel.Of(planes.P, width, height, 3, 3);
        var q = Channel.Of(planes.Q, width, height, 3, 3);
        var a = planes.HasAlpha ? Channel.Of(planes.A, width, height, 5, 5) : null;

        var isLandscape = width > height;
        var header = Round(63 * l.Dc) | (Round(31.5 + (31.5 * p.Dc)) << 6) | (Round(31.5 + (31.5 * q.Dc)) << 12) | (Round(31 * l.Scale) << 18) | (planes.HasAlpha ? 1 << 23 : 0);
        var shape = (isLandscape ? rows : columns) | (Round(63 * p.Scale) << 3) | (Round(63 * q.Scale) << 9) | (isLandscape ? 1 << 15 : 0);
        List<byte> hash = [(byte)header, (byte)(header >> 8), (byte)(header >> 16), (byte)shape, (byte)(shape >> 8)];
        if (a is not null) hash.Add((byte)(Round(15 * a.Dc) | (Round(15 * a.Scale) << 4)));
        Channel[] channels = a is null ? [l, p, q] : [l, p, q, a];
        var half = false;
        foreach (var term in channels.SelectMany(c => c.Ac))
        {
            var nibble = Round(15 * term);
            if (half) hash[^1] |= (byte)(nibble << 4);
            else hash.Add((byte)nibble);
            half = !half;
        }

        return [.. hash];
    }

    static int Round(double value) => (int)Math.Round(value, MidpointRounding.AwayFromZero);

    /// <summary>Brightness, yellow against blue, red against green, opacity; what shows through is the average colour.</summary>
    sealed record Planes(double[] L, double[] P, double[] Q, double[] A, bool HasAlpha)
    {
        public static Planes Of(int width, int height, ReadOnlySpan<byte> rgba)
        {
            var count = width * height;
            double red = 0, green = 0, blue = 0, opacity = 0;
            for (var i = 0; i < count; i++)
            {
                var alpha = rgba[(i * 4) + 3] / 255.0;
                red += alpha / 255 * rgba[i * 4];
                green += alpha / 255 * rgba[(i * 4) + 1];
                blue += alpha / 255 * rgba[(i * 4) + 2];
                opacity += alpha;
            }

            if (opacity > 0) (red, green, blue) = (red / opacity, green / opacity, blue / opacity);
            var planes = new Planes(new double[count], new double[count], new double[count], new double[count], opacity < count);
            for (var i = 0; i < count; i++)
            {
                var alpha = rgba[(i * 4) + 3] / 255.0;
                var r = (red * (1 - alpha)) + (alpha / 255 * rgba[i * 4]);
                var g = (green * (1 - alpha)) + (alpha / 255 * rgba[(i * 4) + 1]);
                var b = (blue * (1 - alpha)) + (alpha / 255 * rgba[(i * 4) + 2]);
                planes.L[i] = (r + g + b) / 3;
                planes.P[i] = ((r + g) / 2) - b;
                planes.Q[i] = r - g;
                planes.A[i] = alpha;
            }

            return planes;
        }
    }

    /// <summary>The mean, and the terms scaled to 0 to 1 around a half.</summary>
    sealed record Channel(double Dc, double[] Ac, double Scale)
    {
        public static Channel Of(double[] plane, int width, int height, int columns, int rows)
        {
            double dc = 0, scale = 0;
            List<double> ac = [];
            for (var cy = 0; cy < rows; cy++)
            {
                for (var cx = 0; cx * rows < columns * (rows - cy); cx++)
                {
                    var term = Term(plane, width, height, cx, cy);
                    if (cx == 0 && cy == 0)
                    {
                        dc = term;
                        continue;
                    }

                    ac.Add(term);
                    scale = Math.Max(scale, Math.Abs(term));
                }
            }

            return new Channel(dc, [.. ac.Select(term => scale > 0 ? 0.5 + (0.5 / scale * term) : 0)], scale);
        }

        static double Term(double[] plane, int width, int height, int cx, int cy)
        {
            double sum = 0;
            for (var y = 0; y < height; y++)
            {
                var vertical = Math.Cos(Math.PI / height * cy * (y + 0.5));
                for (var x = 0; x < width; x++)
                    sum += plane[x + (y * width)] * Math.Cos(Math.PI / width * cx * (x + 0.5)) * vertical;
            }

            return sum / (width * height);
        }
    }
}
