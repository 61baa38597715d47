namespace SweepCluster.Engine.Indexes;

/// <summary>A list of structs that grows without copying what it holds.</summary>
internal sealed class PagedList<T>
    where T : struct
{
    private const int PageSize = 1024;

    private readonly List<T[]> _pages = [];

    internal int Count { get; private set; }

    /// <summary>The entry at a place, to read and to change.</summary>
    internal ref T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _pages[index / PageSize][index % PageSize];
        }
    }

    internal void Add(T entry)
    {
        if (Count % PageSize == 0)
        {
            _pages.Add(new T[PageSize]);
        }

        _pages[^1][Count++ % PageSize] = entry;
    }
}
