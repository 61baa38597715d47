using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl;

/// <summary>Reads an ML program package into a graph.</summary>
internal static class CoreMlPackageReader
{
    private const string DefaultFunction = "main";

    /// <summary>Reads a package.</summary>
    /// <exception cref="BadInputException">There is none, or it breaks the format.</exception>
    internal static Graph Read(string path)
    {
        try
        {
            return ReadPackage(path);
        }
        catch (BadInputException exception) when (OneLine.Short(exception.Message) != exception.Message)
        {
            // What a broken file has for a name must not break the line that tells of it.
            throw new BadInputException(OneLine.Short(exception.Message), exception);
        }
    }

    private static Graph ReadPackage(string path)
    {
        PackageContent content = new(path);
        Model model = ModelParser.Parse(content.ModelPath, content.SizeBytes);
        if (model.MlProgram is not { } program)
        {
            throw new BadInputException($"{content.ModelPath}: found {KindOf(model)}, expected an ML program.");
        }

        string name = model.Description?.DefaultFunctionName is { Length: > 0 } chosen ? chosen : DefaultFunction;
        if (!program.Functions.TryGetValue(name, out Function? function))
        {
            throw new BadInputException($"{content.ModelPath}: found no function '{name}', expected the model's main function.");
        }

        if (!function.BlockSpecializations.TryGetValue(function.Opset, out Block? block))
        {
            throw new BadInputException($"{content.ModelPath}, function {name}: found no block for operation set '{function.Opset}', expected one.");
        }

        int level = CoreMlTargets.LevelOfOpset(function.Opset)
            ?? throw new BadInputException($"{content.ModelPath}, function {name}: found operation set '{function.Opset}', expected CoreML3 to CoreML9.");
        ProgramReader reader = new(content);
        (ImmutableArray<Node> nodes, ImmutableArray<Weight> weights) = reader.Read(name, function, block);
        return new Graph
        {
            Source = path,
            Inputs = Inputs(model, name, function, content.ModelPath),
            Outputs = [.. block.Outputs],
            Nodes = nodes,
            Weights = weights,
            ClassLabels = reader.ClassLabels,
            Origin = new CoreMlOrigin(content, model, name, level, reader.Sites, Extras(program, content)),
            FormatDescription = $"Core ML package, {CoreMlTargets.NameOf(level)}",
        };
    }

    /// <summary>Parses a model file.</summary>
    internal static Model Parse(string path) => ModelParser.Parse(path, 0);

    // Values that the graph does not show (other functions, attributes) must lie in the package too.
    private static IReadOnlyList<PackageExtra> Extras(Program program, PackageContent content)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        new ProgramValues(value =>
        {
            if (value.BlobFileValue is { } reference)
            {
                names.Add(reference.FileName);
                content.BlobFile(reference.FileName, "a value of the program").Read(reference.Offset, "a value of the program");
            }
        }).Visit(program);
        return content.Extras(names);
    }

    private static string KindOf(Model model) => model.TypeCase switch
    {
        Model.TypeOneofCase.NeuralNetwork => "a neural network",
        Model.TypeOneofCase.NeuralNetworkClassifier => "a neural network classifier",
        Model.TypeOneofCase.NeuralNetworkRegressor => "a neural network regressor",
        Model.TypeOneofCase.Pipeline or Model.TypeOneofCase.PipelineClassifier or Model.TypeOneofCase.PipelineRegressor => "a pipeline",
        _ => "a model of another kind",
    };

    // In the order of the model's description, which is the one that people see.
    private static ImmutableArray<GraphInput> Inputs(Model model, string name, Function function, string path)
    {
        IReadOnlyList<FeatureDescription> described = model.Description?.Functions.FirstOrDefault(candidate => candidate.Name == name)?.Input
            ?? model.Description?.Input ?? [];
        Dictionary<string, (int Order, FeatureDescription Feature)> byName = new(StringComparer.Ordinal);
        foreach (FeatureDescription feature in described)
        {
            byName.TryAdd(feature.Name, (byName.Count, feature));
        }

        return
        [
            .. function.Inputs
                .OrderBy(input => byName.TryGetValue(input.Name, out (int Order, FeatureDescription Feature) found) ? found.Order : int.MaxValue)
                .Select(input => new GraphInput(
                    MilTypes.ToValueInfo(input, $"{path}, function {name}, input '{input.Name}'"),
                    Image(byName.GetValueOrDefault(input.Name).Feature?.Type?.ImageType, $"{path}, input '{input.Name}'"))),
        ];
    }

    private static ImageInput? Image(ImageFeatureType? image, string place)
    {
        if (image is null)
        {
            return null;
        }

        ColorOrder colors = image.ColorSpace switch
        {
            ImageFeatureType.Types.ColorSpace.Rgb => ColorOrder.Rgb,
            ImageFeatureType.Types.ColorSpace.Bgr => ColorOrder.Bgr,
            ImageFeatureType.Types.ColorSpace.Grayscale or ImageFeatureType.Types.ColorSpace.GrayscaleFloat16 => ColorOrder.Grayscale,
            _ => throw new BadInputException($"{place}: found colour space {(int)image.ColorSpace}, expected RGB, BGR or grayscale."),
        };
        return image.Width is >= 0 and <= int.MaxValue && image.Height is >= 0 and <= int.MaxValue
            ? new ImageInput((int)image.Width, (int)image.Height, colors)
            : throw new BadInputException($"{place}: found a picture of {image.Width} x {image.Height}, expected extents from 0 to {int.MaxValue}.");
    }
}
