namespace SweepCluster.Cli.Terminal;

/// <summary>Files of a model on disk.</summary>
internal static class ModelFiles
{
    /// <summary>Bytes of a model's file, or of all files of its folder.</summary>
    internal static long SizeOf(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length)
        : new FileInfo(path).Length;
}
