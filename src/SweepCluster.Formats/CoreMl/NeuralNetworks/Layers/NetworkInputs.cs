using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>What a network takes, and what is done to it before the first layer: pictures keep their raw values 0..255, scale and bias become operations.</summary>
internal static class NetworkInputs
{
    /// <summary>Reads the inputs in the order of the model's description.</summary>
    /// <exception cref="BadInputException">A picture is none, or a name cannot be printed.</exception>
    internal static ImmutableArray<GraphInput> Read(NetworkStage stage, NetworkBuilder network)
    {
        ImmutableArray<GraphInput>.Builder inputs = ImmutableArray.CreateBuilder<GraphInput>();
        Dictionary<string, ImageInput?> images = new(StringComparer.Ordinal);
        foreach (FeatureDescription feature in stage.Model.Description?.Input ?? [])
        {
            if (feature.Name.Any(char.IsControl))
            {
                throw new BadInputException($"{stage.Place}: found an input's name with control characters, expected names that can be printed.");
            }

            ImageInput? image = PictureInputs.Of(feature.Type?.ImageType, $"{stage.Place}, input '{feature.Name}'");
            (Shape? given, Shape? shape, bool hidesBatch) = image is not null
                ? Picture(image, stage.Network.ImageMapping)
                : Array(feature.Type?.MultiArrayType, stage.Network.ArrayMapping);
            string name = network.Unique(feature.Name);
            inputs.Add(new GraphInput(new ValueInfo(name, TypeOf(feature), given ?? new Shape(-1)), image));
            Blob blob = new(name, given);
            images[feature.Name] = image;
            network.Define(feature.Name, given is null || shape is null ? blob : Reshaped(stage, network, blob, shape.Value) with { HidesBatch = hidesBatch });
        }

        // A step that names no input is for the one picture.
        string? picture = inputs.FirstOrDefault(input => input.Image is not null)?.Info.Name;
        foreach (NeuralNetworkPreprocessing step in stage.Network.Preprocessing)
        {
            string name = step.FeatureName.Length > 0 ? step.FeatureName : picture ?? "";
            if (images.TryGetValue(name, out ImageInput? image) && network.Find(name) is { Shape: not null } blob)
            {
                network.Define(name, Preprocessed(stage, network, step, blob, image));
            }
        }

        return inputs.ToImmutable();
    }

    private static (Shape? Given, Shape? Shape, bool HidesBatch) Picture(ImageInput image, NeuralNetworkImageShapeMapping mapping)
    {
        Shape shape = new(1, image.Colors == ColorOrder.Grayscale ? 1 : 3, image.Height, image.Width);
        return (shape, shape, mapping == NeuralNetworkImageShapeMapping.Rank5ImageMapping);
    }

    // The graph's first axis is the batch. An array that has none of its own gets one there, and loses it behind the input.
    private static (Shape? Given, Shape? Shape, bool HidesBatch) Array(ArrayFeatureType? array, NeuralNetworkMultiArrayShapeMapping mapping)
    {
        if (array is null || array.Shape.Count is 0 or > LayerShape.MaxRank || array.Shape.Any(extent => extent is < 1 or > int.MaxValue))
        {
            return (null, null, false);
        }

        int[] extents = [.. array.Shape.Select(extent => (int)extent)];
        bool isExact = mapping == NeuralNetworkMultiArrayShapeMapping.ExactArrayMapping;
        return extents switch
        {
            [int channels] when !isExact => (new Shape(1, channels), new Shape(1, channels, 1, 1), true),
            [_, _, _] when !isExact => (new Shape([1, .. extents]), new Shape([1, .. extents]), true),
            [1, _, ..] => (new Shape(extents), new Shape(extents), false),
            _ => (new Shape([1, .. extents]), new Shape(extents), false),
        };
    }

    private static ElementType? TypeOf(FeatureDescription feature) => feature.Type?.MultiArrayType?.DataType switch
    {
        ArrayFeatureType.Types.ArrayDataType.Float16 => ElementType.Float16,
        ArrayFeatureType.Types.ArrayDataType.Double => ElementType.Float64,
        ArrayFeatureType.Types.ArrayDataType.Int32 => ElementType.Int32,
        ArrayFeatureType.Types.ArrayDataType.Int8 => ElementType.Int8,
        _ => feature.Type?.MultiArrayType is null && feature.Type?.ImageType is null ? null : ElementType.Float32,
    };

    private static Blob Reshaped(NetworkStage stage, NetworkBuilder network, Blob x, Shape shape) => x.Known == shape ? x
        : Add(stage, network, "reshape", x, shape, ("shape", Constants.Integers(shape.Extents.AsSpan())));

    private static Blob Preprocessed(NetworkStage stage, NetworkBuilder network, NeuralNetworkPreprocessing step, Blob x, ImageInput? image)
    {
        if (step.Scaler is { } scaler)
        {
            // A scale that is not there is 0 in the file, and means none.
            Blob scaled = scaler.ChannelScale is 0f or 1f ? x : Add(stage, network, "mul", x, x.Known, ("y", Constants.Number(scaler.ChannelScale)));
            float[] biases = image?.Colors switch
            {
                ColorOrder.Rgb => [scaler.RedBias, scaler.GreenBias, scaler.BlueBias],
                ColorOrder.Bgr => [scaler.BlueBias, scaler.GreenBias, scaler.RedBias],
                _ => [scaler.GrayBias],
            };
            return biases.All(bias => bias == 0f) ? scaled
                : Add(stage, network, "add", scaled, x.Known, ("y", Constants.Numbers(new Shape(1, biases.Length, 1, 1), biases)));
        }

        return step.MeanImage?.MeanImage is { Count: > 0 } mean && mean.Count == x.Known.ElementCount
            ? Add(stage, network, "sub", x, x.Known, ("y", Constants.Numbers(x.Known, [.. mean])))
            : x;
    }

    private static Blob Add(NetworkStage stage, NetworkBuilder network, string type, Blob x, Shape shape, (string Input, Operand Operand) other)
    {
        string name = network.Unique($"{x.Name}_{type}");
        ImmutableSortedDictionary<string, ImmutableArray<Operand>> inputs = ImmutableSortedDictionary.Create<string, ImmutableArray<Operand>>(StringComparer.Ordinal)
            .Add("x", [LayerScope.Of(x)]).Add(other.Input, [other.Operand]);
        network.Nodes.Add(new Node(type, inputs, [new ValueInfo(name, ElementType.Float32, shape)], $"{stage.Place}, preprocessing"));
        return x with { Name = name, Shape = shape };
    }
}
