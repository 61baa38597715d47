using System.Collections.Immutable;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>What a person is told that a model is.</summary>
internal static class ModelDescriptions
{
    /// <summary>Container, kind and deployment target: <c>Core ML package, ML program, iOS18</c>, <c>Core ML file, neural network classifier, iOS11</c>.</summary>
    internal static string Of(CoreMlDocument document, ImmutableArray<StageOrigin> stages)
    {
        string container = document.Container is SingleFile ? "Core ML file" : "Core ML package", kinds = string.Join(", ", document.Stages.Select(stage => ModelKinds.NameOf(stage.Model)));
        string stagesOf = ModelStage.PipelineOf(document.Model) is null ? "" : $" of {document.Stages.Length} {(document.Stages.Length == 1 ? "stage" : "stages")} ({kinds})";
        return $"{container}, {ModelKinds.NameOf(document.Model)}{stagesOf}, {CoreMlTarget.Own(document, stages).System}";
    }
}
