using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>Shows a stage of a kind that is only carried through as one operation, from its description.</summary>
internal static class OtherStage
{
    internal static StageGraph Read(ModelStage stage, string file)
    {
        ModelDescription description = stage.Model.Description ?? new ModelDescription();
        ImmutableArray<GraphInput> inputs = [.. description.Input.Select(feature => new GraphInput(Info(feature), null))];
        ImmutableArray<ValueInfo> outputs = [.. description.Output.Select(Info)];
        ImmutableSortedDictionary<string, ImmutableArray<Operand>> operands = ImmutableSortedDictionary<string, ImmutableArray<Operand>>.Empty
            .WithComparers(StringComparer.Ordinal)
            .Add("x", [.. inputs.Select(input => new Operand.Value(input.Info.Name))]);
        Node node = new(ModelKinds.NameOf(stage.Model).Replace(' ', '_'), operands, outputs, stage.PlaceIn(file));
        return new StageGraph(inputs, [.. outputs.Select(output => output.Name)], [node], [], null, new StageOrigin.OfOther(stage.Path));
    }

    private static ValueInfo Info(FeatureDescription feature) => new(feature.Name, null, Shape.Scalar);
}
