using Kith.Domain;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>TYPING_START to those who see the channel. Nothing is stored; clients let it lapse after ten seconds.</summary>
public sealed class Typing(IEventLog events, TimeProvider clock)
{
    public async ValueTask<Result<Done>> StartAsync(ChannelAccess access, CancellationToken ct)
    {
        if (!access.Has(Permissions.SendMessages)) return ErrorCode.MissingPermissions;
        await events.PublishAsync(new Event
        {
            Name = "TYPING_START", Audience = MessageEvents.AudienceOf(access), Intents = access.Guild is null ? Intents.DirectMessageTyping : Intents.GuildMessageTyping,
            Data = Wire.Utf8(new TypingStart
            {
                ChannelId = access.Id, GuildId = access.Channel.GuildId, UserId = access.Principal.Id, Timestamp = clock.GetUtcNow().ToUnixTimeSeconds(),
                Member = access.Member?.ToWire(access.Principal.User.ToWire()),
            }),
        }, ct);
        return Done.Instance;
    }
}
