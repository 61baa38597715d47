using SweepCluster.Graphs;

namespace SweepCluster.Compression.Layout;

/// <summary>A tensor cut into equal blocks on each axis, walked in row-major order as runs of adjacent elements of one block.</summary>
/// <remarks>Blocks are numbered row-major over the axes. Every run has the same length. A group of channels, a channel, a block and the whole tensor are all such cuts.</remarks>
internal readonly struct BlockRuns
{
    private readonly int[] _extents;
    private readonly int[] _blocks;

    // `blocks`: number of blocks on each axis, each dividing the shape's extent.
    internal BlockRuns(Shape shape, ReadOnlySpan<int> blocks)
    {
        int cut = shape.Rank - 1;
        while (cut >= 0 && blocks[cut] == 1)
        {
            cut--;
        }

        int inner = 1;
        for (int axis = cut + 1; axis < shape.Rank; axis++)
        {
            inner *= shape[axis];
        }

        BlockCount = 1;
        foreach (int count in blocks)
        {
            BlockCount *= count;
        }

        _extents = shape.Extents.AsSpan()[..(cut + 1)].ToArray();
        _blocks = blocks[..(cut + 1)].ToArray();
        RunLength = cut < 0 ? inner : inner * (shape[cut] / blocks[cut]);
        ElementCount = (int)shape.ElementCount;
    }

    internal int BlockCount { get; }

    internal int RunLength { get; }

    internal int ElementCount { get; }

    internal static BlockRuns Whole(Shape shape) => new(shape, Ones(shape));

    // One block for each `size` consecutive entries of one axis.
    internal static BlockRuns Along(Shape shape, int axis, int size)
    {
        int[] blocks = Ones(shape);
        blocks[axis] = shape[axis] / size;
        return new(shape, blocks);
    }

    internal static int[] Ones(Shape shape)
    {
        int[] ones = new int[shape.Rank];
        ones.AsSpan().Fill(1);
        return ones;
    }

    public Enumerator GetEnumerator() => new(this);

    internal struct Enumerator
    {
        private readonly int[] _extents;
        private readonly int[] _blocks;
        private readonly int[] _at;
        private readonly int _runLength;
        private readonly int _end;

        internal Enumerator(BlockRuns runs)
        {
            _extents = [.. runs._extents];
            _blocks = runs._blocks;
            if (_extents.Length > 0)
            {
                _extents[^1] = _blocks[^1]; // the last cut axis is walked block by block, the others element by element
            }

            _at = new int[_extents.Length];
            _runLength = runs.RunLength;
            _end = runs.ElementCount;
            Start = -_runLength;
            Block = 0;
        }

        internal int Start { get; private set; }

        internal int Block { get; private set; }

        public readonly (int Start, int Block) Current => (Start, Block);

        public bool MoveNext()
        {
            Start += _runLength;
            if (Start >= _end)
            {
                return false;
            }

            if (Start > 0)
            {
                Advance();
            }

            return true;
        }

        private void Advance()
        {
            int last = _at.Length - 1;
            if (++_at[last] < _extents[last])
            {
                Block++;
                return;
            }

            for (int axis = last; axis > 0 && _at[axis] == _extents[axis]; axis--)
            {
                _at[axis] = 0;
                _at[axis - 1]++;
            }

            int block = 0;
            for (int axis = 0; axis <= last; axis++)
            {
                block = (block * _blocks[axis]) + (int)((long)_at[axis] * _blocks[axis] / _extents[axis]);
            }

            Block = block;
        }
    }
}
