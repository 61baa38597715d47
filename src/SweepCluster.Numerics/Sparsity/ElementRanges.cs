namespace SweepCluster.Numerics.Sparsity;

/// <summary>A sequence cut into as many ranges as there are threads. Ranges start at multiples of 64, so that their mask bits share no byte.</summary>
public readonly record struct ElementRanges
{
    private const int Alignment = 64;

    // Below this a thread costs more than it saves.
    private const int Shortest = 1 << 16;

    private readonly int _length;
    private readonly int _size;

    /// <summary>Cuts a sequence.</summary>
    /// <param name="length">Elements, 0 or more.</param>
    /// <param name="threads">Threads, 1 or more; short sequences get fewer ranges.</param>
    public ElementRanges(int length, int threads)
    {
        long size = Math.Max(Shortest, (length + (long)threads - 1) / threads);
        _length = length;
        _size = (int)Math.Min(int.MaxValue / Alignment * Alignment, (size + Alignment - 1) / Alignment * Alignment);
        Count = Math.Max(1, (int)((length + (long)_size - 1) / _size));
    }

    /// <summary>Number of ranges, 1 or more.</summary>
    public int Count { get; }

    /// <summary>Start and length of a range; the last one may be shorter.</summary>
    public (int Start, int Length) this[int range] => (range * _size, Math.Min(_size, _length - (range * _size)));

    /// <summary>Does something for every range, each on a thread of its own.</summary>
    public void ForEach(Action<int> work)
    {
        if (Count == 1)
        {
            work(0);
            return;
        }

        Parallel.For(0, Count, new ParallelOptions { MaxDegreeOfParallelism = Count }, work);
    }
}
