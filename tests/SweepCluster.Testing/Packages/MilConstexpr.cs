namespace SweepCluster.Testing.Packages;

/// <summary>Evaluates the operations that hold compressed weights, straight from the format's definitions.</summary>
/// <param name="type">The operation's type.</param>
/// <param name="operand">Its tensor operands, by name; null where absent.</param>
internal sealed class MilConstexpr(string type, Func<string, MilTensor?> operand)
{
    /// <summary>The outputs, in order.</summary>
    internal MilTensor[] Evaluate()
    {
        if (operand("shape") is null) // iOS 18
        {
            MilRules.Check(type, operand);
        }

        return Compute();
    }

    private MilTensor[] Compute() => type switch
    {
        "constexpr_lut_to_dense" => [operand("shape") is { } shape ? FlatLut(shape) : Lut(Need("indices"), Need("lut"))],
        "constexpr_affine_dequantize" => [Affine()],
        "constexpr_blockwise_shift_scale" => [Blockwise(Need("data"))],
        "constexpr_sparse_to_dense" => [Sparse(Need("mask"), Need("nonzero_data"), operand("shape"))],
        "constexpr_cast" => [new MilTensor("fp32", Need("source_val").Shape, Need("source_val").Values)],
        "constexpr_lut_to_sparse" => LutToSparse(),
        "constexpr_sparse_blockwise_shift_scale" => SparseBlockwise(),
        _ => throw new InvalidDataException($"{type} is not known."),
    };

    private MilTensor Need(string name) => operand(name) ?? throw new InvalidDataException($"{type} has no '{name}'.");

    private MilTensor FlatLut(MilTensor shape)
    {
        MilTensor lut = Need("lut");
        MilTensor packed = Need("indices");
        int bits = (int)Math.Log2(lut.Values.Length);
        int[] extents = [.. shape.Values.Select(extent => (int)extent)];
        double[] values = new double[Count(extents)];
        for (int i = 0; i < values.Length; i++)
        {
            int index = 0;
            for (int bit = 0; bit < bits; bit++)
            {
                long at = ((long)i * bits) + bit;
                index |= (((int)packed.Values[at / 8] >> (int)(at % 8)) & 1) << bit;
            }

            values[i] = lut.Values[index];
        }

        return new MilTensor(lut.Type, extents, values);
    }

    // Output element p looks up index p (its vector axis divided by the vector's length) in the table of its group.
    private MilTensor Lut(MilTensor indices, MilTensor lut)
    {
        int rank = indices.Shape.Length;
        int entries = lut.Shape[rank];
        int length = lut.Shape[rank + 1];
        int axis = operand("vector_axis") is { } named ? ((int)named.Values[0] + rank) % rank : -1;
        int[] shape = [.. indices.Shape.Select((extent, i) => i == axis ? extent * length : extent)];
        double[] values = new double[Count(shape)];
        for (int i = 0; i < values.Length; i++)
        {
            int[] at = Position(i, shape);
            int[] source = [.. at.Select((coordinate, k) => k == axis ? coordinate / length : coordinate)];
            int[] group = [.. source.Select((coordinate, k) => coordinate / (indices.Shape[k] / lut.Shape[k]))];
            int index = (int)indices.Values[Flat(source, indices.Shape)];
            int table = Flat(group, [.. lut.Shape.Take(rank)]);
            values[i] = lut.Values[(((table * entries) + index) * length) + (axis < 0 ? 0 : at[axis] % length)];
        }

        return new MilTensor(lut.Type, shape, values);
    }

    // float32 throughout, then the scale's type.
    private MilTensor Affine()
    {
        MilTensor data = Need("quantized_data");
        MilTensor scale = Need("scale");
        MilTensor zero = Need("zero_point");
        int axis = ((int)Need("axis").Values[0] + data.Shape.Length) % data.Shape.Length;
        double[] values = new double[data.Values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = Position(i, data.Shape)[axis];
            float shifted = (float)data.Values[i] - (float)zero.Values[zero.Values.Length == 1 ? 0 : channel];
            values[i] = MilTensor.Round(shifted * (float)scale.Values[scale.Values.Length == 1 ? 0 : channel], scale.Type);
        }

        return new MilTensor(scale.Type, data.Shape, values);
    }

    // Every step in the scale's type.
    private MilTensor Blockwise(MilTensor data)
    {
        MilTensor scale = Need("scale");
        MilTensor? offset = operand("offset");
        double[] values = new double[data.Values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int[] at = Position(i, data.Shape);
            int block = Flat([.. at.Select((coordinate, k) => coordinate / (data.Shape[k] / scale.Shape[k]))], scale.Shape);
            double value = MilTensor.Round(data.Values[i], scale.Type);
            if (offset is not null)
            {
                value = MilTensor.Round(value - MilTensor.Round(offset.Values[block], scale.Type), scale.Type);
            }

            values[i] = MilTensor.Round(value * scale.Values[block], scale.Type);
        }

        return new MilTensor(scale.Type, data.Shape, values);
    }

    private static MilTensor Sparse(MilTensor mask, MilTensor stored, MilTensor? shape)
    {
        int[] extents = shape is null ? mask.Shape : [.. shape.Values.Select(extent => (int)extent)];
        double[] values = new double[Count(extents)];
        int next = 0;
        for (int i = 0; i < values.Length; i++)
        {
            bool isSet = shape is null ? mask.Values[i] != 0 : (((int)mask.Values[i / 8] >> (i % 8)) & 1) != 0;
            if (isSet)
            {
                values[i] = stored.Values[next++];
            }
        }

        return next == stored.Values.Length
            ? new MilTensor(stored.Type, extents, values)
            : throw new InvalidDataException($"{next} ones in the mask for {stored.Values.Length} values.");
    }

    private MilTensor[] LutToSparse()
    {
        MilTensor mask = Need("indices_mask");
        MilTensor dense = Lut(Sparse(mask, Need("indices_nonzero_data"), null), Need("lut"));
        double[] wide = new double[dense.Values.Length];
        for (int i = 0; i < wide.Length; i++)
        {
            int[] source = [.. Position(i, dense.Shape).Select((coordinate, k) => coordinate / (dense.Shape[k] / mask.Shape[k]))];
            wide[i] = mask.Values[Flat(source, mask.Shape)];
        }

        return [new MilTensor("uint1", dense.Shape, wide), Kept(dense, wide)];
    }

    private MilTensor[] SparseBlockwise()
    {
        MilTensor mask = Need("data_mask");
        return [mask, Kept(Blockwise(Sparse(mask, Need("nonzero_data"), null)), mask.Values)];
    }

    private static MilTensor Kept(MilTensor dense, double[] mask)
    {
        double[] kept = [.. dense.Values.Where((_, i) => mask[i] != 0)];
        return new MilTensor(dense.Type, [kept.Length], kept);
    }

    private static int Count(int[] shape) => shape.Aggregate(1, (product, extent) => checked(product * extent));

    private static int[] Position(int index, int[] shape)
    {
        int[] at = new int[shape.Length];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            at[axis] = index % shape[axis];
            index /= shape[axis];
        }

        return at;
    }

    private static int Flat(int[] at, int[] shape)
    {
        int index = 0;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            index = (index * shape[axis]) + at[axis];
        }

        return index;
    }
}
