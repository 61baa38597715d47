namespace SweepCluster.Testing.Packages;

/// <summary>What coremltools asks of the operands of iOS 18's operations for compressed weights: the rules by which it refuses to build or load one.</summary>
/// <remarks>Source: coremltools, <c>converters/mil/mil/ops/defs/iOS18/compression.py</c>.</remarks>
internal static class MilRules
{
    private static readonly string[] s_codes = ["int4", "uint4", "int8", "uint8", "fp16", "fp32"];
    private static readonly string[] s_floats = ["fp16", "fp32"];
    private static readonly string[] s_indices = ["uint1", "uint2", "uint3", "uint4", "uint6", "uint8"];
    private static readonly string[] s_entries = ["int8", "uint8", "fp16", "fp32"];

    /// <summary>Holds one operation's operands to the rules.</summary>
    /// <exception cref="InvalidDataException">They break one.</exception>
    internal static void Check(string type, Func<string, MilTensor?> operand)
    {
        switch (type)
        {
            case "constexpr_lut_to_dense":
                Table(operand("indices")!, operand("indices")!.Shape, operand("lut")!, operand("vector_axis"));
                break;
            case "constexpr_blockwise_shift_scale":
                Scales(operand("data")!, operand("data")!.Shape, operand("scale")!, operand("offset"));
                break;
            case "constexpr_sparse_to_dense":
                Sparse(operand("mask")!, operand("nonzero_data")!, s_codes);
                break;
            case "constexpr_lut_to_sparse":
                Sparse(operand("indices_mask")!, operand("indices_nonzero_data")!, s_indices);
                Table(operand("indices_nonzero_data")!, operand("indices_mask")!.Shape, operand("lut")!, operand("vector_axis"));
                break;
            case "constexpr_sparse_blockwise_shift_scale":
                Sparse(operand("data_mask")!, operand("nonzero_data")!, s_codes);
                Scales(operand("nonzero_data")!, operand("data_mask")!.Shape, operand("scale")!, operand("offset"));
                break;
        }
    }

    private static void Table(MilTensor indices, int[] shape, MilTensor lut, MilTensor? vectorAxis)
    {
        Ask(s_indices.Contains(indices.Type) && s_entries.Contains(lut.Type), $"indices {indices.Type} and a table {lut.Type}");
        Ask(shape.Length > 0 && lut.Shape.Length == shape.Length + 2, $"a table of rank {lut.Shape.Length} for indices of rank {shape.Length}");
        Ask(shape.Zip(lut.Shape).All(pair => pair.First % pair.Second == 0), "groups that do not divide an axis");
        Ask(indices.Type == $"uint{Math.Log2(lut.Shape[^2])}", $"{lut.Shape[^2]} entries for indices {indices.Type}");
        Ask(vectorAxis is null ? lut.Shape[^1] == 1 : vectorAxis is { Type: "int32", Shape.Length: 0 } && Math.Abs(vectorAxis.Values[0] + 0.5) < shape.Length, "a vector's axis");
    }

    private static void Scales(MilTensor data, int[] shape, MilTensor scale, MilTensor? offset)
    {
        Ask(s_codes.Contains(data.Type) && s_floats.Contains(scale.Type), $"data {data.Type} and scales {scale.Type}");
        Ask(shape.Length > 0 && scale.Shape.Length == shape.Length, $"scales of rank {scale.Shape.Length} for data of rank {shape.Length}");
        Ask(shape.Zip(scale.Shape).All(pair => pair.First % pair.Second == 0), "blocks that do not divide an axis");
        Ask(offset is null || (offset.Shape.SequenceEqual(scale.Shape) && (offset.IsFloat || offset.Type == data.Type)), $"offsets {offset?.Type}");
    }

    private static void Sparse(MilTensor mask, MilTensor stored, string[] types)
    {
        Ask(mask.Type == "uint1" && types.Contains(stored.Type), $"a mask {mask.Type} and values {stored.Type}");
        Ask(stored.Shape.Length == 1 && stored.Shape[0] == mask.Values.Count(bit => bit != 0), "another number of values than ones in the mask");
    }

    private static void Ask(bool holds, string found)
    {
        if (!holds)
        {
            throw new InvalidDataException($"Found {found}, which coremltools refuses.");
        }
    }
}
