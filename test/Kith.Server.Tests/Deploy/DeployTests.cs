using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kith.Server.Configuration;
using Kith.Testing;

namespace Kith.Server.Tests.Deploy;

/// <summary>What deploy/ has is taken by those who are to read it, and names nothing that does not exist.</summary>
public sealed partial class DeployTests
{
    /// <summary>Prints all documents of a YAML file as one JSON array, and fails where a key is there twice.</summary>
    const string YamlToJson = """
        import json, sys, yaml
        class Strict(yaml.SafeLoader): pass
        def mapping(loader, node, deep=False):
            keys = [loader.construct_object(k) for k, _ in node.value if k.tag != 'tag:yaml.org,2002:merge']
            assert len(keys) == len(set(keys)), f'a key is there twice: {keys}'
            loader.flatten_mapping(node)
            return {loader.construct_object(k, True): loader.construct_object(v, True) for k, v in node.value}
        Strict.add_constructor('tag:yaml.org,2002:map', mapping)
        print(json.dumps(list(yaml.load_all(open(sys.argv[1]), Strict))))
        """;

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Repository.PathOf("deploy"), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.PathOf("."), f))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_option_that_is_named_exists(string file)
    {
        var text = await File.ReadAllTextAsync(Repository.PathOf(file));
        var known = OptionProperty.All.Select(o => o.EnvironmentVariable).ToHashSet(StringComparer.Ordinal);
        Assert.Subset(known, Variable().Matches(text).Select(m => m.Value).ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("kith.service")]
    [InlineData("kith@.service")]
    public async Task Systemd_takes_its_units(string unit)
    {
        using var folder = new TemporaryFolder();
        var text = await File.ReadAllTextAsync(Repository.PathOf("deploy", "systemd", unit));
        var name = unit.Replace("@", "@api", StringComparison.Ordinal);
        // The program is not installed here.
        await File.WriteAllTextAsync(Path.Combine(folder.Path, name), text.Replace("/opt/kith/kith", "/bin/true", StringComparison.Ordinal));
        var (code, output) = await RunAsync("systemd-analyze", "verify", "--man=no", Path.Combine(folder.Path, name));
        Assert.True(code == 0 && !output.Contains(name, StringComparison.Ordinal), output);
    }

    [Fact]
    public async Task Nginx_takes_its_site()
    {
        using var folder = new TemporaryFolder();
        var site = Repository.PathOf("deploy", "nginx.conf");
        var path = Path.Combine(folder.Path, "nginx.conf");
        await File.WriteAllTextAsync(path, $"pid {folder.Path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\ninclude {site};\n}}\n");
        var (code, output) = await RunAsync("nginx", "-t", "-c", path, "-p", folder.Path, "-e", Path.Combine(folder.Path, "error.log"));
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Of_each_role_the_cluster_has_a_deployment_whose_selectors_and_references_fit()
    {
        var documents = await ReadYamlAsync("deploy/kubernetes/kith.yaml");
        Assert.All(documents, d => Assert.True(d.TryGetProperty("apiVersion", out _) && d.GetProperty("metadata").TryGetProperty("name", out _)));
        var deployments = documents.Where(d => d.Str("kind") == "Deployment").ToArray();
        foreach (var role in new[] { "api", "gateway", "delivery", "notify" })
            Assert.Contains(deployments, d => d.GetProperty("metadata").Str("name") == $"kith-{role}" && d.GetRawText().Contains($"\"--roles\", \"{role}\"", StringComparison.Ordinal));
        var labels = deployments.Select(d => d.GetProperty("spec").GetProperty("template").GetProperty("metadata").GetProperty("labels").GetRawText()).ToArray();
        Assert.All(deployments, d => Assert.Contains(d.GetProperty("spec").GetProperty("selector").GetProperty("matchLabels").GetRawText(), labels));
        Assert.All(documents.Where(d => d.Str("kind") == "Service"), d => Assert.Contains(d.GetProperty("spec").GetProperty("selector").GetRawText(), labels));
    }

    [Fact]
    public async Task The_compose_file_has_every_role_and_system_and_depends_on_what_it_has()
    {
        var services = (await ReadYamlAsync("deploy/compose.yaml"))[0].GetProperty("services");
        var names = services.EnumerateObject().Select(s => s.Name).ToArray();
        Assert.Empty(new[] { "api", "gateway", "delivery", "notify", "nginx", "mariadb", "redis", "kafka", "zookeeper", "minio" }.Except(names));
        foreach (var service in services.EnumerateObject())
        {
            Assert.True(service.Value.TryGetProperty("image", out _), service.Name);
            if (service.Value.TryGetProperty("depends_on", out var needed)) Assert.Empty(needed.EnumerateArray().Select(n => n.GetString()!).Except(names));
        }
    }

    [Fact]
    public async Task With_Cassandra_every_role_is_told_of_it_and_waits_for_what_there_is()
    {
        var added = (await ReadYamlAsync("deploy/compose.cassandra.yaml"))[0].GetProperty("services");
        var names = (await ReadYamlAsync("deploy/compose.yaml"))[0].GetProperty("services").EnumerateObject().Concat(added.EnumerateObject()).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var role in new[] { "api", "gateway", "delivery", "notify" })
        {
            var service = added.GetProperty(role);
            Assert.Contains(service.GetProperty("environment").Str("KITH__Cassandra__ContactPoints")!, names);
            Assert.Empty(service.GetProperty("depends_on").EnumerateArray().Select(n => n.GetString()!).Except(names));
        }
    }

    static async Task<IReadOnlyList<JsonElement>> ReadYamlAsync(string file)
    {
        var (code, output) = await RunAsync("/usr/bin/python3", "-c", YamlToJson, Repository.PathOf(file));
        Assert.True(code == 0, output);
        return JsonDocument.Parse(output).RootElement.Items();
    }

    static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        await run.WaitForExitAsync();
        return (run.ExitCode, await output + await errors);
    }

    [GeneratedRegex("KITH__[A-Za-z0-9_]+")]
    private static partial Regex Variable();
}
