using System.Runtime.CompilerServices;

namespace SweepCluster.Graphs.Weights;

/// <summary>The runs of <see cref="BlockRuns"/> among some adjacent elements, in order.</summary>
public struct BlockParts
{
    private readonly int _end;
    private BlockRuns.Enumerator _runs;
    private int _start;
    private int _next;

    internal BlockParts(BlockRuns runs, int start, int length)
    {
        _end = start + length;
        _next = start;
        _runs = new BlockRuns.Enumerator(runs, length == 0 ? 0 : start / runs.RunLength);
    }

    /// <summary>What of a run lies among the elements: index of its first one there in the tensor, how many there are, and the number of its block.</summary>
    public readonly (int Start, int Length, int Block) Current => (_start, _next - _start, _runs.Current.Block);

    /// <summary>Walks them.</summary>
    public readonly BlockParts GetEnumerator() => this;

    /// <summary>Goes to the next run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        _start = _next;
        if (_start >= _end || !_runs.MoveNext())
        {
            return false;
        }

        _next = Math.Min(_runs.End, _end);
        return true;
    }
}
