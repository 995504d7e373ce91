using Kith.Testing;

// One server for all tests of this assembly: users and guilds do not see each other. A test that needs options or a clock of its own starts its own.
[assembly: AssemblyFixture(typeof(KithHost))]
