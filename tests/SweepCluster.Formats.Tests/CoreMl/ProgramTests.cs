using Google.Protobuf;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;
using MilValueType = SweepCluster.Formats.CoreMl.Protos.ValueType;

namespace SweepCluster.Formats.Tests.CoreMl;

public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_ConstantsOfEveryType_GivesOperandsOfThoseTypes()
    {
        PackageBuilder builder = new();
        Operation odd = PackageBuilder.Op("odd", "y", ("x", "x"));
        List<(string Name, TensorData Data)> expected = [];
        foreach (ElementType type in Enum.GetValues<DataType>().Select(type => type.ToElementType()).OfType<ElementType>().Distinct())
        {
            if (type.ToBlobType() is not null)
            {
                TensorData blob = new(type, new Shape(13), Enumerable.Range(1, (int)type.ByteCount(13)).Select(i => (byte)(i & 7)).ToArray());
                builder.Add(PackageBuilder.Const($"blob_{type}", builder.Stored(blob)));
                odd.Inputs.Add($"blob_{type}", PackageBuilder.Read($"blob_{type}"));
                expected.Add(($"blob_{type}", blob));
            }

            if (type is not (ElementType.String or ElementType.BFloat16 or ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 or ElementType.Bool))
            {
                TensorData few = new(type, new Shape(3), Enumerable.Range(1, (int)type.ByteCount(3)).Select(i => (byte)(i & 7)).ToArray());
                odd.Inputs.Add($"few_{type}", PackageBuilder.Inline(PackageBuilder.Immediate(few)));
                expected.Add(($"few_{type}", few));
            }
        }

        builder.Add(odd).Returns("y");

        Graph graph = _format.Read(builder.Write(_folder.At("types.mlpackage")));

        Node node = Assert.Single(graph.Nodes);
        Assert.Equal(15 + 14, expected.Count);
        foreach ((string name, TensorData data) in expected)
        {
            TensorData found = node.Input(name) switch
            {
                Operand.Constant constant => constant.Data,
                Operand.Parameter { Source.Stored: DenseWeight dense } => dense.Values,
                var other => throw new InvalidOperationException($"{name}: {other}"),
            };
            Assert.Equal((data.Type, data.Shape), (found.Type, found.Shape));
            Assert.Equal(data.Bytes.ToArray(), found.Bytes.ToArray());
        }

        Assert.Equal(["blob_Float16", "blob_Float32", "y_few_Float16", "y_few_Float32"], graph.Weights.Select(weight => weight.Name));
    }

    [Fact]
    public void Write_ProgramWithEverythingWeDoNotRun_CarriesItThrough()
    {
        PackageBuilder builder = new();
        ulong float8 = builder.Blob(new Blob(BlobType.Float8E4M3FN, new byte[20], 0));
        Value eightBit = PackageBuilder.Reference(ElementType.UInt8, float8, 20);
        eightBit.Type.TensorType.DataType = DataType.Float8E4M3Fn;
        Value texts = new() { Type = ListOf(DataType.String, 2), ImmediateValue = new() { List = new ListValue() } };
        texts.ImmediateValue.List.Values.Add(ValueWriter.Text("cat"));
        texts.ImmediateValue.List.Values.Add(ValueWriter.Text("dog"));
        Value dictionary = new() { DocString = "documented", ImmediateValue = new() { Dictionary = new DictionaryValue() } };
        dictionary.ImmediateValue.Dictionary.Values.Add(new DictionaryValue.Types.KeyValuePair { Key = ValueWriter.Text("k"), Value = builder.Stored(PackageBuilder.Floats(1, 30)) });
        builder.Model.MlProgram.Attributes.Add("zeta", dictionary);
        builder.Model.MlProgram.Attributes.Add("alpha", ValueWriter.Text("first by key"));

        Operation loop = PackageBuilder.Op("while_loop", "looped", ("loop_vars", "x"));
        Block body = new();
        body.Inputs.Add(PackageBuilder.Named("inner_x", ElementType.Float32, 1, 4, 8, 8));
        body.Operations.Add(PackageBuilder.Const("inner_w", builder.Stored(PackageBuilder.Floats(2, 4, 4, 3, 3))));
        body.Operations.Add(PackageBuilder.Op("conv", "inner_y", ("x", "inner_x"), ("weight", "inner_w"), ("bias", "outer_b")));
        body.Outputs.Add("inner_y");
        body.Attributes.Add("note", ValueWriter.Text("block"));
        loop.Blocks.Add(body);
        builder.Add(
            PackageBuilder.Const("outer_b", builder.Stored(PackageBuilder.Floats(3, 12))), PackageBuilder.Const("labels", texts), PackageBuilder.Const("eight", eightBit),
            loop, PackageBuilder.Op("no_such_operation", "y", ("x", "looped"), ("z", "labels"), ("e", "eight"))).Returns("y");
        builder.Main.Inputs.Add(new NamedValueType
        {
            Name = "memory",
            Type = new MilValueType { StateType = new StateType { WrappedType = MilTypes.TensorOf(ElementType.Float16, new Shape(1, 4)) } },
        });
        Function other = builder.Main.Clone();
        builder.Model.MlProgram.Functions.Add("another", other);
        builder.Model.MergeFrom(ByteString.CopyFrom(0xFA, 0xE1, 0x07, 0x03, 0x61, 0x62, 0x63).ToByteArray()); // field 15,903, which no version has
        builder.Block.MergeFrom(ByteString.CopyFrom(0xCA, 0x3E, 0x01, 0x58).ToByteArray()); // field 1,001
        string source = builder.Write(_folder.At("odd.mlpackage"));
        Graph graph = _format.Read(source);
        string written = _folder.At("written.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), written);

        IndependentPackage before = IndependentPackageReader.Read(source);
        IndependentPackage after = IndependentPackageReader.Read(written);
        Assert.Equal(before.Program, after.Program);
        Assert.Equal(before.BlobCount, after.BlobCount);
        Assert.Equal(Sorted(builder.Model), Sorted(CoreMlDocument.Parse(Path.Combine(written, "Data", "com.apple.CoreML", "model.mlmodel"))));
        Assert.True(graph.Nodes[0].HasBlocks);
        Assert.Equal(new WeightUse("inner_y", "conv", "weight"), graph.Weights.Single(weight => weight.Name == "inner_w").Uses.Single());
    }

    [Fact]
    public void Write_WeightOfANestedBlock_IsReplacedThere()
    {
        PackageBuilder builder = new();
        Operation loop = PackageBuilder.Op("while_loop", "looped", ("loop_vars", "x"));
        Block body = new();
        body.Inputs.Add(PackageBuilder.Named("inner_x", ElementType.Float32, 1, 4, 8, 8));
        body.Operations.Add(PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(2, 4, 4, 3, 3))));
        body.Operations.Add(PackageBuilder.Op("conv", "inner_y", ("x", "inner_x"), ("weight", "w"), ("bias", "b")));
        body.Outputs.Add("inner_y");
        loop.Blocks.Add(body);
        builder.Add(PackageBuilder.Const("b", builder.Stored(PackageBuilder.Floats(3, 12))), loop).Returns("looped");
        Graph graph = _format.Read(builder.Write(_folder.At("nested.mlpackage")));
        Dictionary<string, CompressedWeight> replacements = graph.Weights.ToDictionary(weight => weight.Name, weight => SchemeForms.Half(weight, 4).Stored);
        string written = _folder.At("written.mlpackage");

        _format.Write(graph, replacements, _format.ResolveTarget(graph, null), written);

        Graph again = _format.Read(written);
        Assert.Equal(["b_cast", "w_cast"], again.Weights.Select(weight => weight.Name));
        Assert.All(again.Weights, weight => Assert.Equal("inner_y", weight.Uses.Single().Node));
    }

    [Fact]
    public void Write_BlocksThatUseOneNameForTwoWeights_KeepsThemApart()
    {
        PackageBuilder builder = new();
        Operation choice = PackageBuilder.Op("cond", "chosen", ("pred", "x"));
        foreach (int seed in new[] { 1, 2 })
        {
            Block branch = new();
            branch.Operations.Add(PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(seed, 4, 4, 3, 3))));
            branch.Operations.Add(PackageBuilder.Op("conv", $"y{seed}", ("x", "x"), ("weight", "w")));
            branch.Outputs.Add($"y{seed}");
            choice.Blocks.Add(branch);
        }

        builder.Add(choice).Returns("chosen");
        Graph graph = _format.Read(builder.Write(_folder.At("twice.mlpackage")));
        (CompressedWeight stored, float[] values) = SchemeForms.Half(graph.Weights[1], 3);
        string written = _folder.At("written.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight> { ["w#2"] = stored }, _format.ResolveTarget(graph, null), written);

        Weight[] again = [.. _format.Read(written).Weights];
        Assert.Equal(["w", "w_cast"], again.Select(weight => weight.Name));
        Assert.Equal(["y1", "y2"], again.Select(weight => weight.Uses.Single().Node));
        Assert.Equal(graph.Weights[0].Hash, again[0].Hash);
        PackageChecks.AssertSameBits(values, Assert.IsType<DenseWeight>(again[1].Stored).Values.ToFloat32());
    }

    [Fact]
    public void Write_BlobsThatSeveralConstantsShare_StayShared()
    {
        PackageBuilder builder = new();
        Value shared = builder.Stored(PackageBuilder.Floats(1, 4, 4, 3, 3));
        builder.Add(PackageBuilder.Const("first", shared), PackageBuilder.Const("second", shared.Clone()), PackageBuilder.Const("third", shared.Clone()))
            .Add(PackageBuilder.Op("conv", "a", ("x", "x"), ("weight", "first")), PackageBuilder.Op("conv", "b", ("x", "a"), ("weight", "second")))
            .Add(PackageBuilder.Op("conv", "c", ("x", "b"), ("weight", "third"))).Returns("c");
        builder.Blob(PackageBuilder.Floats(2, 1000)); // nothing reads it
        Graph graph = _format.Read(builder.Write(_folder.At("shared.mlpackage")));
        ModelTarget target = _format.ResolveTarget(graph, null);
        string untouched = _folder.At("untouched.mlpackage");
        string compressed = _folder.At("compressed.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight>(), target, untouched);
        _format.Write(
            graph, new Dictionary<string, CompressedWeight> { ["first"] = SchemeForms.Half(graph.Weights[0], 1).Stored, ["third"] = SchemeForms.Half(graph.Weights[0], 1).Stored },
            target, compressed);

        Assert.Equal(1, IndependentPackageReader.Read(untouched).BlobCount);
        Assert.Equal(64 + 64 + (4 * 144), new FileInfo(Path.Combine(untouched, "Data", "com.apple.CoreML", "weights", "weight.bin")).Length);
        Assert.Equal(2, IndependentPackageReader.Read(compressed).BlobCount); // one in float16 for two of them, one as it was
    }

    [Fact]
    public void Write_WeightInsideAnOperand_BecomesAnOperationBeforeIt()
    {
        PackageBuilder builder = new();
        Operation conv = PackageBuilder.Op("conv", "y", ("x", "x"));
        conv.Inputs.Add("weight", PackageBuilder.Inline(builder.Stored(PackageBuilder.Floats(1, 4, 4, 3, 3))));
        builder.Add(conv).Returns("y");
        Graph graph = _format.Read(builder.Write(_folder.At("inline.mlpackage")));
        Weight weight = Assert.Single(graph.Weights);
        (CompressedWeight stored, float[] values) = SchemeForms.Palette(weight, 4, 1, 5);
        string written = _folder.At("written.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight> { ["y_weight"] = stored }, _format.ResolveTarget(graph, null), written);

        IndependentPackage after = IndependentPackageReader.Read(written);
        Assert.Equal(["constexpr_lut_to_dense", "conv"], after.Operations);
        PackageChecks.AssertSameBits(values, after.Weights["y.weight"]);
        Assert.Equal("y_weight_palettized", after.Sources["y.weight"]);
    }

    [Fact]
    public void Write_NameThatIsTaken_IsNumbered()
    {
        PackageBuilder builder = new();
        builder.Add(PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(1, 4, 4, 3, 3))), PackageBuilder.Op("relu", "w_palettized", ("x", "x")))
            .Add(PackageBuilder.Op("conv", "y", ("x", "w_palettized"), ("weight", "w"))).Returns("y");
        Graph graph = _format.Read(builder.Write(_folder.At("taken.mlpackage")));
        string written = _folder.At("written.mlpackage");

        _format.Write(
            graph, new Dictionary<string, CompressedWeight> { ["w"] = SchemeForms.Palette(graph.Weights[0], 4, 1, 5).Stored }, _format.ResolveTarget(graph, null), written);

        Assert.Equal("w_palettized_1", IndependentPackageReader.Read(written).Sources["y.weight"]);
    }

    [Fact]
    public void Read_WeightThatIsAnOutput_SaysWhyItStays()
    {
        PackageBuilder builder = new();
        builder.Add(PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(1, 4, 4, 3, 3))), PackageBuilder.Op("conv", "y", ("x", "x"), ("weight", "w"))).Returns("y", "w");

        Weight weight = Assert.Single(_format.Read(builder.Write(_folder.At("output.mlpackage"))).Weights);

        Assert.Equal("it is an output of the program", weight.Conflict);
    }

    [Fact]
    public void Read_WeightWhoseReadersSeeOtherAxes_SaysSo()
    {
        PackageBuilder builder = new();
        builder.Add(PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(1, 4, 4, 3, 3))), PackageBuilder.Op("conv", "y", ("x", "x"), ("weight", "w")))
            .Add(PackageBuilder.Op("conv_transpose", "z", ("x", "y"), ("weight", "w"))).Returns("z");

        Weight weight = Assert.Single(_format.Read(builder.Write(_folder.At("axes.mlpackage"))).Weights);

        Assert.Equal("conv 'y' and conv_transpose 'z' see its channels on different axes", weight.Conflict);
    }

    [Theory]
    [InlineData("linear", "weight", null, 0, 1)]
    [InlineData("conv_transpose", "weight", null, 1, 0)]
    [InlineData("matmul", "y", "transpose_y", 1, 2)]
    [InlineData("matmul", "y", null, 2, 1)]
    [InlineData("matmul", "x", "transpose_x", 2, 1)]
    [InlineData("matmul", "x", null, 1, 2)]
    [InlineData("gather", "x", null, 0, 1)]
    public void Read_WeightOfRank3_HasTheAxesOfItsReader(string opType, string input, string? isTrue, int output, int inputAxis)
    {
        PackageBuilder builder = new();
        Operation reader = PackageBuilder.Op(opType, "y_out", (input == "x" ? "y" : "x", "x"), (input, "w"));
        if (isTrue is not null)
        {
            Value flag = new() { Type = MilTypes.TensorOf(ElementType.Bool, Shape.Scalar), ImmediateValue = new() { Tensor = new TensorValue { Bools = new() } } };
            flag.ImmediateValue.Tensor.Bools.Values.Add(true);
            builder.Add(PackageBuilder.Const("flag", flag));
            reader.Inputs.Add(isTrue, PackageBuilder.Read("flag"));
        }

        builder.Add(PackageBuilder.Const("w", builder.Stored(PackageBuilder.Floats(1, 4, 6, 3))), reader).Returns("y_out");

        Weight weight = Assert.Single(_format.Read(builder.Write(_folder.At("axes.mlpackage"))).Weights);

        Assert.Equal((output, inputAxis), (weight.OutputAxis, weight.InputAxis));
    }

    [Fact]
    public void Read_SeveralInputs_StandInTheDescriptionsOrder()
    {
        PackageBuilder builder = new();
        builder.Main.Inputs.Add(PackageBuilder.Named("picture", ElementType.Float32, 1, 1, 28, 30));
        builder.Add(PackageBuilder.Op("relu", "y", ("x", "x"))).Returns("y");
        builder.Model.Description.Input.Add(new FeatureDescription
        {
            Name = "picture",
            Type = new FeatureType { ImageType = new ImageFeatureType { Width = 30, Height = 28, ColorSpace = ImageFeatureType.Types.ColorSpace.Grayscale } },
        });
        builder.Model.Description.Input.Add(new FeatureDescription { Name = "x", Type = new FeatureType { MultiArrayType = new ArrayFeatureType() } });

        Graph graph = _format.Read(builder.Write(_folder.At("inputs.mlpackage")));

        Assert.Equal(["picture", "x"], graph.Inputs.Select(input => input.Info.Name));
        Assert.Equal(new ImageInput(30, 28, ColorOrder.Grayscale), graph.Inputs[0].Image);
        Assert.Null(graph.Inputs[1].Image);
    }

    [Fact]
    public void Write_RelativePaths_AreTheSameAsAbsoluteOnes()
    {
        string source = FixturePackages.PathOf("iOS18_fp16_prune_nm2_4");
        Graph graph = _format.Read(Path.GetRelativePath(Directory.GetCurrentDirectory(), source));
        ModelTarget target = _format.ResolveTarget(graph, null);
        string written = _folder.At("written.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight>(), target, Path.GetRelativePath(Directory.GetCurrentDirectory(), written));

        Assert.Equal(_format.Measure(_format.Read(source), new Dictionary<string, CompressedWeight>(), target), PackageChecks.SizeOf(written));
        PackageChecks.AssertSameWeights(IndependentPackageReader.Read(source), IndependentPackageReader.Read(written));
    }

    [Fact]
    public void Read_LabelsInAConstantOfTheirOwn_AreRead()
    {
        PackageBuilder builder = new();
        Value labels = new() { Type = ListOf(DataType.String, 2), ImmediateValue = new() { List = new ListValue() } };
        labels.ImmediateValue.List.Values.Add(ValueWriter.Text("cat"));
        labels.ImmediateValue.List.Values.Add(ValueWriter.Text("dog"));
        builder.Add(PackageBuilder.Const("labels", labels), PackageBuilder.Op("classify", "y", ("probabilities", "x"), ("classes", "labels"))).Returns("y");

        Graph graph = _format.Read(builder.Write(_folder.At("labels.mlpackage")));

        Assert.Equal(["cat", "dog"], graph.ClassLabels!.Value.ToArray());
        Assert.IsType<Operand.Opaque>(graph.Nodes[0].Input("classes"));
    }

    [Fact]
    public void Write_ItemsBesideTheModel_AreCarriedThrough()
    {
        PackageBuilder builder = new();
        builder.Add(PackageBuilder.Op("relu", "y", ("x", "x"))).Returns("y");
        string source = builder.Write(_folder.At("extra.mlpackage"));
        string manifest = Path.Combine(source, "Manifest.json");
        File.WriteAllText(Path.Combine(source, "Data", "com.apple.CoreML", "notes.json"), "{}");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(
            "\"itemInfoEntries\": {", "\"itemInfoEntries\": { \"C\": { \"path\": \"com.apple.CoreML/notes.json\" },", StringComparison.Ordinal));
        Graph graph = _format.Read(source);
        ModelTarget target = _format.ResolveTarget(graph, null);
        string written = _folder.At("written.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight>(), target, written);

        Assert.Equal("{}", File.ReadAllText(Path.Combine(written, "Data", "com.apple.CoreML", "notes.json")));
        Assert.Equal(_format.Measure(graph, new Dictionary<string, CompressedWeight>(), target), PackageChecks.SizeOf(written));
    }

    private static byte[] Sorted(Model model)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream coded = new(stream) { Deterministic = true })
        {
            // Offsets are laid out anew; everything else must be there to the byte.
            Model copy = model.Clone();
            new ProgramValues(value =>
            {
                if (value.BlobFileValue is { } reference)
                {
                    reference.Offset = 0;
                }
            }).Visit(copy.MlProgram);
            copy.WriteTo(coded);
        }

        return stream.ToArray();
    }

    private static MilValueType ListOf(DataType type, ulong length) => new()
    {
        ListType = new ListType
        {
            Type = new MilValueType { TensorType = new TensorType { DataType = type } },
            Length = new Dimension { Constant = new Dimension.Types.ConstantDimension { Size = length } },
        },
    };
}
