using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Blobs;

/// <summary>What is known of each <see cref="BlobType"/>.</summary>
internal static class BlobTypes
{
    /// <summary>Bits of one element; null for a number that is no type.</summary>
    internal static int? BitWidth(this BlobType type) => type switch
    {
        BlobType.Float8E4M3FN or BlobType.Float8E5M2 => 8,
        _ => type.ToElementType()?.BitWidth(),
    };

    /// <summary>The graph's type; null for the 8-bit floats, which graphs do not have, and for numbers that are no type.</summary>
    internal static ElementType? ToElementType(this BlobType type) => type switch
    {
        BlobType.Float16 => ElementType.Float16,
        BlobType.Float32 => ElementType.Float32,
        BlobType.UInt8 => ElementType.UInt8,
        BlobType.Int8 => ElementType.Int8,
        BlobType.BFloat16 => ElementType.BFloat16,
        BlobType.Int16 => ElementType.Int16,
        BlobType.UInt16 => ElementType.UInt16,
        BlobType.Int4 => ElementType.Int4,
        BlobType.UInt1 => ElementType.UInt1,
        BlobType.UInt2 => ElementType.UInt2,
        BlobType.UInt4 => ElementType.UInt4,
        BlobType.UInt3 => ElementType.UInt3,
        BlobType.UInt6 => ElementType.UInt6,
        BlobType.Int32 => ElementType.Int32,
        BlobType.UInt32 => ElementType.UInt32,
        _ => null,
    };

    /// <summary>The storage type of a graph's type; null where blob storage has none (64-bit types, bool).</summary>
    internal static BlobType? ToBlobType(this ElementType type)
    {
        foreach (BlobType candidate in Enum.GetValues<BlobType>())
        {
            if (candidate.ToElementType() == type)
            {
                return candidate;
            }
        }

        return null;
    }
}
