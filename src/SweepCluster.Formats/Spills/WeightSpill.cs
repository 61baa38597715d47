using Microsoft.Win32.SafeHandles;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.Spills;

/// <summary>Takes finished weights out of memory until they are written: into a temporary file beside the target, of which they are then slices. The file has no name, so that nothing of it is left however the process ends.</summary>
/// <remarks>Safe for several threads. Takes as much disk as the weights do, beside the target's own. Where files cannot be without a name (Windows), it is deleted when it is closed.</remarks>
public sealed class WeightSpill : IDisposable
{
    private const int SmallestSpilled = 1 << 18; // bytes; smaller ones are no burden, and a mapping each costs more
    private const int Alignment = 1 << 16; // of mappings, whatever the system's pages
    private const int SmallestInWindow = 1 << 10; // smaller ones weigh less than what is known of them
    private const int SliceAlignment = 64;
    private const int WindowBytes = 16 << 20;
    private const long MostInMemory = 16 << 20; // bytes of smaller values; a file may have very many of them

    private const long CollectEvery = 32 << 20; // bytes

    private readonly string _target;
    private readonly List<FileBytes> _mapped = [];
    private readonly Lock _lock = new();
    private FileStream? _file;
    private FileBytes? _window; // one mapping for many smaller values
    private long _windowStart;
    private int _windowUsed;
    private long _inMemory;
    private long _uncollected;
    private bool _isDisposed;

    /// <summary>A spill; its file is made when the first weight comes.</summary>
    /// <param name="target">Where the result will be written to; the file is made in that folder.</param>
    public WeightSpill(string target) => _target = target;

    /// <summary>Keeps a weight outside memory.</summary>
    /// <param name="weight">A finished weight.</param>
    /// <returns>The same weight, its tensors in the file; itself where it is small. Not to be used after <see cref="Dispose"/>.</returns>
    /// <exception cref="BadInputException">Nothing can be made in the target's folder.</exception>
    /// <exception cref="WriteFailedException">The disk is full or broken.</exception>
    public CompressedWeight Keep(CompressedWeight weight)
    {
        if (weight.PayloadBytes is < SmallestSpilled or > int.MaxValue - Alignment)
        {
            return weight;
        }

        return CompressedWeightCodec.Decode(Spill(file => Write(() => CompressedWeightCodec.Encode(weight, file)), weight.Type.ByteCount(weight.Shape.ElementCount)));
    }

    /// <summary>Keeps the values of a weight, in the type that the device computes in, outside memory: they are written there piece by piece as they are decoded.</summary>
    /// <param name="weight">Any stored form.</param>
    /// <returns>The dense weight, its values in the file; in memory where they are few, and where they were. Not to be used after <see cref="Dispose"/>.</returns>
    /// <exception cref="BadInputException">Nothing can be made in the target's folder; or the weight cannot be decoded, or takes more than 2 GB.</exception>
    /// <exception cref="WriteFailedException">The disk is full or broken.</exception>
    public DenseWeight KeepDense(CompressedWeight weight)
    {
        int length = Decompressor.DenseLength(weight);
        return weight is DenseWeight { Values.Type: var stored } && stored == weight.Type || HasRoom(length)
            ? Decompressor.ToDense(weight)
            : new DenseWeight(weight.Type, new TensorData(weight.Type, weight.Shape, length < SmallestSpilled
                ? SpillSmall(length, file => WritePieces(weight, file))
                : Spill(file => WritePieces(weight, file), garbage: 0)));
    }

    /// <summary>What <see cref="KeepDense"/> will give, before anything is decoded: as long, without its values. For asking a format whether the whole will have room.</summary>
    /// <param name="weight">Any stored form.</param>
    /// <exception cref="BadInputException">The values take more than 2 GB.</exception>
    public static DenseWeight PlanDense(CompressedWeight weight)
    {
        int length = Decompressor.DenseLength(weight);
        return new DenseWeight(weight.Type, new TensorData(weight.Type, weight.Shape, new PlannedBytes(length).Memory));
    }

    /// <summary>Gives the file up; weights that were kept must not be used any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _mapped.ForEach(bytes => bytes.Dispose());
            _mapped.Clear();
            _file?.Dispose();
        }
    }

    private void WritePieces(CompressedWeight weight, FileStream file)
    {
        foreach (ReadOnlyMemory<byte> piece in Decompressor.DensePieces(weight))
        {
            Write(() => file.Write(piece.Span));
        }
    }

    // Only of writing this exception says that the file is too long: of decoding it would be a fault of ours.
    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw Failed(HashingStream.TooLong(exception));
        }
    }

    // Whether values may stay in memory.
    private bool HasRoom(int length)
    {
        lock (_lock)
        {
            bool has = length < SmallestInWindow || (length < SmallestSpilled && _inMemory + length <= MostInMemory);
            _inMemory += has && length >= SmallestInWindow ? length : 0;
            return has;
        }
    }

    private ReadOnlyMemory<byte> Spill(Action<FileStream> write, long garbage) => InFile(file =>
    {
        long start = EndOf(file);
        file.Position = start;
        write(file);
        file.Flush();
        int length = (int)(file.Position - start);
        FileBytes bytes = Map(file, start, length);
        Collect(garbage);
        return bytes.Slice(0, length);
    });

    // A file has room for very many, a process for some ten thousands of mappings.
    private ReadOnlyMemory<byte> SpillSmall(int length, Action<FileStream> write) => InFile(file =>
    {
        if (_window is null || length > WindowBytes - _windowUsed)
        {
            (_windowStart, _windowUsed) = (EndOf(file), 0);
            file.SetLength(_windowStart + WindowBytes); // a hole, as far as nothing is written
            _window = Map(file, _windowStart, WindowBytes);
        }

        int at = _windowUsed;
        file.Position = _windowStart + at;
        write(file);
        file.Flush();
        _windowUsed = (at + length + SliceAlignment - 1) / SliceAlignment * SliceAlignment;
        return _window.Slice(at, length);
    });

    private ReadOnlyMemory<byte> InFile(Func<FileStream, ReadOnlyMemory<byte>> use)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _file ??= Create(_target);
            try
            {
                return use(_file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Failed(exception);
            }
        }
    }

    private FileBytes Map(FileStream file, long start, int length)
    {
        FileBytes bytes = FileBytes.Map(file.Name, new SafeFileHandle(file.SafeFileHandle.DangerousGetHandle(), ownsHandle: false), start, length);
        _mapped.Add(bytes);
        return bytes;
    }

    private static long EndOf(FileStream file) => (file.Length + Alignment - 1) / Alignment * Alignment;

    private WriteFailedException Failed(Exception exception) => new($"{_target}: writing failed ({TemporarySibling.InWords(exception, _file?.Name, _target)}).", exception);

    // What a weight was made in has just become garbage, about as much as its plain values take or some times that, in pieces so large that the collector would let gigabytes of them pile up.
    private void Collect(long bytes)
    {
        _uncollected += bytes;
        if (_uncollected >= CollectEvery)
        {
            _uncollected = 0;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        }
    }

    private static FileStream Create(string target)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        string folder = Path.GetDirectoryName(full)!, path = Path.Combine(folder, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.spill");
        try
        {
            Directory.CreateDirectory(folder); // as writing the target does
            FileStream file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }

            return file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NewPath.Refuse(exception, path, target);
        }
    }
}
