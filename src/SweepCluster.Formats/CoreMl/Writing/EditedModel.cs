using SweepCluster.Formats.CoreMl.Constexprs;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.NeuralNetworks;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>A copy of a model with weights in other forms, raised to a target.</summary>
/// <param name="Origin">The model that was read.</param>
/// <param name="Model">The copy.</param>
/// <param name="Values">The constants that were made for it, whose bytes have no place yet.</param>
internal sealed record EditedModel(CoreMlOrigin Origin, Model Model, ValueWriter Values)
{
    /// <summary>The copy's programs, in the order in which they run.</summary>
    internal IEnumerable<Program> Programs => Origin.Stages.OfType<StageOrigin.OfProgram>().Select(stage => ModelStage.At(Model, stage.Path).MlProgram);

    /// <summary>Edits a copy of a model.</summary>
    /// <param name="graph">A graph that was read from a Core ML model.</param>
    /// <param name="replacements">New stored forms by weight name.</param>
    /// <param name="target">The deployment target.</param>
    /// <exception cref="ArgumentException">The graph came from elsewhere, a name is no weight's, or a form does not fit its weight or the target.</exception>
    internal static EditedModel Of(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target)
    {
        if (graph.Origin is not CoreMlOrigin origin)
        {
            throw new ArgumentException($"{graph.Source} was not read from a Core ML model.", nameof(graph));
        }

        CoreMlTarget wanted = CoreMlTarget.Of(target);
        Check(origin, wanted, target);
        ILookup<StageOrigin, (string Name, string InStage, CompressedWeight Stored)> edits = Edits(graph, origin, replacements);
        Model model = origin.Document.Model.Clone();
        ValueWriter values = new();
        int version = Math.Max(model.SpecificationVersion, wanted.Networks?.Least ?? 0);
        foreach (StageOrigin stage in origin.Stages)
        {
            Model part = ModelStage.At(model, stage.Path);
            if (stage is StageOrigin.OfProgram program)
            {
                Edit(part, program, edits[stage].SelectMany(edit => program.Sites[edit.InStage].Select(site => new WeightEdit(site, edit.Name, edit.Stored))), new ConstexprWriter(wanted.Level!.Value, values), origin);
            }
            else if (stage is StageOrigin.OfNetwork network)
            {
                NetworkEditor.Apply(part, edits[stage].Select(edit => (network.Sites[edit.InStage], edit.Stored)));
            }

            version = Math.Max(version, part.SpecificationVersion);
        }

        model.SpecificationVersion = version;
        return new EditedModel(origin, model, values);
    }

    /// <summary>Holds a model that is one file to having no weight file.</summary>
    /// <exception cref="BadInputException">A constant of a program would go to one.</exception>
    internal void CheckNoWeightFile()
    {
        foreach (Program program in Programs)
        {
            new ProgramValues(value =>
            {
                if (value.BlobFileValue is not null)
                {
                    throw new BadInputException(SingleFile.NoWeightFile(Origin.Document.Container.Path));
                }
            }).Visit(program);
        }
    }

    private static void Edit(Model model, StageOrigin.OfProgram stage, IEnumerable<WeightEdit> edits, ConstexprWriter operations, CoreMlOrigin origin)
    {
        foreach (IGrouping<(string Function, string Opset), WeightEdit> edited in edits.GroupBy(edit => (edit.Site.Function, edit.Site.Opset)))
        {
            Function function = model.MlProgram.Functions[edited.Key.Function];
            ConstexprWriter writer = operations.At(LevelOf(function, edited.Key, operations.Level));
            bool isMain = edited.Key.Function == stage.MainFunction && edited.Key.Opset == function.Opset;
            new ProgramEditor(function, function.BlockSpecializations[edited.Key.Opset], writer)
                .Apply(edited.Where(edit => isMain || (writer.Level >= CoreMlTargets.IOS16 && ConstexprForm.IsFor(edit.Stored, writer.Level)))); // what an older block cannot hold stays as it is there
        }

        ModelContainer container = origin.Document.Container;
        new OpsetRaise(operations.Level, new ValueReader(container), container.ModelPath).Apply(model, operations);
    }

    // A function's active block is raised to the target; its others, for other operation sets, are not.
    private static int LevelOf(Function function, (string Function, string Opset) key, int wanted)
    {
        int own = CoreMlTargets.LevelOfOpset(key.Opset)!.Value;
        return key.Opset == function.Opset ? Math.Max(own, wanted) : own;
    }

    private static void Check(CoreMlOrigin origin, CoreMlTarget wanted, ModelTarget target)
    {
        CoreMlTarget own = CoreMlTarget.Own(origin.Document, origin.Stages);
        if ((own.Level is null) != (wanted.Level is null) || (own.Networks is null) != (wanted.Networks is null))
        {
            throw new ArgumentException($"{target.Name} is no target of this model.", nameof(target));
        }

        if (wanted.Level < own.Level || wanted.Networks?.Most < own.Networks?.Most)
        {
            throw new ArgumentException($"{target.Name} is older than the model's {own.Name}.", nameof(target));
        }
    }

    private static ILookup<StageOrigin, (string Name, string InStage, CompressedWeight Stored)> Edits(
        Graph graph, CoreMlOrigin origin, IReadOnlyDictionary<string, CompressedWeight> replacements)
    {
        List<(StageOrigin Stage, string Name, string InStage, CompressedWeight Stored)> edits = [];
        foreach (Weight weight in graph.Weights)
        {
            if (!replacements.TryGetValue(weight.Name, out CompressedWeight? stored))
            {
                continue;
            }

            if (stored.Type != weight.Type || stored.Shape != weight.Shape)
            {
                throw new ArgumentException(
                    $"Weight '{weight.Name}' is {weight.Type.Name()} {weight.Shape}; its replacement is {stored.Type.Name()} {stored.Shape}.", nameof(replacements));
            }

            (StageOrigin stage, string name) = origin.Places[weight.Name];
            edits.Add((stage, weight.Name, name, stored));
        }

        return edits.Count == replacements.Count
            ? edits.ToLookup(edit => edit.Stage, edit => (edit.Name, edit.InStage, edit.Stored))
            : throw new ArgumentException(
                $"'{replacements.Keys.First(name => graph.Weights.All(weight => weight.Name != name))}' is no weight of the graph.", nameof(replacements));
    }
}
