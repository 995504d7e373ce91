using System.Reflection;
using System.Xml.Linq;
using Kith.Testing;

namespace Kith.Server.Tests.Architecture;

/// <summary>Dependencies between projects run one way, as ARCHITECTURE.md draws them; and what is below names no product.</summary>
public sealed class DependencyTests
{
    /// <summary>What each project may refer to, directly or not.</summary>
    static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Kith.Domain"] = [],
        ["Kith.Protocol"] = ["Kith.Domain"],
        ["Kith.Client"] = ["Kith.Protocol", "Kith.Domain"],
        ["Kith.Engine"] = ["Kith.Protocol", "Kith.Domain"],
        ["Kith.Storage"] = ["Kith.Engine", "Kith.Protocol", "Kith.Domain"],
        ["Kith.Storage.Cassandra"] = ["Kith.Storage", "Kith.Engine", "Kith.Protocol", "Kith.Domain"],
        ["Kith.Cluster"] = ["Kith.Engine", "Kith.Protocol", "Kith.Domain"],
        ["Kith.Api"] = ["Kith.Engine", "Kith.Protocol", "Kith.Domain"],
        ["Kith.Gateway"] = ["Kith.Engine", "Kith.Protocol", "Kith.Domain"],
        ["Kith.Server"] = ["Kith.Gateway", "Kith.Api", "Kith.Cluster", "Kith.Storage.Cassandra", "Kith.Storage", "Kith.Engine", "Kith.Protocol", "Kith.Domain"],
    };

    /// <summary>Drivers and products, by the beginning of their assembly's name, with the only projects that may name them.</summary>
    static readonly Dictionary<string, string[]> Products = new(StringComparer.Ordinal)
    {
        ["Microsoft.Data.Sqlite"] = ["Kith.Storage"],
        ["SQLitePCLRaw"] = ["Kith.Storage"],
        ["Dapper"] = ["Kith.Storage"],
        ["MySql"] = ["Kith.Storage"],
        ["Cassandra"] = ["Kith.Storage.Cassandra"],
        ["AWSSDK"] = ["Kith.Storage"],
        ["StackExchange.Redis"] = ["Kith.Cluster"],
        ["Confluent.Kafka"] = ["Kith.Cluster"],
        ["System.CommandLine"] = ["Kith.Server"],
        ["Spectre.Console"] = ["Kith.Server"],
        ["System.Data.Common"] = ["Kith.Storage"],
    };

    public static TheoryData<string> Projects => [.. Directory.EnumerateDirectories(Repository.PathOf("src")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_is_below_it(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is new: say here and in ARCHITECTURE.md what it may refer to.");
        Assert.Empty(ProjectReferences(project).Concat(AssemblyReferences(project).Where(r => r.StartsWith("Kith.", StringComparison.Ordinal))).Except(allowed!));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_product_is_named_only_by_the_project_that_isolates_it(string project) => Assert.Empty(
        from reference in PackageReferences(project).Concat(AssemblyReferences(project))
        from product in Products
        where reference.StartsWith(product.Key, StringComparison.OrdinalIgnoreCase) && !product.Value.Contains(project)
        select $"{project} names {reference}");

    [Fact]
    public void The_domain_has_no_packages() => Assert.Empty(PackageReferences("Kith.Domain"));

    [Fact]
    public void No_two_projects_refer_to_each_other() => Assert.Empty(
        from one in Allowed
        from other in one.Value
        where Allowed[other].Contains(one.Key)
        select $"{one.Key} and {other}");

    static IEnumerable<string> ProjectReferences(string project) => Items(project, "ProjectReference").Select(Path.GetFileNameWithoutExtension)!;

    static IEnumerable<string> PackageReferences(string project) => Items(project, "PackageReference").Concat(Items(project, "Reference"));

    static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Repository.PathOf("src", project, project + ".csproj")).Descendants(kind).Select(e => e.Attribute("Include")?.Value).OfType<string>();

    /// <summary>What the compiled code really uses, whatever its project says. A project that needs a driver is compiled only where the driver is.</summary>
    static IEnumerable<string> AssemblyReferences(string project) => project == "Kith.Storage.Cassandra" && !File.Exists(Path.Combine(AppContext.BaseDirectory, project + ".dll"))
        ? []
        : Assembly.Load(project == "Kith.Server" ? "kith" : project).GetReferencedAssemblies().Select(a => a.Name!);
}
