using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Gateway.Dispatch;
using Kith.Gateway.Sessions;

namespace Kith.Gateway.Resume;

/// <summary>
/// What a session was told on the nodes where it was before. Delivery that begins anew repeats events; a node that was not handed them the first time cannot tell them from news by
/// itself (<see cref="RepeatedEvents"/>), so a session that moves brings this along.
/// </summary>
/// <param name="Lately">Of messages with a greater id, <paramref name="Messages"/> has all channels.</param>
/// <param name="Partitions">How far each partition of the log had been taken. Each of many thousand sessions keeps it for minutes: hence no dictionary.</param>
/// <param name="Messages">The newest message told of each channel that had one lately: delivery reads messages of its last seconds from the store, which have no place in the log.</param>
sealed record ToldEvents(MessageId Lately, IReadOnlyList<LogPosition> Partitions, IReadOnlyDictionary<ChannelId, MessageId> Messages)
{
    /// <summary>Several times as much as delivery reads from the store when it begins, by the messages' own times.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public bool Has(Event e)
    {
        if (e is { Name: "MESSAGE_CREATE", Message: { } message })
        {
            if (Messages.TryGetValue(message.Channel, out var newest)) return message.Id <= newest;
            if (message.Id > Lately) return false;
        }

        return e.Position is { } position && Through(position.Partition) is { } through && position.Offset <= through && through - position.Offset < RepeatedEvents.MostRepeated;
    }

    /// <summary>What a session knows that has been told both, this after that.</summary>
    public ToldEvents After(ToldEvents? earlier)
    {
        if (earlier is null) return this;
        var messages = new Dictionary<ChannelId, MessageId>(Messages);
        foreach (var (channel, id) in earlier.Messages)
            messages[channel] = messages.TryGetValue(channel, out var later) && later > id ? later : id;
        // What is far behind the earlier one is a log that was made anew.
        var partitions = earlier.Partitions.Where(p => Through(p.Partition) is not { } later || (p.Offset > later && p.Offset - later < RepeatedEvents.MostRepeated)).ToDictionary(p => p.Partition);
        return new ToldEvents(Lately, [.. Partitions.Where(p => !partitions.ContainsKey(p.Partition)), .. partitions.Values], messages);
    }

    public void Write(BinaryWriter to)
    {
        to.Write(Lately.Value);
        to.Write7BitEncodedInt(Partitions.Count);
        foreach (var (partition, offset) in Partitions)
        {
            to.Write(partition);
            to.Write(offset);
        }

        to.Write7BitEncodedInt(Messages.Count);
        foreach (var (channel, id) in Messages)
        {
            to.Write(channel.Value);
            to.Write(id.Value);
        }
    }

    public static ToldEvents Read(BinaryReader from)
    {
        var lately = new MessageId(from.ReadInt64());
        var partitions = new LogPosition[from.Read7BitEncodedInt()];
        for (var i = 0; i < partitions.Length; i++)
            partitions[i] = new LogPosition(from.ReadInt32(), from.ReadInt64());
        var messages = new Dictionary<ChannelId, MessageId>();
        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
            messages[new ChannelId(from.ReadInt64())] = new MessageId(from.ReadInt64());
        return new ToldEvents(lately, partitions, messages);
    }

    long? Through(int partition)
    {
        foreach (var taken in Partitions)
        {
            if (taken.Partition == partition) return taken.Offset;
        }

        return null;
    }
}

/// <summary>Sessions that came from other nodes not long ago, until what is repeated can no longer be news here. All are kept equally long. Belongs to the loop's thread.</summary>
sealed class Newcomers(LoopSessions home)
{
    readonly Queue<(Session Session, int Since)> known = new();

    public void Add(Session session, ToldEvents told)
    {
        session.Told = told;
        known.Enqueue((session, home.Seconds));
    }

    public void Expire()
    {
        while (known.TryPeek(out var first) && home.Seconds - first.Since >= RepeatedEvents.Longest.TotalSeconds)
            known.Dequeue().Session.Told = null;
    }
}

/// <summary>Private messages that were told lately: no session keeps which channels it has. Belongs to the loop's thread.</summary>
sealed class RecentPrivateMessages
{
    /// <summary>40 bytes each.</summary>
    const int Capacity = 100_000;

    readonly Queue<(MessageStamp Message, IReadOnlyList<UserId> Users)> told = new();

    public void Add(MessageStamp message, IReadOnlyList<UserId> users, MessageId lately)
    {
        told.Enqueue((message, users));
        while (told.Count > Capacity || (told.TryPeek(out var first) && first.Message.Id < lately))
            told.Dequeue();
    }

    public IEnumerable<MessageStamp> Of(UserId user) => told.Where(t => t.Users.Contains(user)).Select(t => t.Message);
}
