using System.Runtime.InteropServices;
using Google.Protobuf;
using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Numerics.Vectors;
using SweepCluster.Testing;

namespace SweepCluster.Inference.Tests.NeuralNetworks;

/// <summary>A neural network made layer by layer, written to a file, read back and run. Layers read the one before unless they name what they read.</summary>
internal sealed class SmallNetwork
{
    private readonly Model _model = new() { SpecificationVersion = 4, Description = new(), NeuralNetwork = new() };
    private string _last = "x";

    /// <summary>A network of one array; by the older mapping its extents are channels, or channels, rows and columns.</summary>
    public SmallNetwork(long[] shape, bool isExact = false)
    {
        ArrayFeatureType array = new() { DataType = ArrayFeatureType.Types.ArrayDataType.Float32 };
        array.Shape.AddRange(shape);
        _model.Description.Input.Add(new FeatureDescription { Name = "x", Type = new FeatureType { MultiArrayType = array } });
        _model.NeuralNetwork.ArrayInputShapeMapping = isExact ? NeuralNetworkMultiArrayShapeMapping.ExactArrayMapping : NeuralNetworkMultiArrayShapeMapping.Rank5ArrayMapping;
    }

    /// <summary>A network of one picture.</summary>
    public SmallNetwork(int height, int width, ImageFeatureType.Types.ColorSpace colors, params NeuralNetworkPreprocessing[] preprocessing)
    {
        ImageFeatureType image = new() { Height = height, Width = width, ColorSpace = colors };
        _model.Description.Input.Add(new FeatureDescription { Name = "x", Type = new FeatureType { ImageType = image } });
        _model.NeuralNetwork.Preprocessing.AddRange(preprocessing);
    }

    public static WeightParams Values(params ReadOnlySpan<float> values) => new() { FloatValue = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };

    public SmallNetwork Add(NeuralNetworkLayer layer, params string[] inputs)
    {
        layer.Input.AddRange(inputs.Length == 0 && !IsSource(layer) ? [_last] : inputs);
        if (layer.Output.Count == 0)
        {
            layer.Output.Add($"{layer.LayerCase}{_model.NeuralNetwork.Layers.Count}");
        }

        layer.Name = layer.Output[0];
        _last = layer.Output[0];
        _model.NeuralNetwork.Layers.Add(layer);
        return this;
    }

    public Graph Read(Action<Model>? change = null)
    {
        Model model = _model.Clone();
        model.Description.Output.Add(new FeatureDescription { Name = _last, Type = new FeatureType { MultiArrayType = new ArrayFeatureType() } });
        change?.Invoke(model);
        using TemporaryFolder folder = new();
        string path = folder["Small.mlmodel"];
        File.WriteAllBytes(path, model.ToByteArray());
        return new CoreMlFormat().Read(path);
    }

    /// <summary>Runs to the last layer, on every vector width and as one batch or several, which all give the same bits.</summary>
    public float[] Run(params float[] input) => Run(Read(), _last, input);

    public static float[] Run(Graph graph, string? output, float[] input)
    {
        float[]? first = null;
        foreach (VectorPath path in VectorPaths.All)
        {
            Network network = Network.Compile(graph, Weights.Dense, output, path);
            int length = (int)network.InputShape.ElementCount, samples = input.Length / length;
            float[] doubled = [.. input, .. input], results = new float[2 * samples * network.OutputSize];
            network.Run(doubled, 2 * samples, results, network.CreateWorkspace(2 * samples));
            float[] once = results[..(results.Length / 2)];
            Assert.Equal(Bits(once), Bits(results[(results.Length / 2)..]));
            first ??= once;
            Assert.Equal(Bits(first), Bits(once));
        }

        return first!;
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);

    private static bool IsSource(NeuralNetworkLayer layer) => layer.LayerCase is NeuralNetworkLayer.LayerOneofCase.LoadConstant or NeuralNetworkLayer.LayerOneofCase.LoadConstantND;
}
