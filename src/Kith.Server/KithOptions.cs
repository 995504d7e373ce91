using Kith.Engine.Accounts;

namespace Kith.Server;

/// <summary>What the person who runs the server can set: in the file of <c>--config</c>, in <c>KITH__…</c> environment variables, or on the command line.</summary>
public sealed record KithOptions
{
    /// <summary>Where to listen: one or more addresses, separated by semicolons.</summary>
    public string Urls { get; init; } = "http://localhost:8080";

    /// <summary>The folder of the embedded store, the instance's keys and the media.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>Who may make an account: <c>open</c> (everyone), <c>invite</c> (with a guild's invite or an admin's code) or <c>closed</c>. The first account is the admin's.</summary>
    public RegistrationPolicy Registration { get; init; } = RegistrationPolicy.Open;
}
