using System.Text.Json;
using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Cluster.Events;

static class AudienceCodec
{
    const byte OfGuild = 1;
    const byte OfChannel = 2;
    const byte OfUsers = 3;
    const byte OfWatchers = 4;

    public static void Write(BinaryWriter to, Audience audience)
    {
        switch (audience)
        {
            case Audience.OfGuild guild:
                to.Write(OfGuild);
                to.WriteId(guild.Guild);
                to.Write((ulong)guild.Needed);
                break;
            case Audience.OfChannel channel:
                to.Write(OfChannel);
                to.WriteId(channel.Guild);
                to.WriteId(channel.Channel);
                to.Write((ulong)channel.Needed);
                WriteGone(to, channel.Gone);
                break;
            case Audience.OfUsers users:
                to.Write(OfUsers);
                to.WriteIds(users.Users);
                to.Write(users.About ?? 0);
                break;
            case Audience.OfWatchers watchers:
                to.Write(OfWatchers);
                to.WriteId(watchers.User);
                to.WriteIds(watchers.Users);
                to.WriteIds(watchers.Guilds);
                break;
            default:
                throw new InvalidOperationException($"{audience.GetType().Name} has no form between processes yet.");
        }
    }

    public static Audience Read(BinaryReader from) => from.ReadByte() switch
    {
        OfGuild => new Audience.OfGuild(from.ReadId<GuildId>(), (Permissions)from.ReadUInt64()),
        OfChannel => new Audience.OfChannel(from.ReadId<GuildId>(), from.ReadId<ChannelId>(), (Permissions)from.ReadUInt64(), ReadGone(from)),
        OfUsers => new Audience.OfUsers(from.ReadIds<UserId>(), from.ReadInt64() is var about and not 0 ? about : null),
        OfWatchers => new Audience.OfWatchers(from.ReadId<UserId>(), from.ReadIds<UserId>(), from.ReadIds<GuildId>()),
        var tag => throw new EventFormatException($"The event has the audience {tag}, which this kith does not know."),
    };

    // JSON, with its length before it: the record has many fields, and channels are seldom deleted.
    static void WriteGone(BinaryWriter to, ChannelRecord? gone)
    {
        var json = gone is null ? [] : Wire.Utf8(gone);
        to.Write7BitEncodedInt(json.Length);
        to.Write(json);
    }

    static ChannelRecord? ReadGone(BinaryReader from)
    {
        var length = from.Read7BitEncodedInt();
        if (length == 0) return null;
        if (length < 0 || length > from.BaseStream.Length - from.BaseStream.Position) throw new EndOfStreamException("The channel is cut off.");
        try
        {
            return JsonSerializer.Deserialize<ChannelRecord>(from.ReadBytes(length), Wire.Options);
        }
        catch (JsonException e)
        {
            throw new EventFormatException("The event's channel cannot be read.", e);
        }
    }
}
