using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Opens the data that a spec names: a .npz file, a .npy or idx file with labels beside it, or a folder of pictures with a labels file.</summary>
public static class DatasetReader
{
    /// <summary>Most bytes of decoded pictures that are kept, where nothing else is said: 512 MiB.</summary>
    public const long DefaultBudgetBytes = 512L << 20;

    private const string UsualName = "labels";

    /// <summary>Opens data for a model.</summary>
    /// <param name="spec">Where the data is and how it becomes the model's input. Labels: for .npz the name of an array, for .npy and idx the path of another such file,
    /// for a folder the path of a CSV file; a path may start from the data's own folder. The name <c>labels</c> stands for <c>labels.npy</c> beside
    /// the array, and for <c>labels.csv</c> in the folder or beside it. Empty: no labels (arrays only).</param>
    /// <param name="input">The model's input.</param>
    /// <param name="budgetBytes">Most bytes of decoded pictures that are kept in memory.</param>
    /// <exception cref="BadInputException">Data or labels cannot be read, do not fit each other, or do not fit the model.</exception>
    public static Dataset Open(DataSpec spec, GraphInput input, long budgetBytes = DefaultBudgetBytes)
    {
        Preprocessing preprocessing = Preprocessing.Create(spec, input);
        Dataset data = Directory.Exists(spec.Path) ? OpenFolder(spec, preprocessing, budgetBytes)
            : !File.Exists(spec.Path) ? throw new BadInputException($"{spec.Path}: no such file or folder.")
            : Path.GetExtension(spec.Path) == ".npz" ? OpenNpz(spec, preprocessing)
            : ArrayFiles.Recognizes(spec.Path) ? OpenArray(spec, preprocessing)
            : throw new BadInputException($"{spec.Path}: found a file of another kind, expected {ArrayFiles.Expected}.");
        RequireFit(spec, data.SampleShape, input);
        return data;
    }

    /// <summary>Says which files a spec's data is made of, to take it elsewhere.</summary>
    /// <exception cref="BadInputException">The labels file of a folder of pictures cannot be read.</exception>
    public static DataFiles Locate(DataSpec spec)
    {
        if (Directory.Exists(spec.Path))
        {
            return TravellingPictures.Of(spec, LabelsFile.Read(LabelsOfFolder(spec), spec.FileColumn, spec.LabelColumn));
        }

        return new(spec.Labels.Length > 0 && ArrayFiles.Recognizes(spec.Path) ? LabelsOfArray(spec) : null, []);
    }

    /// <summary>The labels file of a folder of pictures where nothing else is said: <c>labels.csv</c> in it, else beside it; null where neither is there.</summary>
    /// <param name="folder">The folder.</param>
    public static string? UsualLabels(string folder)
    {
        string inside = UsualLabelsInside(folder);
        string beside = Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? folder, Path.GetFileName(inside));
        return File.Exists(inside) ? inside : File.Exists(beside) ? beside : null;
    }

    private static string UsualLabelsInside(string folder) => Path.Combine(folder, UsualName + ".csv");

    private static ArrayDataset OpenNpz(DataSpec spec, Preprocessing preprocessing)
    {
        using NpzReader reader = new(spec.Path);
        NpyArray? labels = spec.Labels.Length == 0 ? null : reader.Read(spec.Labels);
        return ArrayDataset.Create(
            $"{spec.Path}({spec.Images})", reader.Read(spec.Images), $"{spec.Path}({spec.Labels})", labels, spec.Layout, preprocessing);
    }

    private static ArrayDataset OpenArray(DataSpec spec, Preprocessing preprocessing)
    {
        string labels = LabelsOfArray(spec);
        if (spec.Labels.Length > 0 && !File.Exists(labels))
        {
            throw new BadInputException($"{spec.Path}: found no labels for it in {labels}, expected a file of one number for each sample, named by labels{LikeLabels(spec.Path)}.");
        }

        return ArrayDataset.Create(
            spec.Path, ArrayFiles.Read(spec.Path), labels, spec.Labels.Length == 0 ? null : ArrayFiles.Read(labels), spec.Layout, preprocessing);
    }

    private static PictureFolderDataset OpenFolder(DataSpec spec, Preprocessing preprocessing, long budgetBytes)
    {
        string labels = LabelsOfFolder(spec);
        return PictureFolderDataset.Create(spec.Path, LabelsFile.Read(labels, spec.FileColumn, spec.LabelColumn), preprocessing, budgetBytes);
    }

    private static string LabelsOfArray(DataSpec spec) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(spec.Path))!, spec.Labels == UsualName ? UsualName + ".npy" : spec.Labels);

    // MNIST and its kin say in their names which labels are for which pictures.
    private static string LikeLabels(string images)
    {
        string name = Path.GetFileName(images).Replace("images", "labels", StringComparison.Ordinal).Replace("idx3", "idx1", StringComparison.Ordinal);
        return name != Path.GetFileName(images) && File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(images))!, name)) ? $": {name}, beside it, may be that" : "";
    }

    private static string LabelsOfFolder(DataSpec spec) => spec.Labels is UsualName or ""
        ? UsualLabels(spec.Path) ?? UsualLabelsInside(spec.Path)
        : Path.Combine(spec.Path, spec.Labels);

    // The batch axis may have any extent; what is left open fits everything.
    private static void RequireFit(DataSpec spec, Shape sample, GraphInput input)
    {
        Shape declared = input.Info.Shape;
        Shape wanted = input.Image is { } image ? new(image.Colors == ColorOrder.Grayscale ? 1 : 3, image.Height, image.Width)
            : declared.Rank > 0 ? new(declared.Extents.AsSpan()[1..])
            : sample;
        if (wanted.IsKnown && wanted.ElementCount != sample.ElementCount)
        {
            throw new BadInputException($"{spec.Path}: found samples {sample}, expected {wanted} as the model's input '{input.Info.Name}' declares.");
        }
    }
}
