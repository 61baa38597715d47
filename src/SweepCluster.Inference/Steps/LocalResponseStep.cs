using SweepCluster.Numerics;
using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Steps;

/// <summary>Divides each element by a power of a constant plus the squares of its neighbours' channels.</summary>
internal sealed class LocalResponseStep : RowStep
{
    /// <summary>Channels that one sum takes.</summary>
    public required int Size { get; init; }

    /// <summary>Factor of the mean square.</summary>
    public required float Alpha { get; init; }

    /// <summary>The power.</summary>
    public required float Beta { get; init; }

    /// <summary>The constant.</summary>
    public required float K { get; init; }

    private protected override void RunRow(FeatureMap from, ReadOnlySpan<float> source, FeatureMap to, Span<float> target, int channel, int row)
    {
        // An even window reaches one channel further forward than back.
        int first = Math.Max(channel - ((Size - 1) / 2), 0), last = (int)Math.Min(channel + ((long)Size / 2), from.Channels - 1);
        for (int column = 0; column < to.Width; column++)
        {
            float sum = 0f;
            for (int other = first; other <= last; other++)
            {
                float value = source[from.Offset(other, row, column)];
                sum = MathF.FusedMultiplyAdd(value, value, sum);
            }

            target[to.Offset(channel, row, column)] = source[from.Offset(channel, row, column)] / Power(MathF.FusedMultiplyAdd(Alpha / Size, sum, K));
        }
    }

    // The usual powers are roots, which are exact and fast.
    private float Power(float value)
    {
        float root = MathF.Sqrt(value);
        return Beta switch
        {
            0.5f => root,
            0.75f => root * MathF.Sqrt(root),
            1f => value,
            _ => (float)PortableMath.Pow(value, Beta),
        };
    }
}
