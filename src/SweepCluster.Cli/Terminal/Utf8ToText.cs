using System.Text;

namespace SweepCluster.Cli.Terminal;

/// <summary>A stream of UTF-8 that goes on to a text output as it comes: for what is too long for one string.</summary>
/// <param name="output">Receives the characters; stays open.</param>
internal sealed class Utf8ToText(TextWriter output) : Stream
{
    private const int PieceLength = 1 << 12;

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder(); // keeps the half of a character that a piece ends with
    private readonly char[] _characters = new char[PieceLength];

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

    /// <inheritdoc/>
    public override void Flush() => output.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            _decoder.Convert(buffer, _characters, flush: false, out int bytes, out int characters, out _);
            output.Write(_characters, 0, characters);
            buffer = buffer[bytes..];
        }
    }
}
