using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Unread;

/// <summary>Draws what happens next. Everything is chosen from what the actor sees; the server may refuse, as it must where the actor may not.</summary>
sealed class Operations(World world, Random source)
{
    /// <summary>Enough that everyone can cause much, but not everything.</summary>
    const Permissions Everyone = Permissions.SendMessages | Permissions.ReadMessageHistory | Permissions.MentionEveryone | Permissions.ManageMessages
        | Permissions.ManageChannels | Permissions.CreateInstantInvite | Permissions.PinMessages | Permissions.ChangeNickname;

    readonly Draw random = new(source);

    static readonly (int Weight, Func<Operations, Person, Task<ApiReply?>> Run)[] All =
    [
        (14, (o, p) => o.Send(p, _ => "words")),
        (12, (o, p) => o.Send(p, o.SomeUsers)),
        (10, (o, p) => o.Send(p, o.SomeRole)),
        (5, (o, p) => o.Send(p, _ => "@everyone now")),
        (3, (o, p) => o.Send(p, c => $"@here and {o.SomeUsers(c)} and {o.SomeRole(c)}")),
        (8, (o, p) => o.Reply(p)),
        (6, (o, p) => o.OnMessage(p, (c, m) => p.User.Api.Patch($"/channels/{c}/messages/{m}", new { content = $"edited {o.SomeUsers(c)} @everyone" }))),
        (10, (o, p) => o.OnMessage(p, (c, m) => p.User.Api.Delete($"/channels/{c}/messages/{m}"))),
        (5, (o, p) => o.BulkDelete(p)),
        (8, (o, p) => o.AckNewest(p)),
        (6, (o, p) => o.OnMessage(p, (c, m) => p.User.Api.Post($"/channels/{c}/messages/{m}/ack"))),
        (6, (o, p) => o.OnMessage(p, (c, m) => p.User.Api.Post($"/channels/{c}/messages/{m}/ack", new { manual = true }))),
        (3, (o, p) => o.AckMany(p)),
        (3, (o, p) => o.InGuild(p, g => p.User.Api.Post($"/guilds/{g}/ack"))),
        (5, (o, p) => o.Join(p)),
        (3, (o, p) => o.Leave(p)),
        (2, (o, p) => o.Kick(p)),
        (6, (o, p) => o.InGuild(p, g => p.User.Api.Put($"/guilds/{g}/members/{o.Someone()}/roles/{o.RoleOf(p, g)}"))),
        (4, (o, p) => o.InGuild(p, g => p.User.Api.Delete($"/guilds/{g}/members/{o.Someone()}/roles/{o.RoleOf(p, g)}"))),
        (3, (o, p) => o.InGuild(p, g => p.User.Api.Post($"/guilds/{g}/roles", new { name = $"role{o.random.Next(100)}", mentionable = true }))),
        (1, (o, p) => o.InGuild(p, g => p.User.Api.Delete($"/guilds/{g}/roles/{o.RoleOf(p, g)}"))),
        (3, (o, p) => o.InGuild(p, g => o.ToggleView(p, g))),
        (3, (o, p) => o.InGuild(p, g => p.User.Api.Post($"/guilds/{g}/channels", new { name = $"room{o.random.Next(100)}", type = o.random.Next(8) == 0 ? 4 : 0 }))),
        (1, (o, p) => o.InChannel(p, c => p.User.Api.Delete($"/channels/{c}"))),
        (6, (o, p) => o.Overwrite(p)),
        (3, (o, p) => o.InChannel(p, c => p.User.Api.Delete($"/channels/{c}/permissions/{o.OverwriteTarget(p, c).Id}"))),
        (2, (o, p) => o.InChannel(p, c => p.User.Api.Patch($"/channels/{c}", new { topic = $"topic {o.random.Next(100)}" }))),
        (2, (o, p) => o.InGuild(p, g => p.User.Api.Patch($"/guilds/{g}/members/{o.Someone()}", new { nick = $"nick{o.random.Next(100)}" }))),
        (4, (o, p) => p.User.Api.Post("/users/@me/channels", new { recipient_id = o.Other(p) })!),
        (2, (o, p) => p.User.Api.Post("/users/@me/channels", new { recipients = o.Others(p, 2) })!),
        (3, (o, p) => o.InGroup(p, c => p.User.Api.Put($"/channels/{c}/recipients/{o.Other(p)}"))),
        (2, (o, p) => o.InGroup(p, c => p.User.Api.Delete($"/channels/{c}/recipients/{o.Someone()}"))),
        (1, (o, p) => o.InPrivate(p, c => p.User.Api.Delete($"/channels/{c}"))),
        (2, (o, p) => o.OnMessage(p, (c, m) => p.User.Api.Put($"/channels/{c}/messages/pins/{m}"))),
        (1, (o, p) => o.CreateGuild(p)),
        (1, (o, p) => o.DeleteGuild(p)),
        (3, (o, _) => o.DropCounters()),
    ];

