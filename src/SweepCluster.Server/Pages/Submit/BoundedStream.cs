namespace SweepCluster.Server.Pages.Submit;

/// <summary>Reads no more than an archive's entry said that it holds.</summary>
internal sealed class BoundedStream(Stream inner, long length) : ReadOnlyStream
{
    private long _left = length;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await inner.ReadAsync(buffer, cancellationToken));

    private int Count(int read) => (_left -= read) >= 0 ? read : throw new InvalidDataException("An entry is longer than the archive says.");
}
