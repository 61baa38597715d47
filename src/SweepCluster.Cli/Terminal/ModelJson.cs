using SweepCluster.Compression;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Cli.Terminal;

/// <summary>What <c>sweep inspect --format json</c> says of a model.</summary>
internal static class ModelJson
{
    /// <summary>A model.</summary>
    internal static object Of(Graph graph) => new
    {
        Format = graph.FormatDescription,
        graph.Facts?.Kind,
        graph.Facts?.Container,
        graph.Facts?.SpecificationVersion,
        graph.Facts?.OperationSet,
        graph.Facts?.Target,
        Functions = graph.Facts?.Functions.Select(function => new { function.Name, function.OperationSet }),
        States = graph.Facts?.States.Select(state => new { state.Name, Type = state.Type?.Name(), Shape = state.Shape.Extents }),
        graph.Facts?.Stages,
        graph.Facts?.Preprocessing,
        graph.Facts?.Metadata,
        Operations = graph.Nodes.Length,
        Inputs = graph.Inputs.Select(source => new
        {
            source.Info.Name,
            Type = source.Info.Type?.Name(),
            Shape = source.Info.Shape.Extents,
            Colors = source.Image?.Colors.ToString().ToLowerInvariant(),
            source.Image,
        }),
        Outputs = graph.OutputInfos().Select(output => new { output.Name, Type = output.Type?.Name(), Shape = output.Type is null ? [] : output.Shape.Extents }),
        Classes = graph.ClassLabels?.Length,
        Weights = graph.Weights.Select(Of),
    };

    /// <summary>A weight.</summary>
    internal static object Of(Weight weight) => new
    {
        weight.Name,
        ReadBy = weight.Uses.Select(use => new { Operation = use.Node, use.OpType, use.Input }),
        Type = weight.Type.Name(),
        Shape = weight.Shape.Extents,
        Elements = weight.Shape.ElementCount,
        Bytes = weight.Stored.PayloadBytes,
        BitsPerValue = ModelText.BitsOf(weight),
        Stored = StoredForm.Describe(weight),
        Scheme = StoredScheme.Of(weight)?.Canonical,
        weight.Conflict,
        weight.Hash,
    };
}
