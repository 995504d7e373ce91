using System.Security.Cryptography;
using Kith.Domain;
using Kith.Engine.Accounts;
using Kith.Engine.Guilds;
using Kith.Protocol;

namespace Kith.Engine.Bots;

/// <summary>Applications of people, and the bots that act for them.</summary>
public sealed class Applications(IApplicationStore store, Users users, LoginSessions sessions, IMemberStore members, SnowflakeGenerator ids)
{
    const int MaxName = 32;
    const int MaxDescription = 400;

    /// <summary>Names tried for a bot whose application's name is taken: with four digits behind it, so five tries fail only where thousands have that name.</summary>
    const int NameAttempts = 5;

    /// <summary>With the bot's token, which is shown only now.</summary>
    public async Task<Result<Application>> CreateAsync(Principal me, string? name, string? description, CancellationToken ct)
    {
        if (me.User.Bot) return ErrorCode.BotsCannotUse;
        name = name?.Trim();
        if (Check(name, description) is { } wrong) return wrong;
        var application = new ApplicationRecord { Id = new AppId(ids.Next()), OwnerId = me.Id, Name = name!, Description = description?.Trim() ?? "" };
        var (session, token) = sessions.Prepare(application.BotId);
        foreach (var username in BotNames(name!))
        {
            var bot = new UserRecord { Id = application.BotId, Username = username, Bot = true };
            if ((await store.CreateAsync(application, bot, session, ct)).User is not null)
                return await ToWireAsync(application, CancellationToken.None) with { Token = token };
        }

        return AccountRules.Taken(UserConflict.NameTaken);
    }

    /// <summary>Those that one owns.</summary>
    public async Task<Result<Application[]>> OfAsync(Principal me, CancellationToken ct)
    {
        List<Application> found = [];
        foreach (var application in await store.OfOwnerAsync(me.Id, ct))
            found.Add(await ToWireAsync(application, ct));
        return found.ToArray();
    }

    /// <summary>The application of the bot that asks.</summary>
    public async Task<Result<Application>> OfBotAsync(Principal bot, CancellationToken ct)
    {
        if (!bot.User.Bot) return ErrorCode.OnlyBotsCanUse;
        return await store.FindAsync(new AppId(bot.Id.Value), ct) is { } application ? await ToWireAsync(application, ct) : ErrorCode.UnknownApplication;
    }

    /// <summary>A new token for the bot; the former one has ended. Another's application answers as none.</summary>
    public async Task<Result<string>> ResetTokenAsync(Principal me, AppId id, CancellationToken ct)
    {
        if (await store.FindAsync(id, ct) is not { } application || application.OwnerId != me.Id) return ErrorCode.UnknownApplication;
        return await sessions.ReplaceAllAsync(application.BotId, new ClientInfo(null, null), ct);
    }

    async Task<Application> ToWireAsync(ApplicationRecord application, CancellationToken ct) => new()
    {
        Id = application.Id, Name = application.Name, Description = application.Description,
        Bot = await users.WireAsync(application.BotId, ct), Owner = await users.WireAsync(application.OwnerId, ct),
        ApproximateGuildCount = (await members.OfUserAsync(application.BotId, ct)).Count,
    };

    static Error? Check(string? name, string? description)
    {
        var errors = new FormErrors();
        errors.Required("name", name);
        if (!string.IsNullOrEmpty(name)) errors.Length("name", name, 1, MaxName);
        if (name?.Any(char.IsControl) == true) errors.Add("name", "STRING_TYPE_REGEX", "String value did not match validation regex.");
        errors.Length("description", description, 0, MaxDescription);
        return errors.Error;
    }

    /// <summary>The application's name as a user name, then the same with numbers.</summary>
    static IEnumerable<string> BotNames(string name)
    {
        var errors = new FormErrors();
        var clean = string.Concat(name.Where(c => c is not ('@' or '#' or ':' or '`'))).Trim();
        AccountRules.BotName(errors, "name", clean);
        if (errors.Error is null) yield return clean;
        var stem = clean.Length > MaxName - 5 ? clean[..(MaxName - 5)] : clean;
        for (var i = 0; i < NameAttempts; i++)
            yield return $"{(stem.Length == 0 ? "bot" : stem)}-{RandomNumberGenerator.GetInt32(10_000):D4}";
    }
}
