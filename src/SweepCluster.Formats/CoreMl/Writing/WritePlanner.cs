using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Formats.CoreMl.Skeletons;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>Plans a package: edits a copy of the program, lays out the weight files, and lists everything else that belongs to it.</summary>
internal static class WritePlanner
{
    private static readonly string s_noIdentifier = PackageIdentifier.Of([]);

    /// <summary>Plans a write.</summary>
    /// <param name="edited">The model that is to be written; offsets of its constants are set.</param>
    /// <param name="package">The package that it came from.</param>
    internal static WritePlan Plan(EditedModel edited, PackageContent package)
    {
        List<PlannedWeightFile> files = LayOut(edited.Programs, package, edited.Values);
        HashSet<string> made = [.. files.Select(file => file.RelativePath)]; // a weight file that nothing read before is as one with unused blobs
        return new WritePlan(new ModelMessage(edited.Model).Checked(package.Path), package.Manifest.Root.Path, files, [.. edited.Origin.Extras.Where(extra => !made.Contains(extra.RelativePath))], ManifestFor(package.Manifest, files));
    }

    private static List<PlannedWeightFile> LayOut(IEnumerable<Program> programs, PackageContent content, ValueWriter values)
    {
        List<PlannedWeightFile> files = [];
        Dictionary<string, BlobLayout> byName = new(StringComparer.Ordinal);
        Dictionary<(string File, ulong Offset), ulong> kept = [];
        Dictionary<string, Dictionary<TensorData, ulong>> added = new(StringComparer.Ordinal); // by file: a place is one in a file
        ProgramValues visitor = new(value =>
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
                if (!added.TryGetValue(reference.FileName, out Dictionary<TensorData, ulong>? inFile))
                {
                    added.Add(reference.FileName, inFile = new Dictionary<TensorData, ulong>(ReferenceEqualityComparer.Instance));
                }

                if (!inFile.TryGetValue(data, out ulong offset))
                {
                    offset = layout.Add(new Blob(data.Type.ToBlobType()!.Value, data.Bytes, BlobFormat.PaddingBits(data.Type.BitWidth(), data.Shape.ElementCount)));
                    inFile.Add(data, offset);
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
        });
        foreach (Program program in programs)
        {
            visitor.Visit(program);
        }

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
                string item = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : path; // a file beside the model file of a package without folders
                items.Add(new PackageItem(s_noIdentifier, item, "weights", "com.apple.CoreML", "CoreML Model Weights"));
            }
        }

        return new PackageManifest(source.FormatVersion, items.ToImmutable(), source.Root with { Identifier = s_noIdentifier });
    }
}
