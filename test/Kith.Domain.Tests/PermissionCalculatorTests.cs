using FsCheck;
using FsCheck.Fluent;

namespace Kith.Domain.Tests;

using static Permissions;

public sealed class PermissionCalculatorTests
{
    static readonly GuildId Guild = new(1);
    static readonly UserId Member = new(10);
    static readonly RoleId A = new(100), B = new(101), C = new(102);

    /// <summary>Each row: what the guild gives, overwrites of @everyone, role A, role B and the member (allow, deny), and what comes of it.</summary>
    public static TheoryData<string, Permissions, PermissionOverwrite[], Permissions> Cases => new()
    {
        { "nothing said", ViewChannel | SendMessages, [], ViewChannel | SendMessages },
        { "everyone is denied", ViewChannel | SendMessages, [Role(1, None, SendMessages)], ViewChannel },
        { "everyone is allowed", ViewChannel, [Role(1, SendMessages, None)], ViewChannel | SendMessages },
        { "a role allows what everyone is denied", ViewChannel | SendMessages, [Role(1, None, SendMessages), Role(A, SendMessages, None)], ViewChannel | SendMessages },
        { "of two roles the one that allows wins", ViewChannel | SendMessages, [Role(A, SendMessages, None), Role(B, None, SendMessages)], ViewChannel | SendMessages },
        { "a role that one does not have is not asked", ViewChannel | SendMessages, [Role(C, None, ViewChannel)], ViewChannel | SendMessages },
        { "the member's denial beats a role's allowance", ViewChannel | SendMessages, [Role(A, SendMessages, None), Own(None, SendMessages)], ViewChannel },
        { "the member's allowance beats a role's denial", ViewChannel, [Role(A, None, SendMessages), Own(SendMessages, None)], ViewChannel | SendMessages },
        { "another member's overwrite is not asked", ViewChannel | SendMessages, [Other(None, ViewChannel)], ViewChannel | SendMessages },
        { "who cannot see can do nothing", ViewChannel | SendMessages | ManageMessages, [Role(1, None, ViewChannel)], None },
        { "who cannot send cannot send in special ways", ViewChannel | SendMessages | AttachFiles | EmbedLinks | MentionEveryone | SendTtsMessages | ReadMessageHistory,
            [Role(A, None, SendMessages)], ViewChannel | ReadMessageHistory },
        { "an administrator sees all, whatever is denied", All, [Role(1, None, ViewChannel), Own(None, ViewChannel)], All },
        { "administrator cannot be given by an overwrite", ViewChannel, [Own(Administrator, None)], ViewChannel | Administrator },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Overwrites_apply_in_the_order_that_Discord_documents(string name, Permissions inGuild, PermissionOverwrite[] overwrites, Permissions expected) =>
        Assert.True(expected == PermissionCalculator.InChannel(inGuild, Guild, Member, [A, B], overwrites), name);

    [Fact]
    public void The_owner_has_everything_without_any_role() => Assert.Equal(All, PermissionCalculator.Base(isOwner: true, None, []));

    [Fact]
    public void One_role_with_administrator_gives_everything() => Assert.Equal(All, PermissionCalculator.Base(isOwner: false, None, [ViewChannel, Administrator]));

    [Fact]
    public void Roles_add_up_with_everyone() =>
        Assert.Equal(ViewChannel | SendMessages | BanMembers, PermissionCalculator.Base(isOwner: false, ViewChannel, [SendMessages, BanMembers | ViewChannel]));

    [Theory]
    [InlineData(All, All)]
    [InlineData(ViewChannel | ReadMessageHistory | SendMessages | ManageGuild | KickMembers, ViewChannel | ReadMessageHistory)]
    [InlineData(SendMessages, None)]
    public void A_timeout_leaves_seeing_and_reading_save_to_administrators(Permissions before, Permissions after) =>
        Assert.Equal(after, PermissionCalculator.UnderTimeout(before));

    [Fact]
    public void Every_bit_of_the_default_for_everyone_has_a_meaning() => Assert.Equal(DefaultEveryone, DefaultEveryone & All);

    [Fact]
    public void The_order_of_roles_and_overwrites_does_not_matter() => Prop.ForAll(Situations(), situation =>
        Compute(situation) == Compute(situation with { Roles = [.. situation.Roles.Reverse()], Overwrites = [.. situation.Overwrites.Reverse()] })
            && PermissionCalculator.Base(false, situation.Everyone, situation.RolePermissions) == PermissionCalculator.Base(false, situation.Everyone, [.. situation.RolePermissions.Reverse()]))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void The_result_is_that_of_the_published_pseudocode() => Prop.ForAll(Situations(), situation => Compute(situation) == Published(situation)).QuickCheckThrowOnFailure();

    [Fact]
    public void Administrator_has_all_whatever_the_overwrites() => Prop.ForAll(Situations(), situation =>
        Compute(situation with { Everyone = situation.Everyone | Administrator }) == All).QuickCheckThrowOnFailure();

    [Fact]
    public void Without_sight_there_is_nothing() => Prop.ForAll(Situations(), situation =>
        Compute(situation) is var result && (result == None || result.HasFlag(ViewChannel))).QuickCheckThrowOnFailure();

    static PermissionOverwrite Role(long id, Permissions allow, Permissions deny) => new(new OverwriteId(id), OverwriteType.Role, allow, deny);

    static PermissionOverwrite Role(RoleId id, Permissions allow, Permissions deny) => Role(id.Value, allow, deny);

    static PermissionOverwrite Own(Permissions allow, Permissions deny) => new(new OverwriteId(Member.Value), OverwriteType.Member, allow, deny);

    static PermissionOverwrite Other(Permissions allow, Permissions deny) => new(new OverwriteId(Member.Value + 1), OverwriteType.Member, allow, deny);

    sealed record Situation(Permissions Everyone, Permissions[] RolePermissions, RoleId[] Roles, PermissionOverwrite[] Overwrites);

    static Permissions Compute(Situation s) =>
        PermissionCalculator.InChannel(PermissionCalculator.Base(false, s.Everyone, s.RolePermissions), Guild, Member, s.Roles, s.Overwrites);

    /// <summary>compute_base_permissions and compute_overwrites of Discord's documentation, line by line, then the implicit denials of the same page.</summary>
    static Permissions Published(Situation s)
    {
        var permissions = s.RolePermissions.Aggregate(s.Everyone, (all, role) => all | role);
        if (permissions.HasFlag(Administrator)) return All;
        var byId = s.Overwrites.ToDictionary(o => o.Id.Value);
        if (byId.TryGetValue(Guild.Value, out var everyone))
        {
            permissions &= ~everyone.Deny;
            permissions |= everyone.Allow;
        }

        var (allow, deny) = (None, None);
        foreach (var role in s.Roles)
        {
            if (!byId.TryGetValue(role.Value, out var overwrite)) continue;
            allow |= overwrite.Allow;
            deny |= overwrite.Deny;
        }

        permissions &= ~deny;
        permissions |= allow;
        if (byId.TryGetValue(Member.Value, out var own))
        {
            permissions &= ~own.Deny;
            permissions |= own.Allow;
        }

        if (!permissions.HasFlag(ViewChannel)) return None;
        return permissions.HasFlag(SendMessages) ? permissions
            : permissions & ~(MentionEveryone | SendTtsMessages | AttachFiles | EmbedLinks | SendVoiceMessages | SendPolls);
    }

    static Arbitrary<Situation> Situations()
    {
        // Few bits, so that they meet; administrator seldom.
        var bits = Gen.Choose(0, 63).Select(b => (Permissions)(ulong)b).Select(Spread);
        var overwrite = from id in Gen.Elements(Guild.Value, A.Value, B.Value, C.Value, Member.Value, Member.Value + 1)
                        from allow in bits
                        from deny in bits
                        select new PermissionOverwrite(new OverwriteId(id), id is 10 or 11 ? OverwriteType.Member : OverwriteType.Role, allow & ~deny, deny);
        var situation = from everyone in bits
                        from admin in Gen.Choose(0, 9)
                        from roles in Gen.SubListOf(A, B, C)
                        from permissions in Gen.ArrayOf(bits, 3)
                        from overwrites in Gen.ListOf(overwrite)
                        select new Situation(admin == 0 ? everyone | Administrator : everyone, permissions, [.. roles], [.. overwrites.DistinctBy(o => o.Id)]);
        return situation.ToArbitrary();
    }

    static Permissions Spread(Permissions low)
    {
        Permissions[] meaning = [ViewChannel, SendMessages, AttachFiles, MentionEveryone, ManageMessages, ReadMessageHistory];
        return meaning.Where((_, i) => ((ulong)low & (1UL << i)) != 0).Aggregate(None, (all, bit) => all | bit);
    }
}
