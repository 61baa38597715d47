namespace SweepCluster.Graphs.Weights;

/// <summary>A tensor cut into equal blocks on each axis, walked in row-major order as runs of adjacent elements of one block.</summary>
/// <remarks>Blocks are numbered row-major over the axes. Every run has the same length. A group of channels, a channel, a block and the whole tensor are all such cuts.</remarks>
public readonly struct BlockRuns
{
    private readonly int[] _extents;
    private readonly int[] _blocks;

    /// <summary>Cuts a tensor.</summary>
    /// <param name="shape">Shape of the tensor, every extent known; fewer than 2^31 elements.</param>
    /// <param name="blocks">Number of blocks on each axis, 1 or more, each dividing the extent.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers than axes, or one does not divide its extent.</exception>
    /// <exception cref="OverflowException">The tensor has 2^31 elements or more.</exception>
    public BlockRuns(Shape shape, ReadOnlySpan<int> blocks)
    {
        if (!Divide(shape, blocks))
        {
            throw new ArgumentException($"{new Shape(blocks)} blocks do not divide a tensor {shape}.", nameof(blocks));
        }

        ElementCount = checked((int)shape.ElementCount);
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
    }

    /// <summary>Number of blocks.</summary>
    public int BlockCount { get; }

    /// <summary>Elements of one run.</summary>
    public int RunLength { get; }

    /// <summary>Elements of the tensor.</summary>
    public int ElementCount { get; }

    /// <summary>Runs that follow one another in as many blocks of adjacent numbers, the first of them at a multiple of this.</summary>
    internal int RunsOfRow => _blocks.Length == 0 ? 1 : _blocks[^1];

    /// <summary>Whether numbers of blocks cut a tensor into equal ones: one number for each axis, 1 or more, that divides its extent.</summary>
    internal static bool Divide(Shape shape, ReadOnlySpan<int> blocks)
    {
        bool divides = blocks.Length == shape.Rank;
        for (int axis = 0; divides && axis < blocks.Length; axis++)
        {
            divides = blocks[axis] >= 1 && shape[axis] % blocks[axis] == 0;
        }

        return divides;
    }

    /// <summary>The whole tensor as one block.</summary>
    public static BlockRuns Whole(Shape shape) => new(shape, Ones(shape));

    /// <summary>One block for each <paramref name="size"/> consecutive entries of one axis.</summary>
    /// <exception cref="ArgumentException"><paramref name="size"/> does not divide the axis.</exception>
    public static BlockRuns Along(Shape shape, int axis, int size)
    {
        int[] blocks = Ones(shape);
        blocks[axis] = shape[axis] / size;
        return new(shape, blocks);
    }

    /// <summary>A 1 for each axis: no axis is cut.</summary>
    public static int[] Ones(Shape shape)
    {
        int[] ones = new int[shape.Rank];
        ones.AsSpan().Fill(1);
        return ones;
    }

    /// <summary>Number of the block that a run belongs to, for walks that start in the middle.</summary>
    /// <param name="run">0 for the run at the tensor's first element, counted row-major.</param>
    public int BlockOf(int run)
    {
        int last = _extents.Length - 1, block = 0, place = 1;
        for (int axis = last; axis >= 0; axis--)
        {
            int steps = axis == last ? _blocks[axis] : _extents[axis];
            int at = run % steps;
            run /= steps;
            block += (axis == last ? at : (int)((long)at * _blocks[axis] / _extents[axis])) * place;
            place *= _blocks[axis];
        }

        return block;
    }

    /// <summary>Walks the runs.</summary>
    public Enumerator GetEnumerator() => new(this, 0);

    /// <summary>Walks the runs of some adjacent elements; what the first and the last run have before and behind them is left out.</summary>
    /// <param name="start">Index of the first element.</param>
    /// <param name="length">How many; no more than there are from <paramref name="start"/> on.</param>
    public BlockParts Part(int start, int length) => new(this, start, length);

    /// <summary>Stands on one run.</summary>
    public struct Enumerator
    {
        private readonly int[] _extents;
        private readonly int[] _blocks;
        private readonly int[] _at;
        private readonly int _runLength;
        private readonly int _end;
        private int _start;
        private int _block;

        internal Enumerator(BlockRuns runs, int first)
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
            _start = (first - 1) * _runLength;
            if (first > 0)
            {
                Place(first - 1);
            }
        }

        /// <summary>Index of the run's first element, and the number of its block.</summary>
        public readonly (int Start, int Block) Current => (_start, _block);

        /// <summary>Index of the element behind the run.</summary>
        internal readonly int End => _start + _runLength;

        /// <summary>Goes to the next run.</summary>
        public bool MoveNext()
        {
            _start += _runLength;
            if (_start >= _end)
            {
                return false;
            }

            if (_start > 0)
            {
                Advance();
            }

            return true;
        }

        private void Place(int run)
        {
            for (int axis = _at.Length - 1; axis >= 0; axis--)
            {
                (run, _at[axis]) = Math.DivRem(run, _extents[axis]);
            }

            _block = Block();
        }

        private void Advance()
        {
            int last = _at.Length - 1;
            if (++_at[last] < _extents[last])
            {
                _block++;
                return;
            }

            for (int axis = last; axis > 0 && _at[axis] == _extents[axis]; axis--)
            {
                _at[axis] = 0;
                _at[axis - 1]++;
            }

            _block = Block();
        }

        private readonly int Block()
        {
            int block = 0;
            for (int axis = 0; axis < _at.Length; axis++)
            {
                block = (block * _blocks[axis]) + (int)((long)_at[axis] * _blocks[axis] / _extents[axis]);
            }

            return block;
        }
    }
}
