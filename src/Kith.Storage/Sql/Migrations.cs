using System.Globalization;
using System.Reflection;

namespace Kith.Storage.Sql;

/// <summary>
/// One numbered file of the folder Migrations. Numbers grow in the order in which files land, and a file that has landed does not change: some database has run it.
/// <para>
/// Its first line says beside which processes it may run, now and from then on: <c>-- beside: all</c> where it only adds what older ones need not know; <c>-- beside: none</c> where it takes away or
/// changes what they use; <c>-- beside: 0071</c> where those that know migration 71 no longer use it. So what is to go is left alone by one release, and taken away by a later one.
/// </para>
/// </summary>
/// <param name="Number">The schema's version once it has run.</param>
/// <param name="Beside">The oldest schema that a process may know which runs beside it: 0 for any, its own number for none.</param>
public sealed record Migration(int Number, string Name, string Text, int Beside)
{
    const string Header = "-- beside: ";

    /// <summary>All for this dialect in order. A file <c>NNNN_name.sqlite.sql</c> is for one dialect only, <c>NNNN_name.sql</c> for both.</summary>
    public static IReadOnlyList<Migration> For(SqlDialect dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        const string prefix = "Kith.Storage.Sql.Migrations.";
        List<Migration> found = [];
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var parts = resource[prefix.Length..].Split('.');
            if (parts.Length == 3 && parts[1] != dialect.Name) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var (number, text) = (int.Parse(parts[0][..4], CultureInfo.InvariantCulture), reader.ReadToEnd());
            found.Add(new Migration(number, parts[0], dialect.Translate(text), BesideOf(number, text)));
        }

        return [.. found.OrderBy(m => m.Number)];
    }

    /// <summary>The newest schema that this program knows.</summary>
    public static int NewestFor(SqlDialect dialect) => For(dialect)[^1].Number;

    /// <summary>Statements without comments, for databases whose commands take one at a time. Migrations have no semicolon or double dash inside a literal.</summary>
    public IEnumerable<string> Statements =>
        string.Join('\n', Text.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)))
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    static int BesideOf(int number, string text)
    {
        var first = text.AsSpan(0, text.IndexOf('\n', StringComparison.Ordinal)).TrimEnd();
        if (!first.StartsWith(Header, StringComparison.Ordinal)) throw new InvalidOperationException($"Migration {number} does not begin with \"{Header}\".");
        return first[Header.Length..] switch
        {
            "all" => 0,
            "none" => number,
            var oldest => int.Parse(oldest, NumberStyles.None, CultureInfo.InvariantCulture),
        };
    }
}
