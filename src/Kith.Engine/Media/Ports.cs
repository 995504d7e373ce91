using Kith.Domain;
using Kith.Protocol;

namespace Kith.Engine.Media;

/// <summary>
/// Files under keys, immutable once there. Adapters: a folder; S3. Where the store is away, calls throw <see cref="Delivery.UnavailableException"/>.
/// </summary>
public interface IBlobStore
{
    /// <summary>
    /// Takes over a file of this machine, which is on the disk and need not be there afterwards. Returns once the blob is safe; where the key exists, it stays as it is.
    /// </summary>
    Task AdoptAsync(string key, string path, string contentType, CancellationToken ct);

    /// <summary>The bytes from <paramref name="offset"/> on, <paramref name="length"/> of them; null where there is no such blob. The bounds lie within it.</summary>
    Task<Stream?> OpenAsync(string key, long offset, long length, CancellationToken ct);

    /// <summary>Nothing happens where there is none.</summary>
    Task DeleteAsync(string key, CancellationToken ct);
}

/// <summary>Where a client puts a file.</summary>
/// <param name="Url">Takes it whole, by PUT; null where it comes in parts.</param>
/// <param name="Parts">Each takes its part, by PUT.</param>
public sealed record UploadTarget(string? Url, string? UploadId, IReadOnlyList<UploadPart> Parts);

/// <param name="Number">From 1.</param>
public sealed record UploadPart(int Number, long Offset, long Size, string Url);

/// <summary>A blob store that clients upload to by themselves, past this server. Throws <see cref="Delivery.UnavailableException"/> where it is away.</summary>
public interface IDirectUploadStore
{
    Task<UploadTarget> BeginAsync(string key, long size, TimeSpan life, CancellationToken ct);

    /// <summary>Puts parts together. The length of what is there; null where nothing is, or the parts are not those that came.</summary>
    /// <param name="tags">What the store answered to each part, in order.</param>
    Task<long?> FinishAsync(string key, string? uploadId, IReadOnlyList<string> tags, CancellationToken ct);

    /// <summary>Removes what was uploaded, whole or in parts; nothing happens where there is none.</summary>
    Task DiscardAsync(string key, string? uploadId, CancellationToken ct);
}

public enum AttachmentState
{
    /// <summary>Announced, to be uploaded directly.</summary>
    Expected = 0,

    /// <summary>There, and no message has it yet.</summary>
    Ready = 1,

    /// <summary>A send is under way. What a crash leaves so is decided by whether the message exists.</summary>
    Claimed = 2,

    Sent = 3,
}

/// <summary>A file of a message, or on its way to one.</summary>
public sealed record AttachmentRecord
{
    public required AttachmentId Id { get; init; }
    public required ChannelId ChannelId { get; init; }

    /// <summary>Who uploaded it, and whose quota it counts against.</summary>
    public required UserId UserId { get; init; }
    public MessageId? MessageId { get; init; }
    public required AttachmentState State { get; init; }

    /// <summary>See <see cref="FileNames"/>.</summary>
    public required string Filename { get; init; }

    /// <summary>Bytes; of an expected one as announced.</summary>
    public required long Size { get; init; }

    /// <summary>By content, never by name.</summary>
    public required string ContentType { get; init; }

    /// <summary>Null while it is expected.</summary>
    public string? BlobKey { get; init; }
    public FileDetails Details { get; init; } = new();
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What was found in a file.</summary>
public sealed record FileDetails
{
    /// <summary>Pixels, orientation applied.</summary>
    public int? Width { get; init; }
    public int? Height { get; init; }
    public double? DurationSecs { get; init; }

    /// <summary>Base64 of up to 256 bytes, one per sample.</summary>
    public string? Waveform { get; init; }

    /// <summary>Base64 of a thumbhash.</summary>
    public string? Placeholder { get; init; }

    /// <summary>While it is expected in parts: what the store calls that upload.</summary>
    public string? UploadId { get; init; }
}

public enum AttachmentAddition
{
    Added,
    OverQuota,

    /// <summary>The blob of this key is being deleted: take another key.</summary>
    BlobDoomed,

    /// <summary>What was expected is no longer.</summary>
    Gone,
}

/// <summary>Files of messages, with quotas and references to blobs: each call is one transaction.</summary>
public interface IAttachmentStore
{
    /// <summary>Counts its size against the user's quota (0: none) and, where it has a blob, refers to that.</summary>
    Task<AttachmentAddition> AddAsync(AttachmentRecord attachment, long quota, CancellationToken ct);

    Task<AttachmentRecord?> FindAsync(AttachmentId id, CancellationToken ct);

    /// <summary>From ready to claimed, all or none: null where one is not the user's, not for the channel, or not ready.</summary>
    Task<IReadOnlyList<AttachmentRecord>?> ClaimAsync(IReadOnlyCollection<AttachmentId> ids, UserId user, ChannelId channel, CancellationToken ct);

    /// <summary>From expected to ready, with what the file turned out to be; refers to its blob and counts its real size. </summary>
    Task<AttachmentAddition> CompleteAsync(AttachmentRecord attachment, CancellationToken ct);

    /// <summary>From claimed to ready.</summary>
    Task ReturnAsync(IReadOnlyCollection<AttachmentId> ids, CancellationToken ct);

    Task SentAsync(IReadOnlyCollection<AttachmentId> ids, MessageId message, CancellationToken ct);

    /// <summary>The files of messages, read from an index.</summary>
    Task<IReadOnlyList<AttachmentId>> OfMessagesAsync(ChannelId channel, IReadOnlyCollection<MessageId> messages, CancellationToken ct);

    /// <summary>Notes that they are about to go, or with null that they are not.</summary>
    Task MarkAsync(IReadOnlyCollection<AttachmentId> ids, DateTimeOffset? deletedAt, CancellationToken ct);

    /// <summary>Gives back quota and releases blobs. What is gone already is ignored.</summary>
    Task RemoveAsync(IReadOnlyCollection<AttachmentId> ids, DateTimeOffset now, CancellationToken ct);

    /// <summary>Not sent, and made before the moment: oldest first.</summary>
    Task<IReadOnlyList<AttachmentRecord>> UnsentAsync(DateTimeOffset before, int limit, CancellationToken ct);

    /// <summary>Marked before the moment and still there.</summary>
    Task<IReadOnlyList<AttachmentRecord>> MarkedAsync(DateTimeOffset before, int limit, CancellationToken ct);

    Task<IReadOnlyList<AttachmentRecord>> OfChannelAsync(ChannelId channel, int limit, CancellationToken ct);

    /// <summary>A user's, ascending by id, those after <paramref name="after"/>.</summary>
    Task<IReadOnlyList<AttachmentRecord>> OfUserAsync(UserId user, AttachmentId after, int limit, CancellationToken ct);
}

/// <summary>What lies in the blob store, by references.</summary>
public interface IBlobIndex
{
    /// <summary>Dooms those without a reference since before the moment, and those doomed earlier; returns them, for their deletion.</summary>
    Task<IReadOnlyList<string>> DoomAsync(DateTimeOffset before, int limit, CancellationToken ct);

    /// <summary>After its deletion from the store.</summary>
    Task ForgetAsync(string key, CancellationToken ct);
}
