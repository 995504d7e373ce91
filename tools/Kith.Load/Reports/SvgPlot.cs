using System.Globalization;
using System.Text;
using Kith.Load.Measures;

namespace Kith.Load.Reports;

/// <summary>Draws latency over time as an SVG: p50, p99 and the highest of each second, on a logarithmic scale.</summary>
internal static class SvgPlot
{
    const int Width = 900, Height = 360, Left = 70, Right = 20, Top = 40, Bottom = 40;

    static readonly (string Name, string Colour, Func<Histogram, long> Of)[] s_lines =
    [
        ("p50", "#2b7bba", second => second.Percentile(0.5)),
        ("p99", "#d9822b", second => second.Percentile(0.99)),
        ("highest", "#b0b0b0", second => second.Highest),
    ];

    public static string Draw(string title, LatencySeries series)
    {
        var seconds = series.Seconds;
        var most = Math.Max(1.0, seconds.Select(second => second.Highest).DefaultIfEmpty(1).Max());
        var decades = (int)Math.Ceiling(Math.Log10(most / 100));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"20\" font-size=\"14\">{System.Security.SecurityElement.Escape(title)}</text>\n");
        DrawScale(svg, Math.Max(1, decades), seconds.Count);
        for (var i = 0; i < s_lines.Length; i++)
        {
            var (name, colour, of) = s_lines[i];
            var points = seconds.Select((second, x) => second.Count == 0 ? null : Point(x, seconds.Count, of(second), Math.Max(1, decades))).Where(point => point is not null);
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" points=\"{string.Join(' ', points)}\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right - 180 + (i * 60)}\" y=\"20\" fill=\"{colour}\">{name}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>The scale begins at 0.1 ms.</summary>
    static void DrawScale(StringBuilder svg, int decades, int seconds)
    {
        for (var decade = 0; decade <= decades; decade++)
        {
            var y = Y(100 * Math.Pow(10, decade), decades);
            var label = (0.1 * Math.Pow(10, decade)).ToString("0.###", CultureInfo.InvariantCulture);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#e4e4e4\"/><text x=\"{Left - 8}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{label} ms</text>\n");
        }

        for (var tick = 0; tick <= 5; tick++)
        {
            var x = Left + ((Width - Left - Right) * tick / 5.0);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{Height - 15}\" text-anchor=\"middle\">{seconds * tick / 5.0:0.#} s</text>\n");
        }
    }

    static string Point(int second, int seconds, long microseconds, int decades)
    {
        var x = Left + ((Width - Left - Right) * (second + 0.5) / seconds);
        return string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{Y(microseconds, decades):0.#}");
    }

    static double Y(double microseconds, int decades)
    {
        var share = Math.Clamp(Math.Log10(Math.Max(100, microseconds) / 100) / decades, 0, 1);
        return Height - Bottom - ((Height - Top - Bottom) * share);
    }
}
