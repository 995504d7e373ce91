using Kith.Domain;

namespace Kith.Cluster.Events;

/// <summary>Ids as 8 bytes each, lists with their count before them.</summary>
static class BinaryIds
{
    public static void WriteId<T>(this BinaryWriter to, T id)
        where T : struct, ISnowflakeId<T> => to.Write(id.Value);

    public static void WriteIds<T>(this BinaryWriter to, IReadOnlyList<T> ids)
        where T : struct, ISnowflakeId<T>
    {
        to.Write7BitEncodedInt(ids.Count);
        foreach (var id in ids)
            to.Write(id.Value);
    }

    /// <summary>Zero, which no id is, stands for null.</summary>
    public static void WriteOptionalId<T>(this BinaryWriter to, T? id)
        where T : struct, ISnowflakeId<T> => to.Write(id?.Value ?? 0);

    public static T ReadId<T>(this BinaryReader from)
        where T : struct, ISnowflakeId<T> => T.From(from.ReadInt64());

    public static T? ReadOptionalId<T>(this BinaryReader from)
        where T : struct, ISnowflakeId<T> => from.ReadInt64() is var value and not 0 ? T.From(value) : null;

    public static IReadOnlyList<T> ReadIds<T>(this BinaryReader from)
        where T : struct, ISnowflakeId<T>
    {
        var count = from.Read7BitEncodedInt();
        // Before the list is made: a damaged count must not cost memory.
        if (count < 0 || count > (from.BaseStream.Length - from.BaseStream.Position) / sizeof(long)) throw new EndOfStreamException($"There are fewer than {count} ids.");
        var ids = new T[count];
        for (var i = 0; i < count; i++)
            ids[i] = from.ReadId<T>();
        return ids;
    }
}
