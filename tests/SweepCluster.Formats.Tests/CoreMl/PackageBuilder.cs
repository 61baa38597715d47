using Google.Protobuf;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Builds small packages with what a test needs to be in them.</summary>
internal sealed class PackageBuilder
{
    public const string WeightFile = "@model_path/weights/weight.bin";

    private readonly BlobLayout _layout = new();

    /// <summary>A model of one function <c>main</c> with an input <c>x</c>, float32, of shape [1, 4, 8, 8].</summary>
    public PackageBuilder(int level = 8)
    {
        string opset = CoreMlTargets.OpsetOf(level);
        Main = new Function { Opset = opset };
        Main.Inputs.Add(Named("x", ElementType.Float32, 1, 4, 8, 8));
        Main.BlockSpecializations.Add(opset, new Block());
        Model = new Model { SpecificationVersion = level + 1, Description = new ModelDescription(), MlProgram = new Program { Version = 1 } };
        Model.MlProgram.Functions.Add("main", Main);
    }

    public Model Model { get; }

    public Function Main { get; }

    public Block Block => Main.BlockSpecializations[Main.Opset];

    public static NamedValueType Named(string name, ElementType type, params int[] extents) => new() { Name = name, Type = MilTypes.TensorOf(type, new Shape(extents)) };

    public static Operation Op(string type, string output, params (string Input, string Name)[] inputs)
    {
        Operation operation = new() { Type = type };
        operation.Attributes.Add("name", ValueWriter.Text(output));
        foreach ((string input, string name) in inputs)
        {
            operation.Inputs[input] = Read(name);
        }

        operation.Outputs.Add(Named(output, ElementType.Float32, 1, 4, 8, 8));
        return operation;
    }

    public static Argument Read(string name)
    {
        Argument argument = new();
        argument.Arguments.Add(new Argument.Types.Binding { Name = name });
        return argument;
    }

    public static Argument Inline(Value value)
    {
        Argument argument = new();
        argument.Arguments.Add(new Argument.Types.Binding { Value = value });
        return argument;
    }

    public static Operation Const(string name, Value value)
    {
        Operation operation = new() { Type = "const" };
        operation.Attributes.Add("name", ValueWriter.Text(name));
        operation.Attributes.Add("val", value);
        operation.Outputs.Add(new NamedValueType { Name = name, Type = value.Type });
        return operation;
    }

    public static TensorData Floats(int seed, params int[] extents)
    {
        Random random = new(seed);
        Shape shape = new(extents);
        return TensorData.FromFloat32(shape, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => random.NextSingle())]);
    }

    /// <summary>Puts a tensor into the weight file.</summary>
    public ulong Blob(TensorData data) =>
        _layout.Add(new Blob(data.Type.ToBlobType()!.Value, data.Bytes, BlobFormat.PaddingBits(data.Type.BitWidth(), data.Shape.ElementCount)));

    public ulong Blob(Blob blob) => _layout.Add(blob);

    public static Value Reference(ElementType type, ulong offset, params int[] extents) => new()
    {
        Type = MilTypes.TensorOf(type, new Shape(extents)),
        BlobFileValue = new Value.Types.BlobFileValue { FileName = WeightFile, Offset = offset },
    };

    /// <summary>A tensor in the weight file, as a value.</summary>
    public Value Stored(TensorData data) => Reference(data.Type, Blob(data), [.. data.Shape.Extents]);

    public static Value Immediate(TensorData data)
    {
        Value value = new ValueWriter().Tensor(data.Shape.ElementCount < 10 ? data : throw new ArgumentException("Too large.", nameof(data)), WeightFile);
        return value;
    }

    public PackageBuilder Add(params Operation[] operations)
    {
        Block.Operations.AddRange(operations);
        return this;
    }

    public PackageBuilder Returns(params string[] names)
    {
        Block.Outputs.AddRange(names);
        return this;
    }

    /// <summary>Writes the package as it is, right or wrong.</summary>
    public string Write(string path)
    {
        string folder = Path.Combine(path, "Data", "com.apple.CoreML");
        Directory.CreateDirectory(Path.Combine(folder, "weights"));
        File.WriteAllBytes(Path.Combine(folder, "model.mlmodel"), Model.ToByteArray());
        using (FileStream weights = File.Create(Path.Combine(folder, "weights", "weight.bin")))
        {
            _layout.WriteTo(weights);
        }

        PackageItem root = new("A", "com.apple.CoreML/model.mlmodel", "model.mlmodel", "com.apple.CoreML", "CoreML Model Specification");
        PackageItem weightItem = new("B", "com.apple.CoreML/weights", "weights", "com.apple.CoreML", "CoreML Model Weights");
        File.WriteAllBytes(Path.Combine(path, PackageManifest.FileName), new PackageManifest("1.0.0", [root, weightItem], root).ToBytes());
        return path;
    }
}