    static readonly int TotalWeight = All.Sum(a => a.Weight);

    /// <summary>Two guilds with some roles; everyone in the first, some in the second.</summary>
    public async Task Begin()
    {
        foreach (var owner in world.People.Take(2))
        {
            var guild = await owner.User.CreateGuild($"Guild of {owner.User.Name}");
            world.Guilds[guild.Id] = owner;
            (await owner.User.Api.Patch($"/guilds/{guild.Id}/roles/{guild.Id}", new { permissions = Everyone | Permissions.ViewChannel })).Ok();
            for (var i = 0; i < 2; i++)
                await owner.User.GiveRole(guild.Id, owner.Id, await owner.User.CreateRole(guild.Id, $"role{i}", new { mentionable = true, permissions = "0" }));
            await owner.User.CreateChannel(guild.Id, "second");
            await guild.Admit([.. world.People.Where(p => p != owner && (owner == world.People[0] || random.Next(2) == 0)).Select(p => p.User)]);
        }

        await world.Settle();
    }

    /// <summary>One operation of one person.</summary>
    public async Task Next()
    {
        var at = random.Next(TotalWeight);
        var operation = All.First(a => (at -= a.Weight) < 0);
        var person = world.People[random.Next(world.People.Count)];
        person.CatchUp();
        if (await operation.Run(this, person) is not { } reply) return;
        world.Note($"{person.User.Name}: {reply.Request} → {reply.Status}{(reply.Status >= 400 ? $" {reply.Text}" : "")}");
        Assert.True(reply.Status < 500, reply.Text);
    }

    Task<ApiReply?> Send(Person p, Func<ChannelId, string> content) => InAnyChannel(p, c => p.User.Api.Post($"/channels/{c}/messages", new { content = content(c) }));

    Task<ApiReply?> Reply(Person p) => OnMessage(p, (c, m) => p.User.Api.Post($"/channels/{c}/messages", new
    {
        content = "a reply", message_reference = new { message_id = m }, allowed_mentions = new { parse = Array.Empty<string>(), replied_user = random.Next(4) > 0 },
    }));

    async Task<ApiReply?> BulkDelete(Person p) => await AnyChannel(p) is { } channel && await Recent(p, channel, 8) is { Count: >= 2 } messages
        ? await p.User.Api.Post($"/channels/{channel}/messages/bulk-delete", new { messages = messages.Where(_ => random.Next(2) == 0).Append(messages[0]).Append(messages[1]).Distinct() })
        : null;

    async Task<ApiReply?> AckNewest(Person p) => await AnyChannel(p) is { } channel && await Recent(p, channel, 1) is { Count: 1 } messages
        ? await p.User.Api.Post($"/channels/{channel}/messages/{messages[0]}/ack") : null;

    async Task<ApiReply?> AckMany(Person p)
    {
        var states = new Dictionary<ChannelId, MessageId>();
        for (var i = 0; i < 4; i++)
        {
            if (await AnyChannel(p) is { } channel && await Recent(p, channel, 5) is { Count: > 0 } messages) states[channel] = Pick(messages);
        }

        return states.Count == 0 ? null
            : await p.User.Api.Post("/read-states/ack-bulk", new { read_states = states.Select(s => new { channel_id = s.Key, message_id = s.Value }) });
    }

    async Task<ApiReply?> Join(Person p)
    {
        var (guild, owner) = Pick(world.Guilds.OrderBy(g => g.Key.Value).ToArray());
        if (owner.State.Channels.Values.Where(c => c.GuildId == guild && c.Type == ChannelType.GuildText).MinBy(c => c.Id.Value) is not { } channel) return null;
        var invite = await owner.User.Api.Post($"/channels/{channel.Id}/invites", new { max_age = 60 });
        return invite.Status == 200 ? await p.User.Api.Post($"/invites/{invite.Json.Str("code")}") : invite;
    }

    Task<ApiReply?> Leave(Person p) => InGuild(p, g => p.User.Api.Delete($"/users/@me/guilds/{g}"));

    Task<ApiReply?> Kick(Person p) => InGuild(p, g => p.User.Api.Delete($"/guilds/{g}/members/{Someone()}"));

    /// <summary>Whether @everyone, or a role, may see channels at all.</summary>
    Task<ApiReply> ToggleView(Person p, GuildId guild)
    {
        var role = random.Next(2) == 0 ? new RoleId(guild.Value) : RoleOf(p, guild);
        var permissions = (role.Value == guild.Value ? Everyone : Permissions.None) | (random.Next(2) == 0 ? Permissions.ViewChannel : Permissions.None);
        return p.User.Api.Patch($"/guilds/{guild}/roles/{role}", new { permissions });
    }

