using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs.Yaml;

namespace SweepCluster.Sweeps.Specs.Sections;

/// <summary>Reads <c>data</c>.</summary>
internal static class DataSection
{
    /// <summary>Reads the section; null where it is absent or its path is unusable.</summary>
    /// <param name="root">The spec.</param>
    /// <param name="folder">Folder that paths are relative to.</param>
    /// <param name="needsLabels">Whether the metric compares with labels.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static DataSpec? Read(MappingReader root, SpecFolder folder, bool needsLabels, SpecFaults faults)
    {
        if (root.Mapping("data", SpecKeys.Data) is not MappingReader data)
        {
            return null;
        }

        string? given = data.Text("path", $"the path of {ArrayFiles.Expected}");
        if (given is null)
        {
            if (data.Node("path") is null)
            {
                faults.Add(data.Place, $"data: found no key 'path', expected the path of {ArrayFiles.Expected}");
            }

            return null;
        }

        if (folder.Resolve(given) is not { } path)
        {
            data.Fault("path", SpecFolder.Refuse(given));
            return null;
        }

        bool archive = path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);
        CheckPath(data, given, path, archive);
        return new DataSpec(
            path,
            data.Text("images", "the name of an array") ?? "images",
            Labels(data, folder, path, archive, needsLabels),
            data.Text("file_column", "the name of a column"),
            data.Text("label_column", "the name of a column"),
            data.OneOfOrNull("layout", "nhwc", "nchw"),
            data.OneOfOrNull("color", "rgb", "bgr", "grayscale"),
            Numbers(data, "scale", 1, value => value != 0, "a number other than 0, or a list of them, one for each channel"),
            Numbers(data, "bias", 0, _ => true, "a number, or a list of them, one for each channel"));
    }

    private static void CheckPath(MappingReader data, string given, string path, bool archive)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            data.Fault("path", $"found nothing at '{given}', expected {ArrayFiles.Expected}");
        }
        else if (File.Exists(path) && !archive && !ArrayFiles.Recognizes(path))
        {
            data.Fault("path", $"found the file '{given}', expected {ArrayFiles.Expected}");
        }
    }

    // In an archive the name of an array, or nothing where null says so. Else a file: the one given, or labels.csv inside a folder of pictures or beside it.
    private static string Labels(MappingReader data, SpecFolder folder, string path, bool archive, bool needed)
    {
        string? given = data.Text("labels", archive ? "the name of an array" : "the path of a labels file");
        if (archive && data.SaysNothing("labels") && !needed)
        {
            return "";
        }

        if (archive)
        {
            return given ?? "labels";
        }

        if (given is not null)
        {
            if (folder.Resolve(given) is not { } file)
            {
                data.Fault("labels", SpecFolder.Refuse(given));
                return "";
            }

            if (!File.Exists(file))
            {
                data.Fault("labels", $"found no file '{given}', expected a labels file ({(File.Exists(path) || Path.HasExtension(path) ? ".npy or idx" : ".csv")})");
            }

            return file;
        }

        if (Directory.Exists(path))
        {
            string? usual = DatasetReader.UsualLabels(path);
            if (usual is null)
            {
                data.Fault("labels", "found none, expected a labels file that names each picture and its class, as labels.csv inside the folder or beside it");
            }

            return usual ?? "";
        }

        if (needed && File.Exists(path))
        {
            data.Fault("labels", "found none, expected the path of a labels file (.npy or idx)");
        }

        return "";
    }

    private static ImmutableArray<double> Numbers(MappingReader data, string key, double fallback, Func<double, bool> accepts, string expected)
    {
        ImmutableArray<ScalarNode> texts = data.Texts(key, expected);
        List<double> values = [];
        foreach (ScalarNode text in texts)
        {
            if (double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && accepts(value))
            {
                values.Add(value);
            }
            else
            {
                data.Fault(key, $"found '{text.Value}', expected {expected}");
            }
        }

        return values.Count == 0 ? [fallback] : [.. values];
    }
}
