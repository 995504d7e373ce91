using Kith.Testing;

// One server for all tests that need nothing special.
[assembly: AssemblyFixture(typeof(KithHost))]
