namespace SweepCluster.Graphs;

/// <summary>Type of one element of a tensor. Integers of other widths than 8, 16, 32 and 64 bits are stored as a little-endian bit stream, least significant bit first, signed ones in two's complement.</summary>
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

    /// <summary>Signed, 1 bit.</summary>
    Int1,

    /// <summary>Signed, 2 bits.</summary>
    Int2,

    /// <summary>Signed, 3 bits.</summary>
    Int3,

    /// <summary>Signed, 5 bits.</summary>
    Int5,

    /// <summary>Signed, 6 bits.</summary>
    Int6,

    /// <summary>Signed, 7 bits.</summary>
    Int7,

    /// <summary>Signed, 9 bits.</summary>
    Int9,

    /// <summary>Signed, 10 bits.</summary>
    Int10,

    /// <summary>Signed, 11 bits.</summary>
    Int11,

    /// <summary>Signed, 12 bits.</summary>
    Int12,

    /// <summary>Signed, 13 bits.</summary>
    Int13,

    /// <summary>Signed, 14 bits.</summary>
    Int14,

    /// <summary>Signed, 15 bits.</summary>
    Int15,

    /// <summary>Unsigned, 5 bits.</summary>
    UInt5,

    /// <summary>Unsigned, 7 bits.</summary>
    UInt7,

    /// <summary>Unsigned, 9 bits.</summary>
    UInt9,

    /// <summary>Unsigned, 10 bits.</summary>
    UInt10,

    /// <summary>Unsigned, 11 bits.</summary>
    UInt11,

    /// <summary>Unsigned, 12 bits.</summary>
    UInt12,

    /// <summary>Unsigned, 13 bits.</summary>
    UInt13,

    /// <summary>Unsigned, 14 bits.</summary>
    UInt14,

    /// <summary>Unsigned, 15 bits.</summary>
    UInt15,
}
