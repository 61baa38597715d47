using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>A model that is no pipeline: the whole one, or one stage of a pipeline, however deep it is nested.</summary>
/// <param name="Path">Index of a model in the pipeline, then in the pipeline that that one is, and so on; empty for the whole model.</param>
/// <param name="Name">Names along the path, joined by <c>/</c>; empty for the whole model.</param>
/// <param name="Model">The model.</param>
internal sealed record ModelStage(ImmutableArray<int> Path, string Name, Model Model)
{
    /// <summary>Where it stands in its file, for messages, as <c>model.mlmodel, stage classifier</c>.</summary>
    internal string PlaceIn(string file) => Path.IsEmpty ? file : $"{file}, stage {Name}";

    /// <summary>Every stage of a model, in the order in which they run.</summary>
    internal static IEnumerable<ModelStage> Of(Model model) => Of(model, [], "");

    /// <summary>The stage at a path.</summary>
    internal static Model At(Model model, ImmutableArray<int> path) => path.Aggregate(model, (outer, index) => PipelineOf(outer)!.Models[index]);

    /// <summary>The pipeline that a model is; null where it is none.</summary>
    internal static Pipeline? PipelineOf(Model model) => model.TypeCase switch
    {
        Model.TypeOneofCase.Pipeline => model.Pipeline,
        Model.TypeOneofCase.PipelineClassifier => model.PipelineClassifier.Pipeline ?? new Pipeline(),
        Model.TypeOneofCase.PipelineRegressor => model.PipelineRegressor.Pipeline ?? new Pipeline(),
        _ => null,
    };

    private static IEnumerable<ModelStage> Of(Model model, ImmutableArray<int> path, string name)
    {
        if (PipelineOf(model) is not { } pipeline)
        {
            return [new ModelStage(path, name, model)];
        }

        return pipeline.Models.SelectMany((inner, index) => Of(inner, path.Add(index), Join(name, NameOf(pipeline, index))));
    }

    private static string NameOf(Pipeline pipeline, int index) =>
        index < pipeline.Names.Count && pipeline.Names[index] is { Length: > 0 } name && !name.Any(char.IsControl) ? name : $"{index}";

    private static string Join(string outer, string inner) => outer.Length == 0 ? inner : $"{outer}/{inner}";
}
