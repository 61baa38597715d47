using System.Text.Json;

namespace SweepCluster.Engine.Runs;

/// <summary>The timings of a file, one in each line. Keeps where each is, 24 bytes, and reads it when it is asked for: a sweep has a million.</summary>
internal sealed class TimingLines : IDisposable
{
    private const int BufferLength = 1 << 16;

    private readonly FileStream _file;
    private readonly List<Place> _places = []; // by job, then as they stand in the file
    private byte[] _buffer = new byte[BufferLength];

    /// <summary>Looks through a file. A line that a killed run left unfinished is passed over.</summary>
    /// <param name="path">The file; made if it is missing.</param>
    /// <param name="isTemporary">Whether to remove the file at the end.</param>
    internal TimingLines(string path, bool isTemporary = false)
    {
        _file = new FileStream(
            path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, isTemporary ? FileOptions.DeleteOnClose : FileOptions.None);
        try
        {
            Index();
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        _places.Sort();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>All of them by job; those of one job by the time when they were finished.</summary>
    internal IEnumerable<Timing> InOrder()
    {
        for (int start = 0, end; start < _places.Count; start = end)
        {
            end = EndOfJob(start);
            if (end == start + 1)
            {
                yield return Read(_places[start]);
                continue;
            }

            foreach (Timing timing in _places[start..end].Select(Read).OrderBy(timing => timing.Finished, StringComparer.Ordinal))
            {
                yield return timing;
            }
        }
    }

    /// <summary>The last timing that a silo noted of a job; null: none.</summary>
    internal Timing? Find(long job, string silo)
    {
        int start = ~_places.BinarySearch(new Place(job, -1, 0)); // before the first of the job: no line is at -1
        if (start == _places.Count || _places[start].Job != job)
        {
            return null;
        }

        return _places[start..EndOfJob(start)].Select(Read).LastOrDefault(timing => timing.Silo == silo);
    }

    private int EndOfJob(int start)
    {
        int end = start + 1;
        while (end < _places.Count && _places[end].Job == _places[start].Job)
        {
            end++;
        }

        return end;
    }

    private Timing Read(Place place)
    {
        Span<byte> line = _buffer.AsSpan(0, place.Length); // which held the file's longest line before
        for (int read = 0; read < line.Length;)
        {
            int more = RandomAccess.Read(_file.SafeFileHandle, line[read..], place.Offset + read);
            read += more > 0 ? more : throw new EndOfStreamException($"{_file.Name}, byte {place.Offset + read}: found the end, expected the rest of a line.");
        }

        return JsonSerializer.Deserialize(line, TimingJson.Default.Timing)!;
    }

    private void Index()
    {
        long offset = 0; // of the buffer's first byte
        int held = 0;
        while (true)
        {
            int read = RandomAccess.Read(_file.SafeFileHandle, _buffer.AsSpan(held), offset + held);
            held += read;
            int start = 0;
            for (int length; (length = _buffer.AsSpan(start, held - start).IndexOf((byte)'\n')) >= 0; start += length + 1)
            {
                Note(offset + start, _buffer.AsSpan(start, length));
            }

            if (read == 0)
            {
                Note(offset + start, _buffer.AsSpan(start, held - start));
                return;
            }

            _buffer.AsSpan(start, held - start).CopyTo(_buffer);
            offset += start;
            held -= start;
            if (held == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * held);
            }
        }
    }

    private void Note(long offset, ReadOnlySpan<byte> line)
    {
        try
        {
            if (!line.IsEmpty && JsonSerializer.Deserialize(line, TimingJson.Default.Timing) is { } timing)
            {
                _places.Add(new Place(timing.Job, offset, line.Length));
            }
        }
        catch (JsonException)
        {
            // The last line of a killed run. Timings decide nothing.
        }
    }

    private readonly record struct Place(long Job, long Offset, int Length) : IComparable<Place>
    {
        public int CompareTo(Place other) => Job != other.Job ? Job.CompareTo(other.Job) : Offset.CompareTo(other.Offset);
    }
}
