using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Api.Blobs;

/// <summary>Parts of files on their way to the store: they come into files, and few at a time are in memory, however many send.</summary>
internal static class PartSpool
{
    /// <summary>Bytes that are read at a time.</summary>
    internal const int PieceBytes = 1 << 16;

    private static readonly SemaphoreSlim s_inMemory = new(8); // parts at a time

    /// <summary>Stores what a file holds as one part.</summary>
    /// <param name="content">The file, of at most <see cref="BlobEndpoints.MostBytes"/> bytes; read from its beginning.</param>
    /// <param name="blobs">The store.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The part's name.</returns>
    /// <exception cref="StoreUnavailableException">It could not be written.</exception>
    internal static async Task<string> StoreAsync(FileStream content, IBlobStore blobs, CancellationToken cancellationToken)
    {
        await s_inMemory.WaitAsync(cancellationToken);
        try
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)content.Length);
            content.Position = 0;
            await content.ReadExactlyAsync(bytes, cancellationToken);
            return await blobs.PutAsync(bytes, cancellationToken);
        }
        finally
        {
            s_inMemory.Release();
        }
    }
}
