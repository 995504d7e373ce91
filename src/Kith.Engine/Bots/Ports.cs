using Kith.Domain;
using Kith.Engine.Accounts;

namespace Kith.Engine.Bots;

/// <summary>An application as stored. Its bot is the user with the same id.</summary>
public sealed record ApplicationRecord
{
    public required AppId Id { get; init; }
    public required UserId OwnerId { get; init; }
    public required string Name { get; init; }
    public string Description { get; init; } = "";

    public UserId BotId => new(Id.Value);
}

public interface IApplicationStore
{
    Task<ApplicationRecord?> FindAsync(AppId id, CancellationToken ct);

    /// <summary>By id.</summary>
    Task<IReadOnlyList<ApplicationRecord>> OfOwnerAsync(UserId owner, CancellationToken ct);

    /// <summary>The application, its bot and the bot's session, or nothing: then the bot's name is taken.</summary>
    Task<UserSaved> CreateAsync(ApplicationRecord application, UserRecord bot, AuthSessionRecord session, CancellationToken ct);
}
