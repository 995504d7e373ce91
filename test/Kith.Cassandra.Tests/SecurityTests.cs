using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Cassandra;
using Kith.Storage.Cassandra;
using Kith.Storage.Sql;
using Kith.Testing;
using AuthenticationException = System.Security.Authentication.AuthenticationException;

namespace Kith.Cassandra.Tests;

/// <summary>
/// A node that wants a password, knows permissions and speaks TLS: KITH_TEST_CASSANDRA_TLS names one (host:port/datacenter/protocol/user/password/FILE, where the user may do anything and the file has the certificate of who signed the node's).
/// Without it the tests that need one are skipped. What an operator has to mend is told in one line.
/// </summary>
public sealed class SecurityTests(CassandraFixture cassandra, ITestOutputHelper output)
{
    static readonly string[] Node = (Environment.GetEnvironmentVariable("KITH_TEST_CASSANDRA_TLS") ?? "").Split('/', 6);

    CassandraOptions Options
    {
        get
        {
            Assert.SkipWhen(Node.Length < 6, "No Cassandra with a password and TLS: KITH_TEST_CASSANDRA_TLS is not set.");
            return cassandra.Options with
            {
                ContactPoints = Node[0].Split(':')[0], Port = int.Parse(Node[0].Split(':')[1]), LocalDatacenter = Node[1], Protocol = int.Parse(Node[2]), User = Node[3], Password = Node[4], Tls = true,
                Authority = Node[5], Keyspace = cassandra.Keyspace + "_tls",
            };
        }
    }

    [Fact]
    public async Task With_the_password_and_the_authority_all_is_as_with_any_node()
    {
        var options = Options;
        await using var database = new CassandraDatabase(options);
        await database.MigrateAsync(new MySqlLocks(cassandra.MySql), default);
        await database.CheckAsync(default);
        await database.WriteAsync("INSERT INTO last_seen (user_id, seen_at) VALUES (?, ?)", default, 1L, DateTimeOffset.UnixEpoch);
        Assert.Equal(1L, Assert.Single(await database.ReadAsync("SELECT user_id FROM last_seen WHERE user_id = ?", default, 1L)).GetValue<long>(0));
        await database.ExecuteAsync(new SimpleStatement($"DROP KEYSPACE {options.Keyspace}"), default);
    }

    [Fact]
    public async Task Who_may_use_a_keyspace_that_was_made_needs_no_right_to_make_one_and_is_refused_another_in_one_line()
    {
        var (own, name) = (Options with { Keyspace = cassandra.Keyspace + "_own" }, cassandra.Keyspace);
        await using var admin = new CassandraDatabase(own with { Keyspace = "system" });
        async Task RunAsync(string cql) => await admin.ExecuteAsync(new SimpleStatement(cql), default);
        await RunAsync($"CREATE KEYSPACE {own.Keyspace} WITH replication = {{'class': 'SimpleStrategy', 'replication_factor': 1}}");
        await RunAsync($"CREATE USER {name} WITH PASSWORD 'secret' NOSUPERUSER");
        await RunAsync($"GRANT ALL ON KEYSPACE {own.Keyspace} TO {name}");
        try
        {
            var user = own with { User = name, Password = "secret" };
            await using var database = new CassandraDatabase(user);
            await database.MigrateAsync(new MySqlLocks(cassandra.MySql), default);
            await database.CheckAsync(default);
            Assert.StartsWith($"Cassandra refuses this process: User {name} has no CREATE permission", await RefusalAsync(user with { Keyspace = own.Keyspace + "_2" }), StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync($"DROP USER {name}");
            await RunAsync($"DROP KEYSPACE {own.Keyspace}");
        }
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task Who_has_another_password_or_none_is_refused_in_one_line(string password)
    {
        var refusal = await RefusalAsync(Options with { User = password.Length > 0 ? Options.User : "", Password = password });
        Assert.StartsWith("Cassandra refuses this process: ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_whose_certificate_nobody_vouches_for_is_refused_in_one_line()
    {
        using var other = new TemporaryCertificate();
        foreach (var authority in new[] { "", other.ChainFile })
        {
            var refusal = await RefusalAsync(Options with { Authority = authority });
            Assert.Contains("the certificate of the node 127.0.0.1, ", refusal, StringComparison.Ordinal);
            Assert.EndsWith("who signed it is not trusted (Cassandra:Authority)", refusal, StringComparison.Ordinal);
        }
    }

    /// <summary>The certificate is for 127.0.0.1; needs no node.</summary>
    [Theory]
    [InlineData("127.0.0.1", "elsewhere.test", true)]
    [InlineData("127.0.0.99", "127.0.0.1", true)]
    [InlineData("127.0.0.99", "elsewhere.test", false)]
    public void A_certificate_is_for_the_nodes_address_or_a_contact_point(string address, string contactPoints, bool isAccepted)
    {
        using var certificate = new TemporaryCertificate();
        using var shown = X509CertificateLoader.LoadCertificateFromFile(certificate.ChainFile);
        var nodes = NodeCertificates.Read(new CassandraOptions { ContactPoints = contactPoints, Tls = true, Authority = certificate.ChainFile });
        if (isAccepted) Assert.True(nodes.Accepts(address, shown, sent: null, SslPolicyErrors.RemoteCertificateNameMismatch));
        else Assert.EndsWith("is for none of its names", Assert.Throws<AuthenticationException>(() => nodes.Accepts(address, shown, sent: null, SslPolicyErrors.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_TLS_a_node_that_wants_it_is_not_reached_and_one_line_says_where_that_was()
    {
        var refusal = await RefusalAsync(Options with { Tls = false, Authority = "" });
        Assert.StartsWith($"Cassandra cannot be reached at {Options.ContactPoints}, port {Options.Port} (datacenter ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_TLS_a_node_that_does_not_speak_it_is_not_reached_and_one_line_says_where_that_was()
    {
        var refusal = await RefusalAsync(cassandra.Options with { Tls = true });
        Assert.StartsWith($"Cassandra cannot be reached at {cassandra.Options.ContactPoints}, port {cassandra.Options.Port} (datacenter ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_is_no_certificate_is_refused_in_one_line_that_names_the_file()
    {
        using var folder = new TemporaryFolder();
        var (missing, empty, broken) = (Path.Combine(folder.Path, "missing.pem"), Path.Combine(folder.Path, "empty.pem"), Path.Combine(folder.Path, "broken.pem"));
        await File.WriteAllTextAsync(empty, "nothing\n");
        await File.WriteAllTextAsync(broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        foreach (var file in new[] { missing, empty, broken, folder.Path })
        {
            var refusal = await RefusalAsync(cassandra.Options with { Tls = true, Authority = file });
            Assert.StartsWith($"Cassandra:Authority: {file} ", refusal, StringComparison.Ordinal);
        }
    }

    async Task<string> RefusalAsync(CassandraOptions options)
    {
        await using var database = new CassandraDatabase(options);
        var refusal = await Assert.ThrowsAsync<DatabaseRefusedException>(() => database.MigrateAsync(new MySqlLocks(cassandra.MySql), default));
        output.WriteLine(refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal.Message;
    }
}
