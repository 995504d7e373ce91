using Kith.Engine.Channels;
using Kith.Protocol;

namespace Kith.Engine.Messages;

/// <summary>Whether a message that its sender may send is taken now: slow mode, and whom a DM may reach.</summary>
public sealed class MessageAdmission(SlowMode slowMode, PrivateChannels privates)
{
    public async ValueTask<Error?> RefuseAsync(ChannelAccess access, CancellationToken ct)
    {
        if (await privates.AdmitMessageAsync(access, ct) is { } refusal) return refusal;
        return await slowMode.TakeAsync(access, ct) is { } wait ? new Error(ErrorCode.ChannelWriteRateLimited, RetryAfter: wait) : null;
    }
}
