using SweepCluster.Formats.Idx;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Files of one array: NumPy's (.npy), told by its name, and idx, told by its first bytes, since its files are named in many ways.</summary>
internal static class ArrayFiles
{
    /// <summary>What may stand where data is expected, for messages.</summary>
    public const string Expected = "a .npz, a .npy, an idx file or a folder of pictures";

    /// <summary>Whether a file is one.</summary>
    public static bool Recognizes(string path) => path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) || (File.Exists(path) && IdxReader.Recognizes(path));

    /// <summary>Reads the array.</summary>
    /// <exception cref="BadInputException">The file is missing or breaks its format.</exception>
    public static NpyArray Read(string path) => IdxReader.Recognizes(path) ? IdxReader.Read(path) : NpyReader.Read(path);
}