    Task<ApiReply?> Overwrite(Person p) => InChannel(p, c =>
    {
        var (id, type) = OverwriteTarget(p, c);
        var see = random.Next(2) == 0;
        return p.User.Api.Put($"/channels/{c}/permissions/{id}", new { type, allow = see ? Permissions.ViewChannel : Permissions.None, deny = see ? Permissions.None : Permissions.ViewChannel });
    });

    (string Id, int Type) OverwriteTarget(Person p, ChannelId channel) => random.Next(3) switch
    {
        0 => ($"{p.State.Channels[channel].GuildId}", 0),
        1 => ($"{RoleOf(p, p.State.Channels[channel].GuildId!.Value)}", 0),
        _ => ($"{Someone()}", 1),
    };

    async Task<ApiReply?> CreateGuild(Person p)
    {
        if (world.Guilds.Count >= 4) return null;
        var reply = await p.User.Api.Post("/guilds", new { name = $"Guild {random.Next(100)}" });
        world.Guilds[reply.Ok(201).Id<GuildId>()] = p;
        return reply;
    }

    async Task<ApiReply?> DeleteGuild(Person p)
    {
        if (world.Guilds.Where(g => g.Value == p).ToArray() is not { Length: > 0 } own || world.Guilds.Count < 3) return null;
        var guild = Pick(own).Key;
        var reply = await p.User.Api.Delete($"/guilds/{guild}");
        if (reply.Status == 204) world.Guilds.TryRemove(guild, out _);
        return reply;
    }

    async Task<ApiReply?> DropCounters()
    {
        await world.DropCounters();
        world.Note("counters dropped");
        return null;
    }

    async Task<ApiReply?> OnMessage(Person p, Func<ChannelId, MessageId, Task<ApiReply>> act) =>
        await AnyChannel(p) is { } channel && await Recent(p, channel, 10) is { Count: > 0 } messages ? await act(channel, Pick(messages)) : null;

    async Task<ApiReply?> InAnyChannel(Person p, Func<ChannelId, Task<ApiReply>> act) => await AnyChannel(p) is { } channel ? await act(channel) : null;

    Task<ChannelId?> AnyChannel(Person p) => Task.FromResult(PickId(p, c => c.Type != ChannelType.GuildCategory && c.GuildId != world.Lobby.Id));

    async Task<ApiReply?> InChannel(Person p, Func<ChannelId, Task<ApiReply>> act) =>
        PickId(p, c => c.GuildId is { } guild && guild != world.Lobby.Id) is { } channel ? await act(channel) : null;

    async Task<ApiReply?> InGroup(Person p, Func<ChannelId, Task<ApiReply>> act) =>
        PickId(p, c => c.Type == ChannelType.GroupDm) is { } channel ? await act(channel) : null;

    async Task<ApiReply?> InPrivate(Person p, Func<ChannelId, Task<ApiReply>> act) => PickId(p, c => c.GuildId is null) is { } channel ? await act(channel) : null;

    async Task<ApiReply?> InGuild(Person p, Func<GuildId, Task<ApiReply>> act) =>
        p.State.Guilds.Keys.Where(g => g != world.Lobby.Id).OrderBy(g => g.Value).ToArray() is { Length: > 0 } guilds ? await act(Pick(guilds)) : null;

    ChannelId? PickId(Person p, Func<Channel, bool> which) =>
        p.State.Channels.Values.Where(which).OrderBy(c => c.Id.Value).ToArray() is { Length: > 0 } channels ? Pick(channels).Id : null;

    async Task<IReadOnlyList<MessageId>> Recent(Person p, ChannelId channel, int limit) =>
        await p.User.Api.Get($"/channels/{channel}/messages?limit={limit}") is { Status: 200 } reply ? reply.Json.Items().Ids<MessageId>() : [];

    string SomeUsers(ChannelId channel) => string.Join(' ', world.People.Where(_ => random.Next(3) == 0).Select(p => p.User.Mention));

    string SomeRole(ChannelId channel)
    {
        var roles = world.People.Select(p => p.State).Where(s => s.Channels.TryGetValue(channel, out var c) && c.GuildId is not null)
            .SelectMany(s => s.Guilds[s.Channels[channel].GuildId!.Value].Roles.Keys).Distinct().OrderBy(r => r.Value).ToArray();
        return roles.Length == 0 ? "no role" : $"<@&{Pick(roles)}>";
    }

    RoleId RoleOf(Person p, GuildId guild) => Pick(p.State.Guilds[guild].Roles.Keys.OrderBy(r => r.Value).ToArray());

    UserId Someone() => Pick(world.People).Id;

    UserId Other(Person p) => Pick(world.People.Where(o => o != p).ToArray()).Id;

    UserId[] Others(Person p, int count) => [.. world.People.Where(o => o != p).OrderBy(_ => random.Next()).Take(count).Select(o => o.Id)];

    T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>Random numbers for operations that run at the same time.</summary>
    sealed class Draw(Random source)
    {
        public int Next() => Next(int.MaxValue);

        public int Next(int limit)
        {
            lock (source) return source.Next(limit);
        }
    }
}
