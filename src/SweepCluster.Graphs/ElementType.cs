namespace SweepCluster.Graphs;

/// <summary>Type of one element of a tensor. The sub-byte types are stored as a little-endian bit stream, least significant bit first.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,

    /// <summary>The upper half of a binary32.</summary>
    BFloat16,

    /// <summary>Signed, 8 bits.</summary>
    Int8,

    /// <summary>Signed, 16 bits.</summary>
    Int16,

    /// <summary>Signed, 32 bits.</summary>
    Int32,

    /// <summary>Signed, 64 bits.</summary>
    Int64,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64,

    /// <summary>Signed, 4 bits, two's complement.</summary>
    Int4,

    /// <summary>Unsigned, 1 bit.</summary>
    UInt1,

    /// <summary>Unsigned, 2 bits.</summary>
    UInt2,

    /// <summary>Unsigned, 3 bits.</summary>
    UInt3,

    /// <summary>Unsigned, 4 bits.</summary>
    UInt4,

    /// <summary>Unsigned, 6 bits.</summary>
    UInt6,

    /// <summary>True or false, one byte each.</summary>
    Bool,

    /// <summary>Text.</summary>
    String,
}
