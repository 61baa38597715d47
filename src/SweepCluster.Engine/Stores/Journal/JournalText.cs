using Microsoft.Win32.SafeHandles;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Reads pieces of the journal's text back from the file. Thread-safe.</summary>
internal sealed class JournalText(string path) : IDisposable
{
    private const int WindowLength = 1 << 18;

    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads pieces that lie near each other, most of them in file order.</summary>
    /// <param name="several">Whether more than a few are asked for, so that reading ahead pays.</param>
    internal Pass Begin(bool several) => new(this, several ? WindowLength : 0);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>One pass over pieces, with a window that moves along. For one thread.</summary>
    internal sealed class Pass(JournalText text, int window)
    {
        private byte[] _buffer = [];
        private long _start;
        private int _length;

        /// <summary>The bytes of a piece, valid until the next call.</summary>
        /// <exception cref="BadInputException">They are not what they were when the journal was opened or written.</exception>
        internal ReadOnlySpan<byte> Read(in JournalSpan span)
        {
            if (span.Position < _start || span.Position + span.Length > _start + _length)
            {
                Fill(span);
            }

            ReadOnlySpan<byte> bytes = _buffer.AsSpan((int)(span.Position - _start), Math.Min(span.Length, _length - (int)(span.Position - _start)));
            return bytes.Length == span.Length && JournalSpan.Sum(bytes) == span.Checksum ? bytes : throw new BadInputException(
                $"{text.Path}, byte {span.Position}: found other bytes than were written, expected a journal that nobody else changes; the disk or another program damaged it.");
        }

        /// <summary>A job.</summary>
        internal Job ReadJob(in JournalSpan span) => JournalIndex.ReadJob(Read(span));

        /// <summary>A result.</summary>
        internal JobResult ReadResult(in JournalSpan span, bool isFailure) => JournalIndex.ReadResult(Read(span), isFailure);

        private void Fill(in JournalSpan span)
        {
            int wanted = Math.Max(span.Length, window);
            if (_buffer.Length < wanted)
            {
                _buffer = new byte[wanted];
            }

            _start = span.Position;
            _length = 0;
            while (_length < wanted)
            {
                int read = RandomAccess.Read(text._file, _buffer.AsSpan(_length, wanted - _length), _start + _length);
                if (read == 0)
                {
                    break;
                }

                _length += read;
            }
        }
    }

    private string Path { get; } = path;
}
