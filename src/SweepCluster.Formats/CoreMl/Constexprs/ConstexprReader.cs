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
    private const int DecodingBytes = 16; // for each element, with what is in between

    private const int LongestJoint = 1000; // letters of a chain's operations

    private const int LongestVector = 64; // elements of one palette entry; each index stands for that many

    private readonly List<string> _chain = [];

    /// <summary>Its outputs, in order; null where the operation is of a kind that is not known here.</summary>
    /// <exception cref="BadInputException">An operand is missing or does not fit the others.</exception>
    internal ConstexprValue[]? Read()
    {
        try
        {
            return operation.Type switch
            {
                ConstexprNames.LutToDense => [Palette()],
                ConstexprNames.AffineDequantize => [Form(Affine())],
                ConstexprNames.BlockwiseShiftScale => [Form(Blockwise())],
                ConstexprNames.SparseToDense => [Form(Sparse())],
                ConstexprNames.Cast => [Form(new DenseWeight(ElementType.Float32, Tensor("source_val")))],
                ConstexprNames.LutToSparse => SparsePalette(),
                ConstexprNames.SparseBlockwiseShiftScale => SparseBlockwise(),
                _ => null,
            };
        }
        catch (TooMuchToDecodeException)
        {
            return null; // carried through as an operation of an unknown kind is
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            string reason = exception.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
            throw Fault($"operands that do not fit each other ({reason})", $"those of {operation.Type}", exception);
        }
    }

    private ConstexprValue Form(CompressedWeight stored) => new(stored, null, _chain.Count == 0 ? null : string.Join(" and ", _chain));

    private ConstexprValue Palette()
    {
        TensorData indices = Filled("indices");
        if (Optional("shape") is { } extents)
        {
            TensorData flat = Tensor("lut");
            Shape shape = ShapeOf(extents);
            int bits = BitOperations.Log2((uint)Math.Max(1L, flat.Shape.ElementCount));
            if (flat.Shape.ElementCount != 1L << bits || bits is not (1 or 2 or 4 or 6 or 8))
            {
                throw Fault($"a table of {flat.Shape.ElementCount} entries", "2, 4, 16, 64 or 256");
            }

            Shape tableShape = new([.. Enumerable.Repeat(1, shape.Rank), 1 << bits, 1]);
            return Form(new PalettizedWeight(shape, new TensorData(ElementTypes.UnsignedOf(bits), shape, indices.Bytes), flat.Reshape(tableShape)));
        }

        if (operation.Attributes.ContainsKey("indices"))
        {
            throw Fault("no operand 'shape'", "the weight's extents beside indices that are an attribute");
        }

        PaletteTable table = Table(out ElementType? integers);
        int? axis = VectorAxis(indices.Shape);
        PalettizedWeight palette = new(Widened(indices.Shape, table.Shape, axis), indices, table, axis);
        return integers is ElementType type
            ? new(null, new(() => Integers(palette, type)), operation.Type) { IntegerPalette = palette }
            : Form(palette);
    }

    // A table of integers without scales means something only to the operation that reads what was looked up; it gets scales of 1.
    private PaletteTable Table(out ElementType? integers)
    {
        integers = null;
        if (SourceOf("lut") is Definition.Stored { Draft.Stored: QuantizedWeight { Arithmetic: DecodeArithmetic.ScaleType } codes })
        {
            return new PaletteTable(codes.Codes, codes.Scales, codes.ZeroPoints);
        }

        TensorData entries = Tensor("lut");
        if (entries.Type.IsFloat())
        {
            return new PaletteTable(entries);
        }

        integers = entries.Type;
        return new PaletteTable(entries, TensorData.FromFloat32(Ones(entries.Shape.Rank), [1f]), null);
    }

    private TensorData Integers(CompressedWeight palette, ElementType type) => TensorData.FromValues(type, palette.Shape, Decoded(palette).ToFloat32());

    private static Shape Ones(int rank) => new([.. Enumerable.Repeat(1, rank)]);

    private QuantizedWeight Affine()
    {
        TensorData codes = Filled("quantized_data");
        int axis = codes.Shape.ResolveAxis(Integers(Tensor("axis"), "axis", count: 1)[0]);
        Shape blocks = new([.. Enumerable.Repeat(1, codes.Shape.Rank)]);
        TensorData scale = Tensor("scale");
        TensorData zeroPoint = ConstexprParts.ToIntegers(Tensor("zero_point"), codes.Type);
        if (scale.Shape.Rank == 1 || zeroPoint.Shape.Rank == 1)
        {
            blocks = blocks.With(axis, codes.Shape[axis]);
        }

        Spend(blocks); // a scale may be spread over them
        return new QuantizedWeight(
            codes, ConstexprParts.Spread(scale, blocks), ConstexprParts.Spread(zeroPoint, blocks), DecodeArithmetic.Float32);
    }

    private CompressedWeight Blockwise()
    {
        if (ScaledPalette() is { } palette)
        {
            return palette;
        }

        TensorData data = Filled("data");
        TensorData scale = Tensor("scale");
        TensorData? offset = Optional("offset");
        if (!data.Type.IsFloat())
        {
            return new QuantizedWeight(data, scale, offset, DecodeArithmetic.ScaleType);
        }

        // Scales over values that are no codes: a joint form even where nothing is chained.
        _chain.Add(operation.Type);
        Spend(data.Shape);
        return new DenseWeight(scale.Type, Decompressor.ShiftScale(data, scale, offset));
    }

    // Scales of what was looked up in a palette: of its channels, or one for all entries of a table of integers.
    private PalettizedWeight? ScaledPalette() => SourceOf("data") switch
    {
        Definition.Stored { Draft: { Stored: PalettizedWeight { ChannelScales: null } looked, IsPlain: true } } when Tensor("scale") is { } scales && Optional("offset") is null && scales.Type == looked.Type =>
            new PalettizedWeight(looked.Shape, looked.Indices, looked.Table, looked.VectorAxis, scales),
        Definition.Part { Value.IntegerPalette: { } looked } when Tensor("scale") is { Shape.ElementCount: 1 } scale && Optional("offset") is var offset =>
            new PalettizedWeight(
                looked.Shape, looked.Indices,
                new PaletteTable(looked.Table.Entries, scale.Reshape(Ones(looked.Shape.Rank + 2)), offset?.Reshape(Ones(looked.Shape.Rank + 2))), looked.VectorAxis),
        _ => null,
    };

    private CompressedWeight Sparse()
    {
        if (JointSparse() is { } joint)
        {
            return joint;
        }

        TensorData mask = Filled("mask");
        TensorData values = Tensor("nonzero_data");
        return Optional("shape") is { } extents
            ? new SparseWeight(new TensorData(ElementType.UInt1, ShapeOf(extents), mask.Bytes), values)
            : new SparseWeight(mask, values);
    }

    // What an operation for sparse weights left, under the mask that it left or one that is equal to it.
    private CompressedWeight? JointSparse()
    {
        if (SourceOf("nonzero_data") is not Definition.Part { Value: { Sparse: { } whole, IsMask: false } })
        {
            return null;
        }

        if (SourceOf("mask") is Definition.Part { Value: { IsMask: true } mask })
        {
            return ReferenceEquals(mask.Sparse, whole) ? whole : null;
        }

        return Filled("mask") is { Type: ElementType.UInt1 } own && own.Shape == whole.Shape && own.Bytes.Span.SequenceEqual(MaskOf(whole).Bytes.Span) ? whole : null;
    }

    private TensorData MaskOf(CompressedWeight sparse) => sparse switch
    {
        SparsePalettizedWeight { VectorAxis: null } palettized => palettized.Mask,
        SparsePalettizedWeight vectors => Widened(vectors),
        SparseQuantizedWeight quantized => quantized.Mask,
        _ => throw new ArgumentException($"A {sparse.GetType().Name} has no mask.", nameof(sparse)),
    };

    private TensorData Widened(SparsePalettizedWeight vectors)
    {
        Spend(vectors.Shape);
        return ConstexprParts.Widen(vectors.Mask, vectors.VectorAxis, vectors.Table.Shape[vectors.Shape.Rank + 1]);
    }

    private ConstexprValue[] SparsePalette()
    {
        TensorData mask = Filled("indices_mask");
        TensorData indices = Tensor("indices_nonzero_data");
        PaletteTable table = Table(out ElementType? integers);
        int? axis = VectorAxis(mask.Shape);
        SparsePalettizedWeight weight = new(Widened(mask.Shape, table.Shape, axis), mask, indices, table, axis);
        return Parts(weight, () => integers is ElementType type ? Integers(weight, type) : Decoded(weight), isWhole: integers is null);
    }

    private ConstexprValue[] SparseBlockwise()
    {
        TensorData mask = Filled("data_mask");
        TensorData codes = Tensor("nonzero_data");
        TensorData scale = Tensor("scale");
        TensorData? offset = Optional("offset");
        if (codes.Type.IsInteger())
        {
            SparseQuantizedWeight weight = new(mask, codes, scale, offset);
            return Parts(weight, () => Decoded(weight), isWhole: true);
        }

        SparseWeight values = new(mask, codes);
        Spend(mask.Shape);
        TensorData scaled = Decompressor.ShiftScale(Decoded(values), scale, offset);
        return Parts(new SparseWeight(mask, ConstexprParts.Select(scaled, mask)), () => scaled, isWhole: false);
    }

    private ConstexprValue[] Parts(CompressedWeight weight, Func<TensorData> decode, bool isWhole)
    {
        string joint = string.Join(" and ", _chain.Append(operation.Type));
        Lazy<TensorData> mask = new(() => weight is SparseWeight sparse ? sparse.Mask : MaskOf(weight));
        Lazy<TensorData> values = new(() => ConstexprParts.Select(Spent(weight.Shape, decode), mask.Value));
        CompressedWeight? whole = isWhole && _chain.Count == 0 ? weight : null;
        return [new(null, mask, joint) { Sparse = whole, IsMask = true }, new(null, values, joint) { Sparse = whole }];
    }

    private int? VectorAxis(Shape indices) =>
        Optional("vector_axis") is { } axis ? indices.ResolveAxis(Integers(axis, "vector_axis", count: 1)[0]) : null;

    private Shape Widened(Shape indices, Shape table, int? axis)
    {
        if (axis is not int at || table.Rank == 0)
        {
            return indices;
        }

        int length = table[table.Rank - 1];
        Shape shape = length <= LongestVector ? indices.With(at, checked(indices[at] * length))
            : throw Fault($"a table {table} of vectors of {length} elements", $"at most {LongestVector}");
        return shape.ElementCount <= Array.MaxLength ? shape : throw Fault($"a weight {shape}", $"at most {Array.MaxLength} elements");
    }

    private Shape ShapeOf(TensorData extents)
    {
        int[] values = Integers(extents, "shape", extents.Shape.Rank == 1 ? extents.Shape[0] : -1);
        return values.All(extent => extent >= 0) ? new Shape(values) : throw Fault("a negative extent", "a shape");
    }

    private int[] Integers(TensorData data, string name, int count) => !data.Type.IsFloat() && data.Shape.ElementCount == count
        ? data.ToInt32()
        : throw Fault($"operand '{name}' of type {data.Type.Name()} {data.Shape}", count < 0 ? "integers along one axis" : $"integers, {count} of them");

    private TensorData Tensor(string name) => Optional(name) ?? throw Fault($"no operand '{name}'", "a constant tensor");

    // A shape without elements may have any other extent: what is made to measure from it would not be bounded by the file.
    private TensorData Filled(string name) => Tensor(name) is { Shape.ElementCount: > 0 } data
        ? data
        : throw Fault($"operand '{name}' without elements", "at least one");

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

    // What an operand names; null where it is a value itself.
    private Definition? SourceOf(string name) =>
        operation.Inputs.TryGetValue(name, out Argument? argument) && argument.Arguments is [{ BindingCase: Argument.Types.Binding.BindingOneofCase.Name } binding] ? scope.Find(binding.Name) : null;

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
                if (part.Value.Joint is { } whole)
                {
                    string joint = whole.Length <= LongestJoint ? whole : "many operations"; // two of a level that read both of the level below would double it
                    if (!_chain.Contains(joint))
                    {
                        _chain.Add(joint);
                    }
                }

                return part.Value.Data?.Value ?? Decoded(part.Value.Stored!);
            default:
                throw Fault($"operand '{name}' naming '{reference}'", "a constant that is defined before it");
        }
    }

    // What is decoded while a program is read must stay within what reading may take, however often a program asks for it.
    private void Spend(Shape decoded)
    {
        if (!values.TrySpend(checked(DecodingBytes * decoded.ElementCount)))
        {
            throw new TooMuchToDecodeException();
        }
    }

    private TensorData Spent(Shape decoded, Func<TensorData> decode)
    {
        Spend(decoded);
        return decode();
    }

    private TensorData Decoded(CompressedWeight stored)
    {
        Spend(stored.Shape);
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
