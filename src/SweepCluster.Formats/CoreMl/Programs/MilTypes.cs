using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Types of an ML program and of a graph, one into the other.</summary>
internal static class MilTypes
{
    private static readonly ImmutableArray<(DataType Mil, ElementType Graph)> s_pairs =
    [
        (DataType.Bool, ElementType.Bool), (DataType.String, ElementType.String),
        (DataType.Float16, ElementType.Float16), (DataType.Float32, ElementType.Float32),
        (DataType.Float64, ElementType.Float64), (DataType.Bfloat16, ElementType.BFloat16),
        (DataType.Int8, ElementType.Int8), (DataType.Int16, ElementType.Int16),
        (DataType.Int32, ElementType.Int32), (DataType.Int64, ElementType.Int64), (DataType.Int4, ElementType.Int4),
        (DataType.Uint8, ElementType.UInt8), (DataType.Uint16, ElementType.UInt16),
        (DataType.Uint32, ElementType.UInt32), (DataType.Uint64, ElementType.UInt64),
        (DataType.Uint1, ElementType.UInt1), (DataType.Uint2, ElementType.UInt2), (DataType.Uint3, ElementType.UInt3),
        (DataType.Uint4, ElementType.UInt4), (DataType.Uint6, ElementType.UInt6),
    ];

    /// <summary>The graph's type; null for the 8-bit floats and for numbers that are no type.</summary>
    internal static ElementType? ToElementType(this DataType type)
    {
        foreach ((DataType mil, ElementType graph) in s_pairs)
        {
            if (mil == type)
            {
                return graph;
            }
        }

        return null;
    }

    /// <summary>The program's type.</summary>
    /// <exception cref="ArgumentException">Programs have no such type: an integer of 5 or 12 bits, say.</exception>
    internal static DataType ToDataType(this ElementType type)
    {
        foreach ((DataType mil, ElementType graph) in s_pairs)
        {
            if (graph == type)
            {
                return mil;
            }
        }

        throw new ArgumentException($"A program has no type {type.Name()}.", nameof(type));
    }

    /// <summary>A value's declared type as a graph shows it.</summary>
    /// <param name="value">Name and type.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <param name="file">The file, for messages; null where the place names it.</param>
    internal static ValueInfo ToValueInfo(NamedValueType value, string place, string? file = null) => value.Type?.TensorType is { } tensor
        ? new ValueInfo(value.Name, tensor.DataType.ToElementType(), ShapeOf(tensor, place, value.Name, file))
        : new ValueInfo(value.Name, null, Shape.Scalar);

    /// <summary>A tensor type's shape; extents that it leaves open are -1, and a type of any rank has one open extent.</summary>
    /// <exception cref="BadInputException">An extent is over 2^31 - 1, or there are more or fewer of them than the rank.</exception>
    internal static Shape ShapeOf(TensorType type, string place) => ShapeOf(type, place, null, null);

    // Programs have many operations: what a message would say is put together where there is one.
    private static Shape ShapeOf(TensorType type, string place, string? output, string? file)
    {
        if (type.Rank < 0)
        {
            return new Shape(-1);
        }

        if (type.Rank != type.Dimensions.Count)
        {
            throw new BadInputException($"{Where(place, output, file)}: found rank {type.Rank} and {type.Dimensions.Count} extents, expected as many extents as the rank.");
        }

        int[] extents = new int[type.Dimensions.Count];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            ulong? size = type.Dimensions[axis].Constant?.Size;
            extents[axis] = size switch
            {
                null => -1,
                <= int.MaxValue => (int)size.Value,
                _ => throw new BadInputException($"{Where(place, output, file)}: found extent {size} on axis {axis}, expected at most {int.MaxValue}."),
            };
        }

        return new Shape(extents);
    }

    private static string Where(string place, string? output, string? file) => $"{(file is null ? "" : file + ", ")}{place}{(output is null ? "" : $", output '{output}'")}";

    /// <summary>A tensor type of a known shape.</summary>
    internal static MilValueType TensorOf(ElementType type, Shape shape)
    {
        TensorType tensor = new() { DataType = type.ToDataType(), Rank = shape.Rank };
        foreach (int extent in shape.Extents)
        {
            tensor.Dimensions.Add(new Dimension { Constant = new Dimension.Types.ConstantDimension { Size = (ulong)extent } });
        }

        return new MilValueType { TensorType = tensor };
    }
}
