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

    private const long CollectEvery = 32 << 20; // bytes

    private readonly string _target;
    private readonly List<FileBytes> _mapped = [];
    private readonly Lock _lock = new();
    private FileStream? _file;
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
        return length < SmallestSpilled || weight is DenseWeight { Values.Type: var stored } && stored == weight.Type
            ? Decompressor.ToDense(weight)
            : new DenseWeight(weight.Type, new TensorData(weight.Type, weight.Shape, Spill(file => WritePieces(weight, file), garbage: 0)));
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

    private ReadOnlyMemory<byte> Spill(Action<FileStream> write, long garbage)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _file ??= Create(_target);
            try
            {
                long start = (_file.Length + Alignment - 1) / Alignment * Alignment;
                _file.Position = start;
                write(_file);
                _file.Flush();
                int length = (int)(_file.Position - start);
                FileBytes bytes = FileBytes.Map(_file.Name, new SafeFileHandle(_file.SafeFileHandle.DangerousGetHandle(), ownsHandle: false), start, length);
                _mapped.Add(bytes);
                Collect(garbage);
                return bytes.Slice(0, length);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Failed(exception);
            }
        }
    }

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
