using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Constexprs;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>Plans a package: edits a copy of the program, lays out the weight files, and lists everything else that belongs to it.</summary>
internal static class WritePlanner
{
    private static readonly string s_noIdentifier = PackageIdentifier.Of([]);

    /// <summary>Plans a write.</summary>
    /// <param name="graph">A graph that was read from a package.</param>
    /// <param name="replacements">New stored forms by weight name.</param>
    /// <param name="target">The deployment target.</param>
    /// <exception cref="ArgumentException">The graph came from elsewhere, a name is no weight's, or a form does not fit its weight or the target.</exception>
    internal static WritePlan Plan(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target)
    {
        if (graph.Origin is not CoreMlOrigin origin)
        {
            throw new ArgumentException($"{graph.Source} was not read from a Core ML package.", nameof(graph));
        }

        int level = CoreMlTargets.LevelOf(target);
        if (level < origin.Level)
        {
            throw new ArgumentException($"{target.Name} is older than the model's {CoreMlTargets.NameOf(origin.Level)}.", nameof(target));
        }

        Model model = origin.Model.Clone();
        Function function = model.MlProgram.Functions[origin.MainFunction];
        ValueWriter values = new();
        ConstexprWriter operations = new(level, values);
        new ProgramEditor(function, function.BlockSpecializations[function.Opset], operations).Apply(Edits(graph, origin, replacements));
        new OpsetRaise(level, new ValueReader(origin.Content), origin.Content.ModelPath).Apply(model, operations);

        List<PlannedWeightFile> files = LayOut(model.MlProgram, origin.Content, values);
        return new WritePlan(model, origin.Content.Manifest.Root.Path, files, origin.Extras, ManifestFor(origin.Content.Manifest, files));
    }

    private static List<WeightEdit> Edits(Graph graph, CoreMlOrigin origin, IReadOnlyDictionary<string, CompressedWeight> replacements)
    {
        List<WeightEdit> edits = [];
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

            edits.Add(new WeightEdit(origin.Sites[weight.Name], weight.Name, stored));
        }

        return edits.Count == replacements.Count
            ? edits
            : throw new ArgumentException(
                $"'{replacements.Keys.First(name => graph.Weights.All(weight => weight.Name != name))}' is no weight of the graph.", nameof(replacements));
    }

    private static List<PlannedWeightFile> LayOut(Program program, PackageContent content, ValueWriter values)
    {
        List<PlannedWeightFile> files = [];
        Dictionary<string, BlobLayout> byName = new(StringComparer.Ordinal);
        Dictionary<(string File, ulong Offset), ulong> kept = [];
        Dictionary<TensorData, ulong> added = new(ReferenceEqualityComparer.Instance);
        new ProgramValues(value =>
        {
            if (value.BlobFileValue is not { } reference)
            {
                return;
            }

            if (!byName.TryGetValue(reference.FileName, out BlobLayout? layout))
            {
                byName.Add(reference.FileName, layout = new BlobLayout());
                files.Add(new(reference.FileName, content.RelativePathOf(reference.FileName), layout));
            }

            if (values.PendingOf(value) is { } data)
            {
                if (!added.TryGetValue(data, out ulong offset))
                {
                    offset = layout.Add(new Blob(data.Type.ToBlobType()!.Value, data.Bytes, BlobFormat.PaddingBits(data.Type.BitWidth(), data.Shape.ElementCount)));
                    added.Add(data, offset);
                }

                reference.Offset = offset;
                return;
            }

            (string, ulong) key = (reference.FileName, reference.Offset);
            if (!kept.TryGetValue(key, out ulong moved))
            {
                moved = layout.Add(content.BlobFile(reference.FileName, "a value of the program").Read(reference.Offset, "a value of the program"));
                kept.Add(key, moved);
            }

            reference.Offset = moved;
        }).Visit(program);
        return files;
    }

    private static PackageManifest ManifestFor(PackageManifest source, List<PlannedWeightFile> files)
    {
        ImmutableArray<PackageItem>.Builder items = ImmutableArray.CreateBuilder<PackageItem>();
        items.AddRange(source.Items.Select(item => item with { Identifier = s_noIdentifier }));
        foreach (string path in files.Select(file => file.RelativePath))
        {
            if (!items.Any(item => path == item.Path || path.StartsWith(item.Path + "/", StringComparison.Ordinal)))
            {
                string folder = path[..path.LastIndexOf('/')];
                items.Add(new PackageItem(s_noIdentifier, folder, "weights", "com.apple.CoreML", "CoreML Model Weights"));
            }
        }

        return new PackageManifest(source.FormatVersion, items.ToImmutable(), source.Root with { Identifier = s_noIdentifier });
    }
}
