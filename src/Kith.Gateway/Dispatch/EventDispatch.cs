using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Gateway.Protocol;
using Kith.Gateway.Sessions;
using Kith.Gateway.Transport;
using Kith.Protocol;

namespace Kith.Gateway.Dispatch;

/// <summary>An event on its way through the loops: one for all of them, encoded when the first session is found that gets it.</summary>
sealed class EventDispatch(GatewayNode node, Event e) : ILoopWork
{
    OutboundEvent? full;
    OutboundEvent? redacted;

    public Event Event => e;

    /// <summary>The guild whose sessions it is about, by its effect or else its audience.</summary>
    public GuildId? Guild { get; } = e.Effect switch
    {
        SessionEffect.Joined joined => joined.Guild,
        SessionEffect.Left left => left.Guild,
        SessionEffect.MemberChanged changed => changed.Guild,
        SessionEffect.GuildChanged changed => changed.Guild,
        SessionEffect.GuildDeleted deleted => deleted.Guild,
        _ => e.Audience switch
        {
            Audience.OfGuild guild => guild.Guild,
            Audience.OfChannel channel => channel.Guild,
            _ => null,
        },
    };

    /// <summary>False where there is only an effect.</summary>
    public bool HasData => e.Data.Length > 0;

    public void Run(GatewayLoop loop)
    {
        var step = Tracing.Continue("write", e.Trace);
        node.On(loop).Process(this);
        if (step is null) return;
        // It ends when the sockets have it, among other work of this thread.
        System.Diagnostics.Activity.Current = null;
        loop.WhenFlushed(step.SetTag("kith.event", e.Name).Dispose);
    }

    /// <summary>What this session gets of the event; it must want its intents.</summary>
    public OutboundEvent For(Session session)
    {
        if ((session.Intents & Intents.MessageContent) != Intents.None || !HidesFrom(session.User)) return full ?? Keep(ref full, e.Data);
        return redacted ?? Keep(ref redacted, e.Redacted!.Value);
    }

    /// <summary>Content is for its author and whom it mentions as well, and in DMs for everyone.</summary>
    bool HidesFrom(UserId user) => e.Message is { IsPrivate: false } message && message.Author != user && !message.Mentioned.Contains(user);

    OutboundEvent Keep(ref OutboundEvent? place, ReadOnlyMemory<byte> data)
    {
        var made = OutboundEvent.Create(e.Name, data.Span, e.Message is { IsPrivate: true } ? e.Message : null);
        return Interlocked.CompareExchange(ref place, made, null) ?? made;
    }
}
