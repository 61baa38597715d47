using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>Turns a model's ML programs into such that compute in float16: every function, with casts where it takes and returns float32.</summary>
internal static class Float16Conversion
{
    private const int ShareThatMatters = 100; // float16 weights to one float32 constant, from which on the program counts as float16

    /// <summary>Converts a model. Weights are rounded to nearest, ties to even; a compressed weight keeps its codes, and its tables, scales and values are rounded.</summary>
    /// <param name="graph">The model.</param>
    /// <param name="origin">What is kept of it.</param>
    /// <param name="keep">Keeps what became float16 outside memory; null keeps it in memory.</param>
    /// <exception cref="BadInputException">It has no ML program.</exception>
    internal static Float16Program Convert(Graph graph, CoreMlOrigin origin, Func<CompressedWeight, CompressedWeight>? keep)
    {
        Model model = origin.Document.Model.Clone();
        Program[] programs = [.. origin.Stages.OfType<StageOrigin.OfProgram>().Select(stage => ModelStage.At(model, stage.Path).MlProgram)];
        if (programs.Length == 0)
        {
            throw new BadInputException(
                $"{graph.Source}: found a {ModelKinds.NameOf(origin.Document.Model)}, whose values have no types of their own, expected an ML program; '--scheme float16' stores its weights as float16.");
        }

        ValueReader reader = new(origin.Document.Container);
        Float16Values values = new(reader, keep);
        ImmutableArray<KeptOperation>.Builder kept = ImmutableArray.CreateBuilder<KeptOperation>();
        (int converted, long changed) = (0, 0);
        foreach ((string name, Function function) in programs.SelectMany(program => program.Functions.OrderBy(entry => entry.Key, StringComparer.Ordinal)))
        {
            foreach ((string opset, Block block) in function.BlockSpecializations.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                if (CoreMlTargets.LevelOfOpset(opset) is not int level)
                {
                    continue; // no operation set that is known here: carried through
                }

                Float16Choice choice = new(level, reader);
                choice.Judge(name, function, block);
                kept.AddRange(choice.Kept);
                converted += choice.Converted;
                changed += choice.ChangedElements;
                new Float16Rewriter(choice, values).Rewrite(name, function, block);
            }
        }

        // A converter that chose float16 leaves single operations float32, at the border or before what needs it, and has its reasons.
        long present = graph.Weights.Where(weight => weight.Type == ElementType.Float16).Sum(weight => weight.Shape.ElementCount);
        return converted == 0 || changed * ShareThatMatters < present
            ? new Float16Program(graph, 0, kept.ToImmutable())
            : new Float16Program(
                CoreMlReader.ReadDocument(new CoreMlDocument(origin.Document.Container.With(values.Added), model)), converted, kept.ToImmutable());
    }
}
