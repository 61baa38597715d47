using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Walks a tensor in row-major order and knows for each element the index of the block that it lies in.</summary>
internal sealed class BlockCursor
{
    private readonly int[] _extents;
    private readonly int[] _sizes;
    private readonly int[] _strides;
    private readonly int[] _position;

    /// <summary>Starts at the first element.</summary>
    /// <param name="shape">Shape of the tensor.</param>
    /// <param name="blocks">Number of blocks on each axis; each divides the tensor's extent.</param>
    internal BlockCursor(Shape shape, Shape blocks)
    {
        _extents = [.. shape.Extents];
        _sizes = [.. shape.Extents.Select((extent, axis) => extent / blocks[axis])];
        _strides = new int[shape.Rank];
        _position = new int[shape.Rank];
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            _strides[axis] = stride;
            stride *= blocks[axis];
        }
    }

    /// <summary>Row-major index of the block that the current element lies in.</summary>
    internal int Block { get; private set; }

    /// <summary>Goes to the next element.</summary>
    internal void Advance()
    {
        for (int axis = _extents.Length - 1; axis >= 0; axis--)
        {
            Block -= _position[axis] / _sizes[axis] * _strides[axis];
            if (++_position[axis] < _extents[axis])
            {
                Block += _position[axis] / _sizes[axis] * _strides[axis];
                return;
            }

            _position[axis] = 0;
        }
    }
}
