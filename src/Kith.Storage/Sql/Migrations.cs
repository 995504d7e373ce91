using System.Reflection;

namespace Kith.Storage.Sql;

/// <summary>One numbered file of the folder Migrations. <paramref name="Number"/> is the schema's version once it has run.</summary>
public sealed record Migration(int Number, string Name, string Text)
{
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
            found.Add(new Migration(int.Parse(parts[0][..4]), parts[0], dialect.Translate(reader.ReadToEnd())));
        }

        return [.. found.OrderBy(m => m.Number)];
    }

    /// <summary>Statements without comments, for databases whose commands take one at a time. Migrations have no semicolon or double dash inside a literal.</summary>
    public IEnumerable<string> Statements =>
        string.Join('\n', Text.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)))
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
