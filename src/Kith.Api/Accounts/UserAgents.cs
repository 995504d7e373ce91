using Kith.Api.Http;
using Kith.Engine.Accounts;
using Microsoft.Net.Http.Headers;

namespace Kith.Api.Accounts;

/// <summary>What a User-Agent header tells a person about a login. A guess; nothing depends on it.</summary>
static class UserAgents
{
    const int MaxLength = 256;

    /// <summary>The first that is found counts: Edge and Opera say Chrome as well, Chrome says Safari, Android says Linux.</summary>
    static readonly (string Token, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    static readonly (string Token, string Name)[] Platforms =
        [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("DiscordBot", "Bot"), ("Kith", "Kith")];

    public static (string? Os, string? Platform) Describe(string? agent) => agent is null ? default : (Find(Systems, agent), Find(Platforms, agent));

    /// <summary>From where a request comes.</summary>
    public static ClientInfo Client(this ApiRequest request)
    {
        var agent = request.Http.Request.Headers[HeaderNames.UserAgent].ToString();
        return new ClientInfo(request.Http.Connection.RemoteIpAddress?.ToString(), agent.Length == 0 ? null : agent.Length > MaxLength ? agent[..MaxLength] : agent);
    }

    static string? Find((string Token, string Name)[] known, string agent) => Array.Find(known, k => agent.Contains(k.Token, StringComparison.Ordinal)).Name;
}
