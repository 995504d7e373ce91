using System.Collections.Concurrent;
using Kith.Client;
using Kith.Domain;
using Kith.Protocol;
using Kith.Testing;

namespace Kith.EndToEnd.Tests.Unread;

/// <summary>One user with one session that lives through the whole run, and the state that its events have led to.</summary>
sealed class Person(TestUser user, GatewayProbe probe, Mentions mentions) : IAsyncDisposable
{
    readonly Lock gate = new();
    int applied;

    public TestUser User => user;

    public UserId Id => user.Id;

    public GatewayProbe Probe => probe;

    public ClientState State { get; private set; } = null!;

    public static async Task<Person> Login(TestUser user, Mentions mentions)
    {
        var person = new Person(user, await GatewayProbe.Login(user), mentions);
        person.CatchUp();
        return person;
    }

    /// <summary>Applies what has come since.</summary>
    public ClientState CatchUp()
    {
        lock (gate)
        {
            foreach (var payload in probe.Payloads.Skip(applied))
            {
                applied++;
                if (payload.Op != GatewayOpcode.Dispatch) continue;
                var e = GatewayEvents.Read(payload.Name!, payload.Sequence!.Value, payload.Data);
                State = e is SessionStarted started ? ClientState.From(started.Ready) : State.Apply(e);
                if (e is MessageCreated created) mentions.Note(created.Message);
            }

            return State;
        }
    }

    /// <summary>The state of a session that begins now.</summary>
    public async Task<ClientState> Fresh()
    {
        await using var fresh = await Login(user, mentions);
        return fresh.State;
    }

    public ValueTask DisposeAsync() => probe.DisposeAsync();
}

/// <summary>Whom each message mentioned when it was sent: an edit changes its text, but adds and takes no mark.</summary>
sealed class Mentions
{
    readonly ConcurrentDictionary<MessageId, Message> messages = new();

    public void Note(Message message) => messages.TryAdd(message.Id, message);

    public Message Of(MessageId id) => messages[id];
}
