using Kith.Domain;
using Kith.Engine.Delivery;

namespace Kith.Cluster.Events;

static class EffectCodec
{
    const byte Joined = 1;
    const byte Left = 2;
    const byte MemberChanged = 3;
    const byte GuildChanged = 4;
    const byte GuildDeleted = 5;
    const byte Revoked = 6;
    const byte WatchChanged = 7;

    public static void Write(BinaryWriter to, SessionEffect effect)
    {
        switch (effect)
        {
            case SessionEffect.Joined joined: Write(to, Joined, joined.Guild, joined.User); break;
            case SessionEffect.Left left: Write(to, Left, left.Guild, left.User); break;
            case SessionEffect.MemberChanged changed: Write(to, MemberChanged, changed.Guild, changed.User); break;
            case SessionEffect.GuildChanged changed:
                to.Write(GuildChanged);
                to.WriteId(changed.Guild);
                to.Write(changed.Version);
                break;
            case SessionEffect.GuildDeleted deleted:
                to.Write(GuildDeleted);
                to.WriteId(deleted.Guild);
                break;
            case SessionEffect.Revoked revoked:
                to.Write(Revoked);
                to.WriteId(revoked.User);
                to.WriteOptionalId(revoked.Session);
                to.WriteOptionalId(revoked.Keep);
                break;
            case SessionEffect.WatchChanged watch:
                Write(to, WatchChanged, watch.User, watch.Other);
                to.Write(watch.Watches);
                break;
            default:
                throw new InvalidOperationException($"{effect.GetType().Name} has no form between processes yet.");
        }
    }

    public static SessionEffect Read(BinaryReader from) => from.ReadByte() switch
    {
        Joined => new SessionEffect.Joined(from.ReadId<GuildId>(), from.ReadId<UserId>()),
        Left => new SessionEffect.Left(from.ReadId<GuildId>(), from.ReadId<UserId>()),
        MemberChanged => new SessionEffect.MemberChanged(from.ReadId<GuildId>(), from.ReadId<UserId>()),
        GuildChanged => new SessionEffect.GuildChanged(from.ReadId<GuildId>(), from.ReadInt64()),
        GuildDeleted => new SessionEffect.GuildDeleted(from.ReadId<GuildId>()),
        Revoked => new SessionEffect.Revoked(from.ReadId<UserId>(), from.ReadOptionalId<AuthSessionId>(), from.ReadOptionalId<AuthSessionId>()),
        WatchChanged => new SessionEffect.WatchChanged(from.ReadId<UserId>(), from.ReadId<UserId>(), from.ReadBoolean()),
        var tag => throw new EventFormatException($"The event has the effect {tag}, which this kith does not know."),
    };

    static void Write<TFirst, TSecond>(BinaryWriter to, byte tag, TFirst first, TSecond second)
        where TFirst : struct, ISnowflakeId<TFirst>
        where TSecond : struct, ISnowflakeId<TSecond>
    {
        to.Write(tag);
        to.WriteId(first);
        to.WriteId(second);
    }
}
