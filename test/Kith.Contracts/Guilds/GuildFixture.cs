using Kith.Domain;
using Kith.Engine.Guilds;
using Kith.Engine.Guilds.Invites;
using Kith.Protocol;

namespace Kith.Contracts.Guilds;

/// <summary>The stores of guilds over one database.</summary>
public sealed record GuildStores(IGuildStore Guilds, IMemberStore Members, IBanStore Bans, IInviteStore Invites, IAuditLogStore AuditLog, IDeletedChannelStore Deleted);

/// <summary>Guilds and members for the contract suites: each test makes its own, so adapters may share one database among all tests.</summary>
static class GuildFixture
{
    public const int NoLimit = int.MaxValue;

    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, 890, TimeSpan.Zero);

    public static long NextId() => TestIds.Next();

    public static UserId NewUser() => new(NextId());

    public static RoleId NewRole() => new(NextId());

    public static MemberRecord Member(GuildId guild, UserId user, params RoleId[] roles) => new() { GuildId = guild, UserId = user, JoinedAt = Now, Roles = roles };

    public static ChannelRecord Channel(GuildId guild, string name = "general") =>
        new() { Id = new ChannelId(NextId()), Type = ChannelType.GuildText, GuildId = guild, Name = name };

    public static AuditLogEntry Entry(GuildId guild, UserId user, AuditLogAction action = AuditLogAction.GuildUpdate, long? target = null) => new()
    {
        Id = new AuditLogEntryId(NextId()), GuildId = guild, UserId = user, ActionType = action, TargetId = target is { } id ? new AuditTargetId(id) : null,
    };

    public static InviteRecord Invite(GuildSnapshot guild, int maxUses = 0, DateTimeOffset? expires = null) => new()
    {
        Code = $"c{NextId()}", GuildId = guild.Id, ChannelId = guild.ChannelsInOrder[0].Id, InviterId = guild.Guild.OwnerId, CreatedAt = Now, MaxUses = maxUses, ExpiresAt = expires,
    };

    /// <summary>A guild with @everyone, #general and its owner.</summary>
    public static async Task<GuildSnapshot> CreateAsync(this GuildStores stores, params Role[] roles)
    {
        var (id, owner) = (new GuildId(NextId()), NewUser());
        var everyone = new Role { Id = new RoleId(id.Value), Name = "@everyone", Permissions = Permissions.DefaultEveryone };
        var guild = new GuildSnapshot(new GuildRecord { Id = id, Name = "Guild", OwnerId = owner, Version = 1 }, [everyone, .. roles], [Channel(id)]);
        Xunit.Assert.True(await stores.Guilds.CreateAsync(guild, Member(id, owner), NoLimit, default));
        return guild;
    }

    public static async Task<GuildSnapshot> LoadAsync(this GuildStores stores, GuildId id)
    {
        var guild = await stores.Guilds.LoadAsync(id, default);
        Xunit.Assert.NotNull(guild);
        return guild;
    }

    public static async Task JoinAsync(this GuildStores stores, MemberRecord member) =>
        Xunit.Assert.Equal(Admission.Added, await stores.Members.AddAsync(member, NoLimit, [], default));
}
