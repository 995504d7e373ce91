using Kith.Engine.Media;
using Kith.Engine.Media.Pictures;
using Kith.Engine.Media.Previews;
using Kith.Storage.Blobs;
using Kith.Storage.Media;
using Kith.Storage.Sql.Media;

namespace Kith.Server.Composition;

static class MediaComposition
{
    /// <summary>Files of messages: uploads, what they are kept in, addresses and upkeep.</summary>
    public static IServiceCollection AddMedia(this IServiceCollection services, KithOptions options) => services
        .AddSingleton(new MediaFolder(Path.Combine(options.Data, "media")))
        .AddSingleton<MediaOrigin>()
        .AddSingleton<SqlAttachmentStore>()
        .AddSingleton<IAttachmentStore>(s => s.GetRequiredService<SqlAttachmentStore>())
        .AddSingleton<IBlobIndex>(s => s.GetRequiredService<SqlAttachmentStore>())
        .AddBlobs(options)
        .AddSingleton<IncomingFiles>()
        .AddSingleton<IMediaTools, VipsAndFfmpeg>()
        .AddSingleton<FilePreparation>()
        .AddSingleton<Renditions>()
        .AddSingleton<StoredFiles>()
        .AddSingleton<IImageStore, SqlImageStore>()
        .AddSingleton<OwnedImages>()
        .AddSingleton<UploadLinks>()
        .AddSingleton<DirectUploads>()
        .AddSingleton<MessageFiles>()
        .AddSingleton<MediaLinks>()
        .AddSingleton<LinkQueue>()
        .AddSingleton<LinkFetcher>()
        .AddSingleton<PreviewedMessages>()
        .AddHostedService<LinkPreviews>()
        .AddSingleton<BlobCleaning>()
        .AddSingleton<MediaCleaning>()
        .AddHostedService<MediaSweep>();

    static IServiceCollection AddBlobs(this IServiceCollection services, KithOptions options) =>
        options.S3.Bucket.Length > 0 ? services.AddSingleton<IBlobStore, S3BlobStore>() : services.AddSingleton<IBlobStore, FolderBlobStore>();
}
