using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;
using Kith.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kith.Gateway.Tests.Resume;

/// <summary>The other gateway nodes as one of them sees them: those that were told to it.</summary>
sealed class KnownPeers : IGatewayPeers
{
    const byte Give = 2;

    Func<byte[], CancellationToken, Task<byte[]?>>? answer;

    public KnownPeers? Other { get; set; }

    /// <summary>Done when the other one is asked for a session whose events are already kept here.</summary>
    public Func<Task> BeforeGiving { get; set; } = () => Task.CompletedTask;

    public async ValueTask<byte[]?> AskAsync(byte[] question, CancellationToken ct)
    {
        if (question[0] == Give) await BeforeGiving();
        return Other?.answer is { } ask ? await ask(question, ct) : null;
    }

    ValueTask IGatewayPeers.CatchUpAsync(CancellationToken ct) => default;

    void IGatewayPeers.Answer(Func<byte[], CancellationToken, Task<byte[]?>> answer) => this.answer = answer;
}

sealed record Node(KithHost Host, KnownPeers Peers)
{
    /// <summary>As its inbox would.</summary>
    public ValueTask Deliver(Event e) => Host.Services.GetRequiredService<IEventSink>().DeliverAsync(e, CancellationToken.None);

    public static async Task<Node> Start(string data)
    {
        var peers = new KnownPeers();
        return new Node(await KithHost.Start(new KithHostSetup { Data = data, Services = services => services.AddSingleton<IGatewayPeers>(peers) }), peers);
    }
}

/// <summary>Two gateways with the same people, whose events a test hands to either: Ann and Bob, their server and their DM.</summary>
sealed class TwoNodes : IAsyncDisposable
{
    readonly TemporaryFolder[] folders = [new(), new()];
    readonly long from = Snowflake.AtTime(DateTimeOffset.UtcNow);
    TestGuild guild = null!;
    ChannelId dm;

    public Node First { get; private set; } = null!;

    public Node Second { get; private set; } = null!;

    public TestUser Ann { get; private set; } = null!;

    public TestUser Bob { get; private set; } = null!;

    public static async Task<TwoNodes> Start()
    {
        var nodes = new TwoNodes();
        await using (var host = await KithHost.Start(new KithHostSetup { Data = nodes.folders[0].Path }))
        {
            (nodes.Ann, nodes.Bob) = (await host.Register(), await host.Register());
            nodes.guild = await nodes.Ann.CreateGuild();
            await nodes.guild.Admit(nodes.Bob);
            nodes.dm = await nodes.Ann.OpenDm(nodes.Bob.Id);
        }

        foreach (var file in Directory.GetFiles(nodes.folders[0].Path))
            File.Copy(file, Path.Combine(nodes.folders[1].Path, Path.GetFileName(file)));
        nodes.First = await Node.Start(nodes.folders[0].Path);
        nodes.Second = await Node.Start(nodes.folders[1].Path);
        nodes.Second.Peers.Other = nodes.First.Peers;
        return nodes;
    }

    public Task<GatewayProbe> LoginAtFirst() => GatewayProbe.Login(Bob with { Api = First.Host.As(Bob.Token) });

    public async Task<GatewayProbe> ResumeAtSecond(GatewayProbe before)
    {
        var probe = await GatewayProbe.Connect(Second.Host.Address);
        await probe.Resume(Bob.Token, before.SessionId, before.LastSequence!.Value);
        await probe.Wait("RESUMED");
        return probe;
    }

    /// <summary>A message in the server's channel; without a place in the log, one that was read from the store.</summary>
    public Event Guild(int number, long? at = null) =>
        Message($"guild {number}", new Audience.OfChannel(guild.Id, guild.General), Intents.GuildMessages, Stamp(guild.General, 100 + number, false), Place(1, at));

    public Event Private(int number, long? at = null) =>
        Message($"private {number}", new Audience.OfUsers([Ann.Id, Bob.Id], dm.Value), Intents.DirectMessages, Stamp(dm, number, true), Place(2, at));

    public Event Typing(long at) => new()
    {
        Name = "TYPING_START", Audience = new Audience.OfChannel(guild.Id, guild.General), Intents = Intents.GuildMessageTyping, Data = "{}"u8.ToArray(), Position = Place(1, at),
    };

    public async ValueTask DisposeAsync()
    {
        await First.Host.DisposeAsync();
        await Second.Host.DisposeAsync();
        foreach (var folder in folders)
            folder.Dispose();
    }

    MessageStamp Stamp(ChannelId channel, int number, bool isPrivate) => new(channel, new MessageId(from + number), Ann.Id, isPrivate, [], new MessageId(from + number - 1));

    static LogPosition? Place(int partition, long? offset) => offset is { } there ? new LogPosition(partition, there) : null;

    static Event Message(string content, Audience audience, Intents intents, MessageStamp stamp, LogPosition? at) => new()
    {
        Name = "MESSAGE_CREATE", Audience = audience, Intents = intents, Message = stamp, Position = at,
        Data = Wire.Utf8(new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = stamp.Id.ToString(), ["channel_id"] = stamp.Channel.ToString(), ["content"] = content }),
    };
}
