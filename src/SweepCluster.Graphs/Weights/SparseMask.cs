using System.Numerics;
using System.Runtime.InteropServices;

namespace SweepCluster.Graphs.Weights;

/// <summary>What every sparse form asks of its mask.</summary>
internal static class SparseMask
{
    /// <summary>Holds a mask to as many ones as there are stored elements.</summary>
    /// <exception cref="ArgumentException">The mask has another number of ones, or another type.</exception>
    internal static void Check(TensorData mask, TensorData stored)
    {
        long ones = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(mask.Bytes.Span);
        foreach (ulong bits in words)
        {
            ones += BitOperations.PopCount(bits);
        }

        foreach (byte bits in mask.Bytes.Span[(words.Length * sizeof(ulong))..])
        {
            ones += BitOperations.PopCount(bits);
        }

        mask.Unload(); // whoever reads a model or a finished weight looks at the masks of all
        if (mask.Type != ElementType.UInt1 || stored.Shape.Rank != 1 || ones != stored.Shape[0])
        {
            throw new ArgumentException($"A mask with {ones} ones does not fit values {stored.Shape}.", nameof(stored));
        }
    }
}
