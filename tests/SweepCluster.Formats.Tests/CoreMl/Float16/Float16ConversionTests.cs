using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;
using static SweepCluster.Formats.Tests.CoreMl.PackageBuilder;

namespace SweepCluster.Formats.Tests.CoreMl.Float16;

public sealed class Float16ConversionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Convert_WeightsAndActivations_BecomeFloat16BetweenCastsAtTheBorder()
    {
        PackageBuilder builder = new(level: 6);
        TensorData weight = Floats(1, 4, 4, 1, 1);
        builder.Add(Const("w", builder.Stored(weight)), Op("conv", "c", ("x", "x"), ("weight", "w")), Op("relu", "y", ("x", "c"))).Returns("y");

        (Float16Program program, IndependentPackage written) = Convert(builder);

        Assert.Equal((2, 0), (program.Converted, program.Kept.Length));
        Assert.Equal(["const", "const", "cast", "conv", "relu", "const", "cast"], written.Operations);
        Assert.Equal("fp16[4,4,1,1]", written.Types["c.weight"]);
        Assert.Equal(weight.ToFloat32().Select(value => (float)(Half)value), written.Weights["c.weight"]);
        Assert.Equal("w", written.Sources["c.weight"]);
        Assert.Equal(7, written.SpecificationVersion);
    }

    [Theory]
    [InlineData(1e-12f, "'eps': 1E-12 would become 0 in float16")]
    [InlineData(70000f, "'eps': 70000 is beyond float16's 65504")]
    public void Convert_ConstantThatFloat16DoesNotHold_StaysFloat32BetweenCasts(float value, string reason)
    {
        PackageBuilder builder = new(level: 6);
        builder.Add(
            Const("w", builder.Stored(Floats(1, 4, 4, 1, 1))), Op("conv", "c", ("x", "x"), ("weight", "w")),
            Const("eps", Immediate(TensorData.FromFloat32(Shape.Scalar, [value]))), Op("add", "a", ("x", "c"), ("y", "eps")), Op("relu", "y", ("x", "a"))).Returns("y");

        (Float16Program program, IndependentPackage written) = Convert(builder);

        Assert.Equal(2, program.Converted);
        Assert.Equal(new KeptOperation("a", "add", reason), Assert.Single(program.Kept));
        Assert.Contains(written.Program, line => line.StartsWith("add [a:fp32[1,4,8,8]] x=%c_to_fp32 y=%eps", StringComparison.Ordinal));
        Assert.Contains(written.Program, line => line.StartsWith("relu [y_cast_fp16:fp16[1,4,8,8]] x=%a_to_fp16", StringComparison.Ordinal));
    }

    // 65519 rounds to 65504, 65520 to infinity; 2^-25 is halfway to the smallest number and goes to 0.
    [Theory]
    [InlineData(65519f, true)]
    [InlineData(65520f, false)]
    [InlineData(2.9802322e-8f, false)]
    [InlineData(2.9802326e-8f, true)]
    [InlineData(0f, true)]
    [InlineData(float.NegativeInfinity, true)]
    [InlineData(float.NaN, true)]
    public void Convert_ScalarAtALimit_IsConvertedExactlyWhereItKeepsAMeaning(float value, bool isConverted)
    {
        PackageBuilder builder = new(level: 6);
        builder.Add(Const("w", builder.Stored(Floats(1, 1, 4, 8, 8))), Op("mul", "m", ("x", "x"), ("y", "w")), Const("s", Immediate(TensorData.FromFloat32(Shape.Scalar, [value]))), Op("add", "y", ("x", "m"), ("y", "s"))).Returns("y");

        (Float16Program program, _) = Convert(builder);

        Assert.Equal(isConverted ? 2 : 1, program.Converted);
        Assert.Equal(isConverted, Half.IsNaN((Half)value) || float.IsInfinity(value) == Half.IsInfinity((Half)value) && (value == 0) == ((Half)value == (Half)0)); // the runtime's own rounding
    }

    [Fact]
    public void Convert_TinyValuesInAWeight_AreRoundedAway_ButNotInADivisor()
    {
        PackageBuilder builder = new(level: 6);
        TensorData tiny = TensorData.FromFloat32(new Shape(1, 4, 1, 1), [1e-12f, 1, 2, 3]);
        builder.Add(Const("w", builder.Stored(Floats(1, 1, 4, 8, 8))), Const("t", Immediate(tiny)), Op("mul", "m", ("x", "x"), ("y", "w")), Op("add", "a", ("x", "m"), ("y", "t")), Op("real_div", "y", ("x", "a"), ("y", "t"))).Returns("y");

        (Float16Program program, IndependentPackage written) = Convert(builder);

        Assert.Equal(new KeptOperation("y", "real_div", "'t': 1E-12 would become 0 in float16"), Assert.Single(program.Kept));
        Assert.Equal([0f, 1, 2, 3], written.Weights["a.y"]);
        Assert.Equal([1e-12f, 1, 2, 3], written.Weights["y.y"]);
    }

    [Fact]
    public void Convert_ControlFlow_CarriesFloat32AndComputesFloat16Inside()
    {
        PackageBuilder builder = new(level: 6);
        Operation loop = Op("while_loop", "l");
        loop.Inputs["loop_vars"] = Read("x");
        Block condition = new(), body = new();
        condition.Inputs.Add(Named("i", ElementType.Float32, 1, 4, 8, 8));
        body.Inputs.Add(Named("j", ElementType.Float32, 1, 4, 8, 8));
        Operation all = Op("reduce_max", "r", ("x", "i")), less = Op("less", "b", ("x", "r"), ("y", "limit"));
        less.Outputs[0].Type = MilTypes.TensorOf(ElementType.Bool, Shape.Scalar);
        condition.Operations.AddRange([all, less]);
        condition.Outputs.Add("b");
        body.Operations.Add(Op("add", "k", ("x", "j"), ("y", "w")));
        body.Outputs.Add("k");
        loop.Blocks.AddRange([condition, body]);
        builder.Add(Const("w", builder.Stored(Floats(1, 1, 4, 8, 8))), Const("limit", Immediate(TensorData.FromFloat32(Shape.Scalar, [100]))), loop, Op("relu", "y", ("x", "l"))).Returns("y");

        (Float16Program program, IndependentPackage written) = Convert(builder);

        Assert.Equal(4, program.Converted);
        Assert.Equal("while_loop", Assert.Single(program.Kept).OpType);
        Assert.Contains(written.Program, line => line.StartsWith("add [k:fp16[1,4,8,8]]", StringComparison.Ordinal));
        Assert.Contains("returns k_to_fp32", written.Program);
        Assert.Contains("returns b", written.Program);
    }

    // A value that the outer block has as float32 is cast in the inner block, where nothing outside can read it.
    [Fact]
    public void Convert_ValueOfAnOuterBlock_IsCastWhereItIsRead()
    {
        PackageBuilder builder = new(level: 6);
        builder.Main.Inputs.Add(Named("p", ElementType.Bool));
        Operation cond = Op("cond", "z", ("pred", "p"));
        Block yes = new(), no = new();
        yes.Operations.Add(Op("mul", "m", ("x", "x"), ("y", "w")));
        yes.Outputs.Add("m");
        no.Operations.Add(Op("identity", "n", ("x", "x")));
        no.Outputs.Add("n");
        cond.Blocks.AddRange([yes, no]);
        builder.Add(Const("w", builder.Stored(Floats(1, 1, 4, 8, 8))), cond, Op("add", "y", ("x", "z"), ("y", "x"))).Returns("y");

        (Float16Program program, IndependentPackage written) = Convert(builder);

        Assert.Equal(3, program.Converted);
        Assert.Equal(3, written.Program.Count(line => line.StartsWith("cast [x_to_fp16", StringComparison.Ordinal)));
    }

    [Fact]
    public void Convert_SharedBlobs_StaySharedAndUnusedFloat32Goes()
    {
        PackageBuilder builder = new(level: 6);
        Value shared = builder.Stored(Floats(1, 1, 4, 8, 8));
        builder.Add(Const("v", shared), Const("w", shared.Clone()), Op("add", "a", ("x", "x"), ("y", "v")), Op("mul", "y", ("x", "a"), ("y", "w"))).Returns("y");

        (_, IndependentPackage written) = Convert(builder);

        Assert.Equal(1, written.BlobCount);
        Assert.True(new FileInfo(Path.Combine(_folder.At("half.mlpackage"), "Data", "com.apple.CoreML", "weights", "weight.bin")).Length == 64 + 64 + (2 * 256));
    }

    [Fact]
    public void Convert_CastsThatAreThere_AreNotCastBackAndForth()
    {
        PackageBuilder builder = new(level: 6);
        builder.Main.Inputs.Add(Named("n", ElementType.Int32, 1, 4, 8, 8));
        Operation toFloat = Op("cast", "f", ("x", "n"), ("dtype", "fp32")), toHalf = Op("cast", "h", ("x", "a"), ("dtype", "fp16")), back = Op("cast", "s", ("x", "h"), ("dtype", "fp32"));
        toHalf.Outputs[0].Type = MilTypes.TensorOf(ElementType.Float16, new Shape(1, 4, 8, 8));
        builder.Add(
            Const("fp32", ValueWriter.Text("fp32")), Const("fp16", ValueWriter.Text("fp16")), Const("w", builder.Stored(Floats(1, 1, 4, 8, 8))),
            toFloat, Op("add", "a", ("x", "f"), ("y", "w")), toHalf, back, Op("relu", "y", ("x", "s"))).Returns("y");

        (_, IndependentPackage written) = Convert(builder);

        // From integers to float16 at once, and nothing between the two operations.
        Assert.Contains(written.Program, line => line.StartsWith("cast [f_to_fp16:fp16[1,4,8,8]] dtype=%f_to_fp16_dtype_0 x=%n", StringComparison.Ordinal));
        Assert.Contains(written.Program, line => line.StartsWith("relu [y_cast_fp16:fp16[1,4,8,8]] x=%a", StringComparison.Ordinal));
        Assert.Equal(2, written.Operations.Count(type => type == "cast"));
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(7, true)]
    public void Convert_RecurrentLayer_FollowsTheOperationSet(int level, bool isConverted)
    {
        PackageBuilder builder = new(level);
        builder.Add(Const("w", builder.Stored(Floats(1, 16, 16))), Op("rnn", "r", ("x", "x"), ("weight_ih", "w")), Op("relu", "y", ("x", "r")), Const("v", builder.Stored(Floats(2, 1, 4, 8, 8))), Op("add", "z", ("x", "y"), ("y", "v"))).Returns("z");

        (Float16Program program, _) = Convert(builder);

        Assert.Equal(isConverted ? [] : new[] { new KeptOperation("r", "rnn", "takes float32 alone below iOS17") }, program.Kept);
    }

    [Fact]
    public void Convert_OtherFunctions_AreConvertedToo()
    {
        PackageBuilder builder = new(level: 8);
        Value shared = builder.Stored(Floats(1, 1, 4, 8, 8));
        builder.Add(Const("w", shared), Op("add", "y", ("x", "x"), ("y", "w"))).Returns("y");
        Function second = builder.Main.Clone();
        second.BlockSpecializations[second.Opset].Operations[1].Type = "mul";
        builder.Model.MlProgram.Functions.Add("second", second);

        (Float16Program program, IndependentPackage written) = Convert(builder);

        Assert.Equal(2, program.Converted);
        Assert.Equal(1, written.BlobCount);
        Assert.Equal(2, written.Program.Count(line => line.StartsWith("const [w:fp16[1,4,8,8]]", StringComparison.Ordinal)));
    }

    [Fact]
    public void Convert_States_KeepTheirTypes()
    {
        PackageBuilder builder = new(level: 8);
        builder.Main.Inputs.Add(new NamedValueType { Name = "s", Type = new SweepCluster.Formats.CoreMl.Protos.ValueType { StateType = new StateType { WrappedType = MilTypes.TensorOf(ElementType.Float16, new Shape(1, 4, 8, 8)) } } });
        Operation read = Op("read_state", "r", ("input", "s")), back = Op("cast", "f", ("x", "r"), ("dtype", "fp32")), half = Op("cast", "h", ("x", "a"), ("dtype", "fp16"));
        read.Outputs[0].Type = half.Outputs[0].Type = MilTypes.TensorOf(ElementType.Float16, new Shape(1, 4, 8, 8));
        Operation update = Op("coreml_update_state", "u", ("state", "s"), ("value", "h"));
        update.Outputs[0].Type = read.Outputs[0].Type.Clone();
        builder.Add(
            Const("fp32", ValueWriter.Text("fp32")), Const("fp16", ValueWriter.Text("fp16")), Const("w", builder.Stored(Floats(1, 1, 4, 8, 8))), read, back,
            Op("add", "a", ("x", "f"), ("y", "w")), half, update, Op("relu", "y", ("x", "a"))).Returns("y");

        (Float16Program program, IndependentPackage written) = Convert(builder);

        Assert.Equal(2, program.Converted);
        Assert.Contains(written.Program, line => line.StartsWith("add [a:fp16[1,4,8,8]] x=%r y=%w", StringComparison.Ordinal));
        Assert.Contains(written.Program, line => line.StartsWith("coreml_update_state [u:fp16[1,4,8,8]] state=%s value=%a", StringComparison.Ordinal));
        Assert.Equal("s", Assert.Single(program.Graph.Facts!.States).Name);
    }

    [Fact]
    public void Convert_WeightStoredAsFloat16AndCast_BecomesPlain()
    {
        PackageBuilder builder = new(level: 6);
        TensorData half = TensorData.FromFloat16(new Shape(1, 4, 8, 8), Floats(1, 1, 4, 8, 8).ToFloat32());
        Operation cast = Op("constexpr_cast", "w");
        cast.Attributes.Add("source_val", builder.Stored(half));
        cast.Attributes.Add("output_dtype", ValueWriter.Text("fp32"));
        builder.Add(cast, Op("add", "y", ("x", "x"), ("y", "w"))).Returns("y");

        (Float16Program program, IndependentPackage written) = Convert(builder);

        Assert.True(Assert.Single(program.Graph.Weights).IsPlain);
        Assert.Equal(half.ToFloat32(), written.Weights["y_cast_fp16.y"]);
    }

    [Fact]
    public void Convert_Float16Program_IsLeftAsItIs()
    {
        string package = Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage");
        Graph graph = new CoreMlFormat().Read(package);

        Float16Program program = new CoreMlFormat().ToFloat16(graph, null);

        Assert.Equal(0, program.Converted);
        Assert.Same(graph, program.Graph);
    }

    [Fact]
    public void Convert_Float32Fixture_ObeysTheFormatsTypesAndRoundsItsWeights() => Float16Checks.Holds(FixturePackages.PathOf("iOS18_fp32_base"), _folder.At("half.mlpackage"));

    private (Float16Program Program, IndependentPackage Written) Convert(PackageBuilder builder)
    {
        string source = builder.Write(_folder.At("single.mlpackage")), target = _folder.At("half.mlpackage");
        CoreMlFormat format = new();
        Float16Program program = format.ToFloat16(format.Read(source), null);
        format.Write(program.Graph, new Dictionary<string, CompressedWeight>(), format.ResolveTarget(program.Graph, program.Graph.Facts!.Target), target, CancellationToken.None);
        Assert.Equal(MilTypeRules.Check(source), MilTypeRules.Check(target));
        return (program, IndependentPackageReader.Read(target));
    }
}
