using Kith.Engine;
using Kith.Engine.Channels;
using Kith.Engine.Export;
using Kith.Engine.Import;
using Kith.Engine.Messages;
using Kith.Engine.Receipts;
using Kith.Engine.Unread;
using Kith.Storage.Sql;
using Kith.Storage.Sql.Import;
using Kith.Storage.Sql.Messages;
using Kith.Storage.Sql.Unread;

namespace Kith.Server.Composition;

static class MessagesComposition
{
    /// <summary>Commits that may be under way: each holds a connection.</summary>
    const int LanesToMySql = 8;

    public static IServiceCollection AddMessages(this IServiceCollection services) => services
        .AddSingleton<SqlMessageStore>()
        .AddSingleton<IMessageStore>(s => s.GetRequiredService<SqlMessageStore>())
        .AddSingleton<IMentionStore, SqlMentionStore>()
        .AddSingleton<IReactionStore, SqlReactionStore>()
        .AddSingleton<IPinStore, SqlPinStore>()
        .AddSingleton<IImportStore, SqlImportStore>()
        .AddSingleton<IMessageArchive, SqlMessageArchive>()
        .AddSingleton<MessageWire>()
        .AddSingleton<MentionResolver>()
        .AddSingleton<MessageEffects>()
        .AddSingleton(MakeLanes)
        .AddSingleton<SlowMode>()
        .AddSingleton<MessageAdmission>()
        .AddSingleton(s => new ChannelTails(s.GetRequiredService<IMessageStore>(), isAlone: !s.GetRequiredService<KithOptions>().IsClustered))
        .AddSingleton<ChannelCaches>()
        .AddSingleton<MessageSender>()
        .AddSingleton<MessageHistory>()
        .AddSingleton<MessageEditing>()
        .AddSingleton<MessageDeletion>()
        .AddSingleton<MessageAudit>()
        .AddSingleton<PinAnnouncements>()
        .AddSingleton<Reactions>()
        .AddSingleton<Pins>()
        .AddSingleton<Typing>()
        .AddSingleton<MessageSearch>()
        .AddSingleton<MentionInbox>()
        .AddHostedService<MessageUpkeep>();

    /// <summary>One for a store with a single writer; where other processes write as well, the store gives each message its place.</summary>
    static MessageLanes MakeLanes(IServiceProvider services) => services.GetRequiredService<SqlDatabase>() is MySqlDatabase mysql
        ? ActivatorUtilities.CreateInstance<MessageLanes>(services, LanesToMySql, services.GetService<IMessagePlacement>() ?? new SqlMessagePlacement(mysql))
        : ActivatorUtilities.CreateInstance<MessageLanes>(services, 1);

    public static IServiceCollection AddSearch(this IServiceCollection services, KithOptions options) => options.MySql.Connection.Length > 0
        ? services.AddSingleton<ISearchIndex, SqlMessageScan>()
        : services.AddEmbeddedSearch();

    static IServiceCollection AddEmbeddedSearch(this IServiceCollection services) => services
        .AddSingleton(s => ActivatorUtilities.CreateInstance<SqliteSearchIndex>(s, (SqliteDatabase)s.GetRequiredService<SqlDatabase>()))
        .AddSingleton<ISearchIndex>(s => s.GetRequiredService<SqliteSearchIndex>())
        .AddHostedService(s => s.GetRequiredService<SqliteSearchIndex>());

    public static IServiceCollection AddUnread(this IServiceCollection services) => services
        .AddSingleton<IReadStateStore, SqlReadStateStore>()
        .AddSingleton<IReceiptStore, SqlReceiptStore>()
        .AddSingleton<VisibleChannels>()
        .AddSingleton<UnreadCounter>()
        .AddSingleton<UnreadMarks>()
        .AddSingleton<ReceiptPrivacy>()
        .AddSingleton(s => ActivatorUtilities.CreateInstance<ReceiptMarks>(s, s.GetRequiredService<KithOptions>().IsClustered));
}

/// <summary>What runs beside the requests: watermarks are written every half second, day-old nonces forgotten every ten minutes.</summary>
sealed partial class MessageUpkeep(ReceiptMarks receipts, SqlMessageStore messages, TimeProvider clock, ILogger<MessageUpkeep> log) : PeriodicWork(Flush, clock)
{
    static readonly TimeSpan Flush = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Forget = TimeSpan.FromMinutes(10);

    long forgotten = clock.GetTimestamp();

    protected override async Task RunAsync(CancellationToken ct)
    {
        await receipts.FlushAsync(ct);
        if (Clock.GetElapsedTime(forgotten) < Forget) return;
        forgotten = Clock.GetTimestamp();
        await messages.ForgetNoncesAsync(ct);
    }

    protected override Task FinishAsync(CancellationToken ct) => receipts.FlushAsync(ct);

    protected override void Failed(Exception e) => LogFailed(e);

    [LoggerMessage(1200, LogLevel.Error, "Upkeep of messages failed; it is tried again")]
    partial void LogFailed(Exception e);
}
