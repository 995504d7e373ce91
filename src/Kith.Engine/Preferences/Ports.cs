using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Preferences;

/// <summary>What users keep for themselves: settings, how much each guild may bother them, and notes about others.</summary>
public interface ISettingsStore
{
    /// <summary>Null where nothing was ever set.</summary>
    Task<UserSettings?> FindAsync(UserId user, CancellationToken ct);

    /// <summary>Applies a change to the newest state (the defaults, at first); returns what is now stored.</summary>
    Task<UserSettings> UpdateAsync(UserId user, Func<UserSettings, UserSettings> change, CancellationToken ct);

    Task<IReadOnlyList<UserGuildSettings>> GuildsOfAsync(UserId user, CancellationToken ct);

    /// <summary>The same for one guild; null: DMs and groups. The version is the store's to raise.</summary>
    Task<UserGuildSettings> UpdateGuildAsync(UserId user, GuildId? guild, Func<UserGuildSettings, UserGuildSettings> change, CancellationToken ct);

    Task<IReadOnlyDictionary<UserId, string>> NotesOfAsync(UserId user, CancellationToken ct);

    Task<string?> FindNoteAsync(UserId user, UserId about, CancellationToken ct);

    /// <summary>An empty note is none.</summary>
    Task SetNoteAsync(UserId user, UserId about, string note, CancellationToken ct);
}
