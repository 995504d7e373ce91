using BenchmarkDotNet.Attributes;
using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Benchmarks;

/// <summary>A member's permissions in a channel: 20 roles in the guild, 5 held, 10 overwrites.</summary>
[MemoryDiagnoser]
public class PermissionBenchmarks
{
    GuildSnapshot guild = null!;
    ChannelRecord channel = null!;
    MemberRecord member = null!;

    [GlobalSetup]
    public void Setup()
    {
        var id = new GuildId(1000);
        Role[] roles = [.. Enumerable.Range(0, 20).Select(i => new Role { Id = new RoleId(1000 + i), Name = $"role {i}", Permissions = Permissions.DefaultEveryone, Position = i })];
        PermissionOverwrite[] overwrites = [.. Enumerable.Range(0, 10).Select(i => new PermissionOverwrite(new OverwriteId(1000 + i), OverwriteType.Role, Permissions.ViewChannel, Permissions.AttachFiles))];
        channel = new ChannelRecord { Id = new ChannelId(5000), GuildId = id, Type = ChannelType.GuildText, Name = "general", Overwrites = overwrites };
        guild = new GuildSnapshot(new GuildRecord { Id = id, Name = "guild", OwnerId = new UserId(1) }, roles, [channel]);
        member = new MemberRecord { GuildId = id, UserId = new UserId(2), JoinedAt = DateTimeOffset.UnixEpoch, Roles = new[] { 1001L, 1003, 1005, 1007, 1009 }.Select(r => new RoleId(r)).ToArray() };
    }

    [Benchmark]
    public Permissions InChannel() => guild.PermissionsIn(channel, member, DateTimeOffset.UnixEpoch);
}
