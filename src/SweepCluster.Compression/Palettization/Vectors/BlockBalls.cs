using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>A ball around the points of each block, and which centres can be the nearest of any point in it.</summary>
/// <remarks>With d the ball's distance to its nearest centre and r its radius, no centre further than d + 2r is nearest to a point of it. A margin covers the rounding of float32, so that leaving those centres out changes no result.
/// Source of the idea: Kanungo et al., An efficient k-means clustering algorithm, 2002. For points without weights only: those measure distance each in its own way.</remarks>
internal sealed class BlockBalls
{
    private const float Margin = 1 + 1e-5f;

    private readonly int _length;
    private readonly float[] _middles;
    private readonly float[] _radii;

    internal BlockBalls(VectorPoints points)
    {
        _length = points.Length;
        _middles = new float[points.Blocks * _length];
        _radii = new float[points.Blocks];
        for (int block = 0; block < points.Blocks; block++)
        {
            Span<float> middle = _middles.AsSpan(block * _length, _length);
            for (int c = 0; c < _length; c++)
            {
                ReadOnlySpan<float> lanes = points.Values.AsSpan((c * points.Stride) + (block * VectorPoints.Block), VectorPoints.Block);
                float low = lanes[0], high = lanes[0];
                foreach (float value in lanes)
                {
                    low = Math.Min(low, value);
                    high = Math.Max(high, value);
                }

                middle[c] = (low / 2) + (high / 2);
            }

            _radii[block] = MathF.Sqrt(BlockDistances.Largest(BlockDistances.To(points, block, middle))) * Margin;
        }
    }

    /// <summary>Radius of a block's ball.</summary>
    internal float Radius(int block) => _radii[block];

    /// <summary>Lists the centres that can be nearest to a point of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="columns">Centres coordinate by coordinate, filled up to a multiple of sixteen with infinity.</param>
    /// <param name="distances">Scratch, one for each centre in <paramref name="columns"/>.</param>
    /// <param name="candidates">Receives the centres' numbers, ascending.</param>
    /// <param name="excluded">Receives the squared distance between the ball's middle and the nearest centre that is left out; infinite where there is none.</param>
    /// <returns>How many there are.</returns>
    internal int Candidates(int block, ReadOnlySpan<float> columns, Span<float> distances, Span<int> candidates, out float excluded)
    {
        ref float from = ref MemoryMarshal.GetReference(columns);
        ref float to = ref MemoryMarshal.GetReference(distances);
        int stride = distances.Length;
        Vector512<float> least = Vector512.Create(float.PositiveInfinity);
        for (int centre = 0; centre < stride; centre += Vector512<float>.Count)
        {
            Vector512<float> distance = default;
            for (int c = 0; c < _length; c++)
            {
                Vector512<float> off = Vector512.LoadUnsafe(ref from, (nuint)((c * stride) + centre)) - Vector512.Create(_middles[(block * _length) + c]);
                distance += off * off;
            }

            distance.StoreUnsafe(ref to, (nuint)centre);
            least = Vector512.MinNative(least, distance);
        }

        float reach = MathF.Sqrt(BlockDistances.Least(least)) + (2 * _radii[block]);
        Vector512<float> limit = Vector512.Create(reach * reach * Margin), infinite = Vector512.Create(float.PositiveInfinity), outside = infinite;
        int count = 0;
        for (int centre = 0; centre < stride; centre += Vector512<float>.Count)
        {
            Vector512<float> distance = Vector512.LoadUnsafe(ref to, (nuint)centre), isNear = Vector512.LessThanOrEqual(distance, limit);
            outside = Vector512.MinNative(outside, Vector512.ConditionalSelect(isNear, infinite, distance));
            for (ulong near = isNear.ExtractMostSignificantBits(); near != 0; near &= near - 1)
            {
                candidates[count++] = centre + System.Numerics.BitOperations.TrailingZeroCount(near);
            }
        }

        excluded = BlockDistances.Least(outside);
        return count;
    }
}
