using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>Turns a package's program into one that computes in float16: every function, with casts where it takes and returns float32.</summary>
internal static class Float16Conversion
{
    /// <summary>Converts a model. Weights are rounded to nearest, ties to even; a compressed weight keeps its codes, and its tables, scales and values are rounded.</summary>
    /// <param name="graph">A graph that was read from a package.</param>
    /// <exception cref="ArgumentException">It was not.</exception>
    internal static Float16Program Convert(Graph graph)
    {
        if (graph.Origin is not CoreMlOrigin origin)
        {
            throw new ArgumentException($"{graph.Source} was not read from a Core ML package.", nameof(graph));
        }

        Model model = origin.Model.Clone();
        ValueReader reader = new(origin.Content);
        Float16Values values = new(reader);
        ImmutableArray<KeptOperation>.Builder kept = ImmutableArray.CreateBuilder<KeptOperation>();
        int converted = 0;
        bool changesWeights = false;
        foreach ((string name, Function function) in model.MlProgram.Functions.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            foreach ((string opset, Block block) in function.BlockSpecializations)
            {
                if (CoreMlTargets.LevelOfOpset(opset) is not int level)
                {
                    continue; // no operation set that is known here: carried through
                }

                Float16Choice choice = new(level, reader);
                choice.Judge(name, function, block);
                kept.AddRange(choice.Kept);
                converted += choice.Converted;
                changesWeights |= choice.ChangesWeights;
                new Float16Rewriter(choice, values).Rewrite(name, function, block);
            }
        }

        // A converter that chose float16 leaves single operations float32 before what needs it, and has its reasons.
        return converted == 0 || (!changesWeights && graph.Weights.Any(weight => weight.Type == ElementType.Float16))
            ? new Float16Program(graph, 0, kept.ToImmutable())
            : new Float16Program(CoreMlPackageReader.ReadModel(graph.Source, origin.Content.With(values.Added), model), converted, kept.ToImmutable());
    }
}
