using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>Lloyd's algorithm to convergence: every point to its nearest centre, every centre to the mean of its points, until no point changes.</summary>
/// <remarks>
/// Sums follow the points that change, in double precision, chunk by chunk in index order: neither threads nor vector widths nor skipping change a bit.
/// A block of points is looked at again only where the centres may have moved far enough to matter: a point keeps its centre as long as the gap between its two least distances exceeds twice what any centre has
/// moved since the gap was measured. Distances that are rounded are allowed for in the gap, so that what is skipped could not have changed. Source of the bound: Hamerly, Making k-means even faster, 2010.
/// A centre that lost all its points moves to the point that is furthest from its own.
/// </remarks>
internal sealed class VectorLloyd
{
    private const int BlocksPerChunk = 1024;

    // From so many centres on it pays to ask first which of them a block can be near to.
    private const int FilterFrom = 16;
    private const int MostPasses = 1000; // of the order of a hundred are needed; rounding could make centres go round in a circle

    private readonly VectorPoints _points;
    private readonly int _centreCount;
    private readonly int _threads;
    private readonly bool _maySkip;
    private readonly int[] _codes;
    private readonly double[] _openAt;
    private readonly double[] _counts;
    private readonly double[] _weights;
    private readonly double[] _sums;
    private readonly Chunk[] _chunks;
    private readonly BlockBalls? _balls;
    private readonly float[] _columns;
    private double _moved;

    private VectorLloyd(VectorPoints points, float[] centres, int threads, bool maySkip)
    {
        _points = points;
        Centres = centres;
        _centreCount = centres.Length / points.Length;
        _threads = threads;
        _maySkip = maySkip;
        _codes = new int[points.Stride];
        _codes.AsSpan().Fill(-1);
        _openAt = new double[points.Blocks];
        _openAt.AsSpan().Fill(double.NegativeInfinity);
        _counts = new double[_centreCount];
        _weights = new double[centres.Length];
        _sums = new double[centres.Length];
        _chunks = new Chunk[(points.Blocks + BlocksPerChunk - 1) / BlocksPerChunk];
        for (int i = 0; i < _chunks.Length; i++)
        {
            _chunks[i] = new Chunk(_centreCount, centres.Length);
        }

        int columns = (_centreCount + VectorPoints.Block - 1) / VectorPoints.Block * VectorPoints.Block;
        _columns = new float[columns * points.Length];
        _columns.AsSpan().Fill(float.PositiveInfinity);
        _balls = maySkip && points.Weights is null && _centreCount >= FilterFrom ? points.Balls : null;
    }

    /// <summary>The centres.</summary>
    internal float[] Centres { get; }

    /// <summary>Passes that were needed.</summary>
    internal int Passes { get; private set; }

    /// <summary>Moves centres until no point changes.</summary>
    /// <param name="points">The points.</param>
    /// <param name="centres">Where to start, one centre after the other; changed.</param>
    /// <param name="threads">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops between passes.</param>
    /// <param name="mostPasses">Passes after which it stops without having converged.</param>
    /// <param name="maySkip">False to compare every point with every centre in every pass.</param>
    internal static VectorLloyd Run(VectorPoints points, float[] centres, int threads, CancellationToken cancellationToken, int mostPasses = MostPasses, bool maySkip = true)
    {
        VectorLloyd lloyd = new(points, centres, threads, maySkip);
        while (lloyd.Passes < mostPasses && lloyd.Pass(cancellationToken))
        {
            lloyd.Passes++;
        }

        return lloyd;
    }

    // Returns whether any point changed.
    private bool Pass(CancellationToken cancellationToken)
    {
        Transpose();
        new ParallelLoop(_threads, cancellationToken).Run(_chunks.Length, Assign);
        bool isChanged = false;
        foreach (Chunk chunk in _chunks)
        {
            if (chunk.Changes > 0)
            {
                isChanged = true;
                chunk.MoveTo(_counts, _weights, _sums);
            }
        }

        if (isChanged)
        {
            MoveCentres();
        }

        return isChanged;
    }

    private void Assign(int chunkIndex)
    {
        Chunk chunk = _chunks[chunkIndex];
        int end = Math.Min(_points.Blocks, (chunkIndex + 1) * BlocksPerChunk);
        Span<float> distances = stackalloc float[_columns.Length / _points.Length];
        Span<int> candidates = stackalloc int[distances.Length];
        for (int block = chunkIndex * BlocksPerChunk; block < end; block++)
        {
            if (_openAt[block] > _moved)
            {
                continue;
            }

            Vector512<int> nearest;
            Vector512<float> first, second;
            float beyond = float.PositiveInfinity; // no centre that was not looked at is nearer than this to any point of the block
            if (_balls is null)
            {
                nearest = BlockDistances.Nearest(_points, block, Centres, out first, out second);
            }
            else
            {
                int count = _balls.Candidates(block, _columns, distances, candidates, out float excluded);
                nearest = BlockDistances.Nearest(_points, block, Centres, candidates[..count], out first, out second);
                beyond = MathF.Sqrt(excluded) - _balls.Radius(block);
            }

            ref int codes = ref _codes[block * VectorPoints.Block];
            ulong changed = (~Vector512.Equals(nearest, Vector512.LoadUnsafe(ref codes))).ExtractMostSignificantBits();
            if (_maySkip)
            {
                _openAt[block] = _moved + Gap(block, first, second, beyond);
            }

            if (changed != 0)
            {
                Change(chunk, block, changed, nearest);
                nearest.StoreUnsafe(ref codes);
            }
        }
    }

