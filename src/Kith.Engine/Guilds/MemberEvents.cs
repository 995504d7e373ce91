using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Guilds;

/// <summary>The dispatches that announce changes of memberships.</summary>
static class MemberEvents
{
    public static Event Add(MemberRecord member, User user) => Of("GUILD_MEMBER_ADD", member.GuildId, Intents.GuildMembers, member.ToWire(user, member.GuildId));

    static Event Of<T>(string name, GuildId guild, Intents intents, T data) => new()
    {
        Name = name, Audience = new Audience.OfGuild(guild), Intents = intents, Data = Wire.Utf8(data),
    };
}
