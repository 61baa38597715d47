using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Quantization;

/// <summary>Quantizes one weight from its stored numbers: scales and zero points of every block, and codes.</summary>
/// <remarks>
/// A weight whose blocks lie in one piece each is done in batches that stay in the second cache: largest values, scales and codes before the next batch is read, so that memory is read once.
/// Others take two passes. Codes and stored scales lie in one array: whoever holds the one needs the other, and one large array costs less than two. Finite values are checked by the pass that looks for the largest. Batches are spread over threads; each is done as it would be alone, so the result does not depend on them.
/// </remarks>
internal sealed class LinearQuantizer<TStored, T, TCodes, TCode>
    where TStored : IStored<T>
    where T : unmanaged
    where TCodes : ICodes<TCode>
    where TCode : unmanaged
{
    private const int ChunkValues = 4096; // codes between encoding and packing; a multiple of 8, so that every chunk starts at a byte
    private const int LongestPiece = 256 * 1024;

    private readonly ReadOnlyMemory<byte> _stored;
    private readonly ReadOnlyMemory<float> _importances;
    private readonly BlockRuns _runs;
    private readonly LinearTask _task;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _inOnePiece;
    private readonly int _columns; // neighbours that belong to a block each, as in a matrix whose last axis is that of its channels; otherwise 0
    private readonly byte[] _bytes; // the packed codes, and from _scalesAt on the stored scales
    private readonly int _codeBytes;
    private readonly int _scalesAt;
    private volatile bool _isFinite = true;

    internal LinearQuantizer(ReadOnlyMemory<byte> stored, ReadOnlyMemory<float> importances, Shape shape, int[] counts, LinearTask task, CancellationToken cancellationToken)
    {
        _stored = stored;
        _importances = task.Clip ? importances : default;
        BlockRuns runs = _runs = new(shape, counts);
        _task = task;
        _cancellationToken = cancellationToken;
        _inOnePiece = (long)runs.BlockCount * runs.RunLength == runs.ElementCount;
        _columns = runs.RunLength == 1 && !_inOnePiece ? shape[Array.FindLastIndex(counts, count => count > 1)] : 0;
        Zeros = task.Range.Symmetric ? [] : new int[runs.BlockCount];
        _codeBytes = (int)BitPacking.PackedLength(runs.ElementCount, task.Bits);
        _scalesAt = (_codeBytes + sizeof(float) - 1) / sizeof(float) * sizeof(float);
        _bytes = GC.AllocateUninitializedArray<byte>(checked(_scalesAt + (runs.BlockCount * Unsafe.SizeOf<T>())));
    }

    /// <summary>One scale a block, in the weight's type.</summary>
    internal ReadOnlyMemory<byte> Scales => _bytes.AsMemory(_scalesAt);

    /// <summary>One zero point a block; none where all are the middle of the range.</summary>
    internal int[] Zeros { get; }

    /// <summary>The codes, packed.</summary>
    internal ReadOnlyMemory<byte> Packed => _bytes.AsMemory(0, _codeBytes);

    private Span<byte> Codes => _bytes.AsSpan(0, _codeBytes);

    private Span<T> StoredScales => MemoryMarshal.Cast<byte, T>(_bytes.AsSpan(_scalesAt));

    private ReadOnlySpan<T> Values => MemoryMarshal.Cast<byte, T>(_stored.Span);

    /// <summary>Does the work.</summary>
    /// <returns>False where a value is not finite; the results mean nothing then.</returns>
    internal bool Run()
    {
        if (_inOnePiece && _runs.RunLength <= LongestPiece)
        {
            // As many blocks as fill a batch, and a multiple of 8 elements.
            int step = 8 >> Math.Min(3, int.TrailingZeroCount(_runs.RunLength));
            int blocks = Math.Max(1, LinearTask.BatchValues / _runs.RunLength / step) * step;
            bool nibbles = NibbleBlocks.Takes(_runs.RunLength, _task);
            ForEach(_runs.BlockCount, blocks, (first, count) =>
            {
                if (nibbles)
                {
                    RunNibbles(first, count);
                }
                else
                {
                    RunBatch(first, count);
                }
            });
            return _isFinite;
        }

        float[] scales = new float[_runs.BlockCount];
        if (!FitAll(scales))
        {
            return false;
        }

        ColumnSteps? columns = _columns > 0 ? new(scales, Zeros, _task.Range) : null;
        ForEach(_runs.ElementCount, LinearTask.BatchValues, (start, count) => Encode(start, start + count, scales, 0, columns));
        TStored.Store(scales, StoredScales);
        return true;
    }

    // Sixteen blocks at a time, except those that need more than the plain rule.
    private void RunNibbles(int first, int count)
    {
        int size = _runs.RunLength, end = first + count;
        while (first < end && _isFinite)
        {
            first += NibbleBlocks.Encode(Values[(first * size)..(end * size)], size, _task, Codes[(first * size / 2)..], StoredScales[first..end]);
            int others = Math.Min(NibbleBlocks.Together, end - first);
            RunBatch(first, others);
            first += others;
        }
    }

    private void RunBatch(int first, int count)
    {
        if (count == 0)
        {
            return;
        }

        float[] scales = ArrayPool<float>.Shared.Rent(count);
        if (FitOrGiveUp(Values, _importances.Span, _runs.RunLength, first, scales.AsSpan(0, count)))
        {
            Encode(first * _runs.RunLength, (first + count) * _runs.RunLength, scales, first, null);
            TStored.Store(scales.AsSpan(0, count), StoredScales[first..]);
        }

        ArrayPool<float>.Shared.Return(scales);
    }

    private bool FitAll(float[] scales)
    {
        if (!_task.Range.Symmetric || _task.Clip)
        {
            return FitGathered(scales);
        }

        if (_inOnePiece)
        {
            for (int block = 0; block < _runs.BlockCount; block++)
            {
                scales[block] = Largest(block * _runs.RunLength, _runs.RunLength);
            }
        }
        else
        {
            LargestOfScattered(scales);
        }

        return BlockFitter.FitSymmetric(scales, TStored.Limit, _task.Range, _task.Device);
    }

    // Of one long block, its parts spread over the threads. The largest of numbers is the same in any order; one that is not finite stays the largest.
    private float Largest(int start, int length)
    {
        float[] parts = new float[(length + LinearTask.BatchValues - 1) / LinearTask.BatchValues];
        ForEach(length, LinearTask.BatchValues, (first, count) => parts[first / LinearTask.BatchValues] = TStored.Largest(Values.Slice(start + first, count)));
        float largest = 0;
        foreach (float part in parts)
        {
            largest = part <= largest ? largest : part;
            if (!(part <= TStored.Limit))
            {
                return float.NaN;
            }
        }

        return largest;
    }

    private void LargestOfScattered(Span<float> scales)
    {
        ReadOnlySpan<T> values = Values;
        for (int at = 0; at < values.Length;)
        {
            int block = _runs.BlockOf(at / _runs.RunLength), length = _columns > 0 ? _columns : _runs.RunLength;
            ReadOnlySpan<T> run = values.Slice(at, length);
            if (_columns > 0)
            {
                ColumnLargest.Add<TStored, T>(run, scales.Slice(block, length));
            }
            else
            {
                float largest = TStored.Largest(run);
                scales[block] = largest <= scales[block] ? scales[block] : largest;
            }

            at += length;
        }
    }

    // Blocks that lie in pieces, or are too long for a batch: put together block by block first.
    private bool FitGathered(float[] scales)
    {
        if (_inOnePiece)
        {
            ForEach(_runs.BlockCount, 1, (first, count) => FitOrGiveUp(Values, _importances.Span, _runs.RunLength, first, scales.AsSpan(first, count)));
            return _isFinite;
        }

        T[] gathered = GC.AllocateUninitializedArray<T>(_runs.ElementCount);
        float[] importances = _importances.IsEmpty ? [] : GC.AllocateUninitializedArray<float>(_runs.ElementCount);
        int size = _runs.ElementCount / _runs.BlockCount;
        int[] filled = new int[_runs.BlockCount];
        int length = _runs.RunLength;
        foreach ((int start, int block) in _runs)
        {
            int to = (block * size) + filled[block];
            Values.Slice(start, length).CopyTo(gathered.AsSpan(to));
            if (importances.Length > 0)
            {
                _importances.Span.Slice(start, length).CopyTo(importances.AsSpan(to));
            }

            filled[block] += length;
        }

        ForEach(_runs.BlockCount, Math.Max(1, LinearTask.BatchValues / size), (first, count) => FitOrGiveUp(gathered, importances, size, first, scales.AsSpan(first, count)));
        return _isFinite;
    }

    private bool FitOrGiveUp(ReadOnlySpan<T> values, ReadOnlySpan<float> importances, int size, int first, Span<float> scales)
    {
        if (FitBlocks(values, importances, size, first, scales))
        {
            return true;
        }

        _isFinite = false;
        return false;
    }

    // Blocks of `size` values that follow each other, one for each scale.
    private bool FitBlocks(ReadOnlySpan<T> values, ReadOnlySpan<float> importances, int size, int first, Span<float> scales)
    {
        if (_task.Range.Symmetric && !_task.Clip)
        {
            TStored.Largest(values.Slice(first * size, scales.Length * size), size, scales);
            return BlockFitter.FitSymmetric(scales, TStored.Limit, _task.Range, _task.Device);
        }

        ClipSearch? search = _task.Clip ? new(_task.Range, _task.Device) : null;
        float[] buffer = _task.Clip ? ArrayPool<float>.Shared.Rent(size) : [];
        bool isFinite = true;
        for (int block = first; block < first + scales.Length && isFinite; block++)
        {
            ReadOnlySpan<T> own = values.Slice(block * size, size);
            isFinite = BlockFitter.TryFit<TStored, T>(own, _task.Range, _task.Device, out BlockScale fit);
            if (isFinite && search is not null)
            {
                Decode(own, buffer);
                fit = search.Find(buffer.AsSpan(0, size), importances.IsEmpty ? [] : importances.Slice(block * size, size), fit);
            }

            scales[block - first] = fit.Scale;
            if (Zeros.Length > 0)
            {
                Zeros[block] = fit.Zero;
            }
        }

        if (_task.Clip)
        {
            ArrayPool<float>.Shared.Return(buffer);
        }

        return isFinite;
    }

    private static void Decode(ReadOnlySpan<T> stored, Span<float> values)
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = TStored.Value(stored[i]);
        }
    }

    // Elements from `start`, a multiple of 8, to `end`; `scales` begin with those of block `first`.
    private void Encode(int start, int end, ReadOnlySpan<float> scales, int first, ColumnSteps? columns)
    {
        if (_task.Bits == 8 * Unsafe.SizeOf<TCode>())
        {
            EncodeInto(start, end, scales, first, columns, MemoryMarshal.Cast<byte, TCode>(Codes)[start..end]);
            return;
        }

        TCode[] chunk = ArrayPool<TCode>.Shared.Rent(ChunkValues);
        for (int at = start; at < end; at += ChunkValues)
        {
            int count = Math.Min(ChunkValues, end - at);
            EncodeInto(at, at + count, scales, first, columns, chunk.AsSpan(0, count));
            TCodes.Pack(chunk.AsSpan(0, count), _task.Bits, Codes[(at / 8 * _task.Bits)..]);
        }

        ArrayPool<TCode>.Shared.Return(chunk);
    }

    private void EncodeInto(int start, int end, ReadOnlySpan<float> scales, int first, ColumnSteps? columns, Span<TCode> codes)
    {
        ReadOnlySpan<T> values = Values;
        int length = _columns > 0 ? _columns : _runs.RunLength;
        for (int at = start; at < end;)
        {
            int run = at / length, within = at - (run * length);
            int block = columns is null ? _runs.BlockOf(run) : _runs.BlockOf(at);
            int count = Math.Min(length - within, end - at);
            if (columns is not null)
            {
                LinearEncoder.EncodeColumns<TStored, T, TCodes, TCode>(values.Slice(at, count), columns, block, codes[(at - start)..]);
            }
            else
            {
                int blocks = 1;
                if (_inOnePiece && within == 0 && count == length)
                {
                    blocks = (end - at) / length;
                    count = blocks * length;
                }

                LinearEncoder.EncodeRuns<TStored, T, TCodes, TCode>(
                    values.Slice(at, count), count / blocks, scales.Slice(block - first, blocks), Zeros.Length == 0 ? [] : Zeros.AsSpan(block, blocks), _task.Range, codes[(at - start)..]);
            }

            at += count;
        }
    }

    // Parts of `count` things, `size` of them each.
    private void ForEach(int count, int size, Action<int, int> body)
    {
        int parts = (count + size - 1) / size;
        new ParallelLoop(_task.Threads, _cancellationToken).Run(parts, part => body(part * size, Math.Min(size, count - (part * size))));
    }
}
