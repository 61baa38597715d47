using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Pruning;

/// <summary>What cutting the output channels that are all zero out of one sparse weight would remove.</summary>
/// <param name="ZeroChannels">Output channels in which nothing is stored.</param>
/// <param name="Channels">Output channels of the weight.</param>
/// <param name="Elements">Elements of this weight that would go with those channels.</param>
/// <param name="DenseBytes">Bytes that these elements take where the weight is stored value by value in its own type.</param>
/// <param name="MaskBytes">Bytes that the stored form would lose: its mask shrinks. Its values do not, for of these channels none is stored.</param>
/// <remarks>Counts this weight alone. Not counted: the bias of a channel that is cut, and the input channels of every layer behind, which would go too. Nothing is cut here:
/// that changes shapes of activations, and where the layer is grouped every group must lose as many channels.</remarks>
public sealed record StructuredSavings(int ZeroChannels, int Channels, long Elements, long DenseBytes, long MaskBytes)
{
    /// <summary>Counts the channels of a stored weight.</summary>
    /// <param name="weight">The weight of the model, for its axis of output channels.</param>
    /// <param name="stored">The same weight as stored: its shape is the weight's.</param>
    /// <returns>Null where the form has no mask, or the weight no channels (rank 0 and 1) or no elements.</returns>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static StructuredSavings? Of(Weight weight, CompressedWeight stored)
    {
        if (stored.Shape != weight.Shape)
        {
            throw new ArgumentException($"Found a stored weight {stored.Shape}, expected {weight.Shape}.", nameof(stored));
        }

        TensorData? mask = stored switch
        {
            SparseWeight sparse => sparse.Mask,
            SparsePalettizedWeight sparse => sparse.Mask,
            SparseQuantizedWeight sparse => sparse.Mask,
            _ => null,
        };
        if (mask is null || weight.Shape.Rank < 2 || weight.Shape.ElementCount == 0)
        {
            return null;
        }

        // One mask bit stands for a vector of channels where vectors lie along the output axis.
        int channels = weight.Shape[weight.OutputAxis], zeros = 0;
        int channelsPerBit = channels / mask.Shape[weight.OutputAxis];
        foreach (bool any in StoredChannels(mask, weight.OutputAxis))
        {
            zeros += any ? 0 : channelsPerBit;
        }

        long elements = weight.Shape.ElementCount / channels * zeros;
        long bits = mask.Shape.ElementCount, cutBits = bits * zeros / channels;
        return new(zeros, channels, elements, weight.Type.ByteCount(elements), ElementType.UInt1.ByteCount(bits) - ElementType.UInt1.ByteCount(bits - cutBits));
    }

    // For each position on an axis of the mask, whether any bit there is set.
    private static bool[] StoredChannels(TensorData mask, int axis)
    {
        bool[] stored = new bool[mask.Shape[axis]];
        BlockRuns runs = BlockRuns.Along(mask.Shape, axis, 1);
        ReadOnlySpan<byte> bits = mask.Bytes.Span;
        foreach ((int start, int channel) in runs)
        {
            stored[channel] = stored[channel] || AnySet(bits, start, start + runs.RunLength);
        }

        mask.Unload();
        return stored;
    }

    private static bool AnySet(ReadOnlySpan<byte> bits, int from, int to)
    {
        int first = from >> 3, last = to >> 3;
        int head = 0xFF << (from & 7), tail = (1 << (to & 7)) - 1;
        if (first == last)
        {
            return (bits[first] & head & tail) != 0;
        }

        return (bits[first] & head) != 0 || bits[(first + 1)..last].ContainsAnyExcept((byte)0) || (tail != 0 && (bits[last] & tail) != 0);
    }
}
