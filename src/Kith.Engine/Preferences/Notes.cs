using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Delivery;
using Kith.Protocol;

namespace Kith.Engine.Preferences;

/// <summary>What users write down about others, for themselves only.</summary>
public sealed class Notes(ISettingsStore store, Users users, IEventLog events, KeyedLock locks)
{
    /// <summary>UTF-16 units.</summary>
    const int MaxLength = 256;

    /// <summary>All of a user's, by whom they are about: one query.</summary>
    public Task<IReadOnlyDictionary<UserId, string>> OfAsync(UserId user, CancellationToken ct) => store.NotesOfAsync(user, ct);

    /// <summary>Empty where there is none.</summary>
    public async Task<string> FindAsync(Principal me, UserId about, CancellationToken ct) => await store.FindNoteAsync(me.Id, about, ct) ?? "";

    /// <summary>An empty note removes it.</summary>
    public async Task<Result<Done>> SetAsync(Principal me, UserId about, string note, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        if (note.Length > MaxLength) return ErrorCode.NoteTooLong;
        if (await users.FindAsync(about, ct) is null) return ErrorCode.UnknownUser;
        using var held = await locks.EnterAsync(me.Id, ct);
        await store.SetNoteAsync(me.Id, about, note, ct);
        await events.PublishAsync(
            new Event { Name = "USER_NOTE_UPDATE", Data = Wire.Utf8(new UserNote(about, note)), Audience = new Audience.OfUsers(me.Id) }, CancellationToken.None);
        return Done.Instance;
    }
}
