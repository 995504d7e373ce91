namespace Kith.Gateway.Protocol;

/// <summary>Close codes that the framing itself answers with; the gateway's own (4000 and up) are named in Kith.Protocol.</summary>
internal static class CloseCodes
{
    internal const int Normal = 1000;
    internal const int ProtocolError = 1002;

    /// <summary>Not sent: stands for a close frame without a code.</summary>
    internal const int NoStatus = 1005;

    /// <summary>Not sent: stands for a connection that ended without a close frame.</summary>
    internal const int Abnormal = 1006;
    internal const int InvalidText = 1007;
    internal const int UnknownError = 4000;

    /// <summary>The gateway's answer to a payload of more than 4,096 bytes.</summary>
    internal const int PayloadTooLarge = 4002;

    /// <summary>Whether a client may put this code into a close frame (RFC 6455, 7.4, and the IANA registry).</summary>
    internal static bool MayBeReceived(int code) => code is >= 1000 and <= 1014 and not (1004 or NoStatus or Abnormal) or >= 3000 and <= 4999;
}