    // How far centres may move, in twice the largest step, before a point of the block can change. Allows for twice the relative error of a distance, for now and for the time of the next look.
    private float Gap(int block, Vector512<float> first, Vector512<float> second, float beyond)
    {
        Vector512<float> far = Vector512.MinNative(Vector512.Sqrt(second), Vector512.Create(beyond));
        Vector512<float> gap = far - Vector512.Sqrt(first) - (far * Vector512.Create((_points.Length + 8) * 1e-6f));
        if (_points.Weights is { } weights)
        {
            Vector512<float> heaviest = default;
            for (int c = 0; c < _points.Length; c++)
            {
                heaviest = Vector512.MaxNative(heaviest, Vector512.LoadUnsafe(ref weights[(c * _points.Stride) + (block * VectorPoints.Block)]));
            }

            gap /= Vector512.Sqrt(heaviest); // a point without weight never needs a look: 0 / 0
        }

        return BlockDistances.Least(gap);
    }

    private void Change(Chunk chunk, int block, ulong changed, Vector512<int> nearest)
    {
        int lanes = _points.LanesOf(block);
        for (; changed != 0; changed &= changed - 1)
        {
            int lane = System.Numerics.BitOperations.TrailingZeroCount(changed);
            if (lane >= lanes)
            {
                return;
            }

            int point = (block * VectorPoints.Block) + lane, from = _codes[point];
            chunk.Add(_points, point, nearest[lane], 1);
            if (from >= 0)
            {
                chunk.Add(_points, point, from, -1);
            }

            chunk.Changes++;
        }
    }

    private void Transpose()
    {
        int stride = _columns.Length / _points.Length;
        for (int i = 0; i < Centres.Length; i++)
        {
            _columns[(i % _points.Length * stride) + (i / _points.Length)] = Centres[i];
        }
    }

    private void MoveCentres()
    {
        int length = _points.Length;
        double largest = 0;
        for (int centre = 0; centre < _centreCount; centre++)
        {
            if (_counts[centre] == 0)
            {
                _weights.AsSpan(centre * length, length).Clear();
                _sums.AsSpan(centre * length, length).Clear();
                continue;
            }

            double squared = 0;
            for (int i = centre * length; i < (centre + 1) * length; i++)
            {
                double weight = _points.Weights is null ? _counts[centre] : _weights[i], mean = _sums[i] / weight;
                float next = weight > 0 && double.IsFinite(mean) ? (float)mean : Centres[i];
                squared += ((double)next - Centres[i]) * ((double)next - Centres[i]);
                Centres[i] = next;
            }

            largest = Math.Max(largest, squared);
        }

        _moved += 2 * Math.Sqrt(largest) * (1 + 1e-9);
        if (_counts.AsSpan().Contains(0))
        {
            Repair();
        }
    }

    // Empty centres take the furthest points, one each, the lowest index among equals. All points are looked at again then.
    private void Repair()
    {
        int length = _points.Length;
        (float Distance, int Point)[] furthest = new (float, int)[_points.Count];
        for (int block = 0; block < _points.Blocks; block++)
        {
            BlockDistances.Nearest(_points, block, Centres, out Vector512<float> first, out _);
            for (int lane = 0; lane < _points.LanesOf(block); lane++)
            {
                furthest[(block * VectorPoints.Block) + lane] = (first[lane], (block * VectorPoints.Block) + lane);
            }
        }

        Array.Sort(furthest, (left, right) => left.Distance != right.Distance ? right.Distance.CompareTo(left.Distance) : left.Point.CompareTo(right.Point));
        int next = 0;
        for (int centre = 0; centre < _centreCount && next < furthest.Length; centre++)
        {
            if (_counts[centre] == 0)
            {
                _points.CopyTo(furthest[next++].Point, Centres.AsSpan(centre * length, length));
            }
        }

        _openAt.AsSpan().Fill(double.NegativeInfinity);
    }

    // What the points of one chunk that changed take with them.
    private sealed class Chunk(int centres, int length)
    {
        private readonly double[] _counts = new double[centres];
        private readonly double[] _weights = new double[length];
        private readonly double[] _sums = new double[length];

        internal int Changes { get; set; }

        internal void Add(VectorPoints points, int point, int centre, double sign)
        {
            _counts[centre] += sign;
            int at = centre * points.Length;
            if (points.Weights is not { } weights)
            {
                for (int c = 0; c < points.Length; c++)
                {
                    _sums[at + c] += sign * points.Values[(c * points.Stride) + point];
                }

                return;
            }

            for (int c = 0; c < points.Length; c++)
            {
                double weight = sign * weights[(c * points.Stride) + point];
                _weights[at + c] += weight;
                _sums[at + c] += weight * points.Values[(c * points.Stride) + point];
            }
        }

        internal void MoveTo(double[] counts, double[] weights, double[] sums)
        {
            Move(_counts, counts);
            Move(_weights, weights);
            Move(_sums, sums);
            Changes = 0;
        }

        private static void Move(double[] from, double[] to)
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] += from[i];
                from[i] = 0;
            }
        }
    }
}
