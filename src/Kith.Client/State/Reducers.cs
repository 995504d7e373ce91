namespace Kith.Client;

/// <summary>How each kind of event changes the state: one table, by type.</summary>
static class Reducers
{
    static readonly Dictionary<Type, Func<ClientState, GatewayEvent, ClientState>> Table = new()
    {
        [typeof(SessionStarted)] = static (_, e) => ClientState.From(((SessionStarted)e).Ready),
        [typeof(MessageCreated)] = static (s, e) => MessageReducers.Created(s, ((MessageCreated)e).Message),
        [typeof(MessageDeleted)] = static (s, e) => MessageReducers.Deleted(s, ((MessageDeleted)e).Deletion),
        [typeof(MessagesDeleted)] = static (s, e) => MessageReducers.Deleted(s, ((MessagesDeleted)e).Deletion),
        [typeof(MessageAcked)] = static (s, e) => MarkReducers.Acked(s, ((MessageAcked)e).Ack),
        [typeof(UnreadRecounted)] = static (s, e) => ((UnreadRecounted)e).ChannelUnreadUpdates.Aggregate(s, MarkReducers.Recounted),
        [typeof(ChannelCreated)] = static (s, e) => ChannelReducers.Set(s, ((ChannelCreated)e).Channel),
        [typeof(ChannelUpdated)] = static (s, e) => ChannelReducers.Set(s, ((ChannelUpdated)e).Channel),
        [typeof(ChannelDeleted)] = static (s, e) => ChannelReducers.Remove(s, ((ChannelDeleted)e).Channel.Id),
        [typeof(PinsChanged)] = static (s, e) => ChannelReducers.SetPins(s, (PinsChanged)e),
        [typeof(RecipientAdded)] = static (s, e) => ChannelReducers.AddRecipient(s, (RecipientAdded)e),
        [typeof(RecipientRemoved)] = static (s, e) => ChannelReducers.RemoveRecipient(s, (RecipientRemoved)e),
        [typeof(GuildCreated)] = static (s, e) => GuildReducers.Created(s, ((GuildCreated)e).Guild),
        [typeof(GuildUpdated)] = static (s, e) => GuildReducers.Updated(s, ((GuildUpdated)e).Guild),
        [typeof(GuildDeleted)] = static (s, e) => GuildReducers.Deleted(s, ((GuildDeleted)e).Guild),
        [typeof(MemberAdded)] = static (s, e) => GuildReducers.MemberAdded(s, ((MemberAdded)e).Member),
        [typeof(MemberUpdated)] = static (s, e) => GuildReducers.MemberUpdated(s, ((MemberUpdated)e).Member),
        [typeof(MemberRemoved)] = static (s, e) => GuildReducers.MemberRemoved(s, (MemberRemoved)e),
        [typeof(RoleCreated)] = static (s, e) => GuildReducers.SetRole(s, ((RoleCreated)e).GuildId, ((RoleCreated)e).Role),
        [typeof(RoleUpdated)] = static (s, e) => GuildReducers.SetRole(s, ((RoleUpdated)e).GuildId, ((RoleUpdated)e).Role),
        [typeof(RoleDeleted)] = static (s, e) => GuildReducers.RemoveRole(s, ((RoleDeleted)e).GuildId, ((RoleDeleted)e).RoleId),
    };

    public static ClientState Apply(ClientState state, GatewayEvent e) => Table.TryGetValue(e.GetType(), out var reduce) ? reduce(state, e) : state;
}
