using System.Security.Cryptography;

namespace SweepCluster.Formats.Files;

/// <summary>A stream to an unbuffered file, which hashes what passes and stops when it is told to.</summary>
internal sealed class HashingStream(Stream inner, CancellationToken cancellationToken) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What the class library means by an argument out of range when a write is one byte too far.</summary>
    internal static IOException TooLong(ArgumentOutOfRangeException exception) => new("the file system takes no file so long", exception);

    /// <summary>SHA-256 of what was written; asked for once.</summary>
    internal byte[] Finish() => _hash.GetHashAndReset();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _hash.AppendData(buffer);
        try
        {
            inner.Write(buffer);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw TooLong(exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
