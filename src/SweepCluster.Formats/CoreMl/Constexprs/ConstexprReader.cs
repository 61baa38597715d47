using System.Numerics;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Reads one operation that holds a compressed weight, in the form of iOS 16 (operands are attributes) or of iOS 18 (operands are inputs).</summary>
/// <param name="operation">The operation.</param>
/// <param name="file">Where it stands, with the file, for messages.</param>
/// <param name="place">Where it stands in the program.</param>
/// <param name="values">Reads constants.</param>
/// <param name="scope">What its inputs may name.</param>
internal sealed class ConstexprReader(Operation operation, string file, string place, ValueReader values, Scope scope)
{
    private readonly List<string> _chain = [];

    /// <summary>Its outputs, in order; null where the operation is of a kind that is not known here.</summary>
    /// <exception cref="BadInputException">An operand is missing or does not fit the others.</exception>
    internal ConstexprValue[]? Read()
    {
        try
        {
            return operation.Type switch
            {
                ConstexprNames.LutToDense => [Form(Palette())],
                ConstexprNames.AffineDequantize => [Form(Affine())],
                ConstexprNames.BlockwiseShiftScale => [Form(Blockwise())],
                ConstexprNames.SparseToDense => [Form(Sparse())],
                ConstexprNames.Cast => [Form(new DenseWeight(ElementType.Float32, Tensor("source_val")))],
                ConstexprNames.LutToSparse => SparsePalette(),
                ConstexprNames.SparseBlockwiseShiftScale => SparseBlockwise(),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            string reason = exception.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
            throw Fault($"operands that do not fit each other ({reason})", $"those of {operation.Type}", exception);
        }
    }

    private ConstexprValue Form(CompressedWeight stored) => new(stored, null, _chain.Count == 0 ? null : string.Join(" and ", _chain));

    private PalettizedWeight Palette()
    {
        TensorData indices = Tensor("indices");
        TensorData table = Tensor("lut");
        if (Optional("shape") is { } extents)
        {
            Shape shape = ShapeOf(extents);
            int bits = BitOperations.Log2((uint)Math.Max(1L, table.Shape.ElementCount));
            if (table.Shape.ElementCount != 1L << bits || bits is not (1 or 2 or 4 or 6 or 8))
            {
                throw Fault($"a table of {table.Shape.ElementCount} entries", "2, 4, 16, 64 or 256");
            }

            Shape tableShape = new([.. Enumerable.Repeat(1, shape.Rank), 1 << bits, 1]);
            return new PalettizedWeight(shape, new TensorData(ElementTypes.UnsignedOf(bits), shape, indices.Bytes), table.Reshape(tableShape));
        }

        int? axis = VectorAxis(indices.Shape);
        return new PalettizedWeight(Widened(indices.Shape, table.Shape, axis), indices, table, axis);
    }

    private QuantizedWeight Affine()
    {
        TensorData codes = Tensor("quantized_data");
        int axis = codes.Shape.ResolveAxis(Integers(Tensor("axis"), "axis", count: 1)[0]);
        Shape blocks = new([.. Enumerable.Repeat(1, codes.Shape.Rank)]);
        TensorData scale = Tensor("scale");
        TensorData zeroPoint = ConstexprParts.ToIntegers(Tensor("zero_point"), codes.Type);
        if (scale.Shape.Rank == 1 || zeroPoint.Shape.Rank == 1)
        {
            blocks = blocks.With(axis, codes.Shape[axis]);
        }

        return new QuantizedWeight(
            codes, ConstexprParts.Spread(scale, blocks), ConstexprParts.Spread(zeroPoint, blocks), DecodeArithmetic.Float32);
    }

    private CompressedWeight Blockwise()
    {
        TensorData data = Tensor("data");
        TensorData scale = Tensor("scale");
        TensorData? offset = Optional("offset");
        if (!data.Type.IsFloat() && offset?.Type.IsFloat() != true)
        {
            return new QuantizedWeight(data, scale, offset, DecodeArithmetic.ScaleType);
        }

        // Scales over values that are no codes (per-channel scales of a palette): a joint form even where nothing is chained.
        _chain.Add(operation.Type);
        return new DenseWeight(scale.Type, Decompressor.ShiftScale(data, scale, offset));
    }

    private SparseWeight Sparse()
    {
        TensorData mask = Tensor("mask");
        TensorData values = Tensor("nonzero_data");
        return Optional("shape") is { } extents
            ? new SparseWeight(new TensorData(ElementType.UInt1, ShapeOf(extents), mask.Bytes), values)
            : new SparseWeight(mask, values);
    }

    private ConstexprValue[] SparsePalette()
    {
        SparseWeight indices = new(Tensor("indices_mask"), Tensor("indices_nonzero_data"));
        TensorData table = Tensor("lut");
        int? axis = VectorAxis(indices.Shape);
        PalettizedWeight palette = new(Widened(indices.Shape, table.Shape, axis), Decoded(indices), table, axis);
        TensorData mask = ConstexprParts.Widen(indices.Mask, axis, palette.VectorLength);
        return Parts(mask, ConstexprParts.Select(Decoded(palette), mask));
    }

    private ConstexprValue[] SparseBlockwise()
    {
        SparseWeight codes = new(Tensor("data_mask"), Tensor("nonzero_data"));
        TensorData decoded = Decompressor.ShiftScale(Decoded(codes), Tensor("scale"), Optional("offset"));
        return Parts(codes.Mask, ConstexprParts.Select(decoded, codes.Mask));
    }

    private ConstexprValue[] Parts(TensorData mask, TensorData values)
    {
        _chain.Add(operation.Type);
        string joint = string.Join(" and ", _chain);
        return [new(null, mask, joint), new(null, values, joint)];
    }

    private int? VectorAxis(Shape indices) =>
        Optional("vector_axis") is { } axis ? indices.ResolveAxis(Integers(axis, "vector_axis", count: 1)[0]) : null;

    private static Shape Widened(Shape indices, Shape table, int? axis) =>
        axis is int at && table.Rank > 0 ? indices.With(at, checked(indices[at] * table[table.Rank - 1])) : indices;

    private Shape ShapeOf(TensorData extents)
    {
        int[] values = Integers(extents, "shape", extents.Shape.Rank == 1 ? extents.Shape[0] : -1);
        return values.All(extent => extent >= 0) ? new Shape(values) : throw Fault("a negative extent", "a shape");
    }

    private int[] Integers(TensorData data, string name, int count) => !data.Type.IsFloat() && data.Shape.ElementCount == count
        ? data.ToInt32()
        : throw Fault($"operand '{name}' of type {data.Type.Name()} {data.Shape}", count < 0 ? "integers along one axis" : $"integers, {count} of them");

    private TensorData Tensor(string name) => Optional(name) ?? throw Fault($"no operand '{name}'", "a constant tensor");

    private TensorData? Optional(string name)
    {
        if (operation.Attributes.TryGetValue(name, out Value? attribute))
        {
            return Constant(values.Read(attribute, $"{place}, attribute '{name}'"), name);
        }

        if (!operation.Inputs.TryGetValue(name, out Argument? argument))
        {
            return null;
        }

        if (argument.Arguments.Count != 1)
        {
            throw Fault($"{argument.Arguments.Count} operands for '{name}'", "one");
        }

        Argument.Types.Binding binding = argument.Arguments[0];
        return binding.BindingCase == Argument.Types.Binding.BindingOneofCase.Value
            ? Constant(values.Read(binding.Value, $"{place}, input '{name}'"), name)
            : Named(binding.Name, name);
    }

    private TensorData Named(string reference, string name)
    {
        switch (scope.Find(reference))
        {
            case Definition.Known known:
                return Constant(known.Operand, name);
            case Definition.Stored { Draft.Stored: DenseWeight dense } when dense.Values.Type == dense.Type:
                return dense.Values;
            case Definition.Stored stored:
                _chain.Add(operation.Type == ConstexprNames.LutToDense && name == "lut" ? $"{operation.Type} with a compressed table" : operation.Type);
                return Decoded(stored.Draft.Stored);
            case Definition.Part part:
                if (part.Value.Joint is { } joint && !_chain.Contains(joint))
                {
                    _chain.Add(joint);
                }

                return part.Value.Data ?? Decoded(part.Value.Stored!);
            default:
                throw Fault($"operand '{name}' naming '{reference}'", "a constant that is defined before it");
        }
    }

    private TensorData Decoded(CompressedWeight stored)
    {
        try
        {
            return Decompressor.ToDense(stored).Values;
        }
        catch (BadInputException exception)
        {
            throw new BadInputException($"{file}: {exception.Message}", exception);
        }
    }

    private TensorData Constant(Operand operand, string name) =>
        operand is Operand.Constant constant ? constant.Data : throw Fault($"operand '{name}' that is no tensor of numbers", "a constant tensor");

    private BadInputException Fault(string found, string expected, Exception? inner = null) =>
        new($"{file}: found {found}, expected {expected}.", inner);
}
