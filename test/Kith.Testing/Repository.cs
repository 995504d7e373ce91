using System.Reflection;

namespace Kith.Testing;

/// <summary>Where the checkout is that these tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);
}
