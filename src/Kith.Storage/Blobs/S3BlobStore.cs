using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Kith.Engine.Delivery;
using Kith.Engine.Media;

namespace Kith.Storage.Blobs;

/// <summary>
/// Blobs as objects of one bucket: <c>blobs/{key}</c>, and <c>uploads/{id}</c> for what clients put there by themselves. Whatever the server answers but what is expected, it counts as away.
/// </summary>
public sealed class S3BlobStore : IBlobStore, IDirectUploadStore, IDisposable
{
    /// <summary>Bytes from which on files go in parts, and of one part.</summary>
    public const long PartSize = 16L << 20;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly AmazonS3Client client;
    readonly AmazonS3Client signer;
    readonly S3Options options;

    public S3BlobStore(S3Options options)
    {
        this.options = options;
        client = Connect(options, options.Endpoint);
        // Signs addresses for clients, and never connects.
        signer = Connect(options, options.PublicEndpoint.Length > 0 ? options.PublicEndpoint : options.Endpoint);
    }

    public Task AdoptAsync(string key, string path, string contentType, CancellationToken ct) => GuardAsync(async () =>
    {
        if (await LengthAsync(ObjectOf(key), ct) is not null) return true;
        if (new FileInfo(path).Length > PartSize) await PutPartsAsync(ObjectOf(key), path, contentType, ct);
        else await client.PutObjectAsync(new PutObjectRequest { BucketName = options.Bucket, Key = ObjectOf(key), FilePath = path, ContentType = contentType, UseChunkEncoding = false }, ct);
        return true;
    });

    public Task<Stream?> OpenAsync(string key, long offset, long length, CancellationToken ct) => GuardAsync(async () =>
    {
        if (length == 0) return await LengthAsync(ObjectOf(key), ct) is null ? null : Stream.Null;
        try
        {
            var response = await client.GetObjectAsync(new GetObjectRequest { BucketName = options.Bucket, Key = ObjectOf(key), ByteRange = new ByteRange(offset, offset + length - 1) }, ct);
            return response.ResponseStream;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    });

    public Task DeleteAsync(string key, CancellationToken ct) => GuardAsync(async () => await client.DeleteObjectAsync(options.Bucket, ObjectOf(key), ct));

    public Task<UploadTarget> BeginAsync(string key, long size, TimeSpan life, CancellationToken ct) => GuardAsync(async () =>
    {
        var expires = DateTime.UtcNow + life;
        if (size <= PartSize) return new UploadTarget(await SignAsync(key, expires, null, 0), null, []);
        var upload = await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = options.Bucket, Key = ObjectOf(key) }, ct);
        List<UploadPart> parts = [];
        for (long offset = 0; offset < size; offset += PartSize)
            parts.Add(new UploadPart(parts.Count + 1, offset, Math.Min(PartSize, size - offset), await SignAsync(key, expires, upload.UploadId, parts.Count + 1)));
        return new UploadTarget(null, upload.UploadId, parts);
    });

    public Task<long?> FinishAsync(string key, string? uploadId, IReadOnlyList<string> tags, CancellationToken ct) => GuardAsync(async () =>
    {
        if (uploadId is not null && !await CompleteAsync(key, uploadId, tags, ct)) return null;
        return await LengthAsync(ObjectOf(key), ct);
    });

    public Task DiscardAsync(string key, string? uploadId, CancellationToken ct) => GuardAsync(async () =>
    {
        if (uploadId is not null)
        {
            try
            {
                await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = ObjectOf(key), UploadId = uploadId }, ct);
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
            {
                // Finished or given up before.
            }
        }

        return await client.DeleteObjectAsync(options.Bucket, ObjectOf(key), ct);
    });

    public void Dispose()
    {
        client.Dispose();
        signer.Dispose();
    }

    async Task<bool> CompleteAsync(string key, string uploadId, IReadOnlyList<string> tags, CancellationToken ct)
    {
        if (tags.Count == 0) return false;
        try
        {
            await client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = options.Bucket, Key = ObjectOf(key), UploadId = uploadId, PartETags = [.. tags.Select((tag, i) => new PartETag(i + 1, tag))] }, ct);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // Completed before, by a send that was refused for another reason; whether it was, the length says.
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.BadRequest)
        {
            return false;
        }
    }

    async Task PutPartsAsync(string key, string path, string contentType, CancellationToken ct)
    {
        var upload = await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = options.Bucket, Key = key, ContentType = contentType }, ct);
        try
        {
            List<PartETag> parts = [];
            var length = new FileInfo(path).Length;
            for (long offset = 0; offset < length; offset += PartSize)
            {
                var part = await client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = options.Bucket, Key = key, UploadId = upload.UploadId, PartNumber = parts.Count + 1, FilePath = path, FilePosition = offset,
                        PartSize = Math.Min(PartSize, length - offset), UseChunkEncoding = false,
                    }, ct);
                parts.Add(new PartETag(parts.Count + 1, part.ETag));
            }

            await client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest { BucketName = options.Bucket, Key = key, UploadId = upload.UploadId, PartETags = parts }, ct);
        }
        catch
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = key, UploadId = upload.UploadId }, CancellationToken.None);
            throw;
        }
    }

    async Task<long?> LengthAsync(string key, CancellationToken ct)
    {
        try
        {
            return (await client.GetObjectMetadataAsync(options.Bucket, key, ct)).ContentLength;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    Task<string> SignAsync(string key, DateTime expires, string? uploadId, int part) => signer.GetPreSignedURLAsync(new GetPreSignedUrlRequest
    {
        BucketName = options.Bucket, Key = ObjectOf(key), Verb = HttpVerb.PUT, Expires = expires, UploadId = uploadId, PartNumber = part,
        Protocol = signer.Config.ServiceURL?.StartsWith("http://", StringComparison.Ordinal) == true ? Amazon.S3.Protocol.HTTP : Amazon.S3.Protocol.HTTPS,
    });

    static string ObjectOf(string key) => key.StartsWith("uploads/", StringComparison.Ordinal) ? key : $"blobs/{key}";

    static AmazonS3Client Connect(S3Options options, string endpoint)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle, AuthenticationRegion = options.Region, Timeout = Patience, MaxErrorRetry = 1,
            RequestChecksumCalculation = options.Checksums ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = options.Checksums ? ResponseChecksumValidation.WHEN_SUPPORTED : ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (endpoint.Length > 0) config.ServiceURL = endpoint;
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return options.AccessKey.Length > 0 ? new AmazonS3Client(options.AccessKey, options.SecretKey, config) : new AmazonS3Client(config);
    }

    static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or WebException || (e is TaskCanceledException { InnerException: TimeoutException }))
        {
            throw new UnavailableException("s3", e);
        }
    }
}
