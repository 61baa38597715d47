using System.Security.Cryptography;
using System.Text;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Sessions;

/// <summary>SHA-256 over the files of a model: relative names and contents, in ordinal order of names. Where the model lies does not matter.</summary>
internal static class ModelHash
{
    /// <summary>Hashes a model that is one file or a folder.</summary>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    internal static string Of(string path)
    {
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach ((string name, string file) in Files(path))
            {
                using FileStream stream = File.OpenRead(file);
                hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{stream.Length}\n"));
                hash.AppendData(SHA256.HashData(stream));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({error.Message.TrimEnd('.')}).", error);
        }
    }

    /// <summary>Bytes of all files of a model.</summary>
    internal static long SizeBytes(string path) => Files(path).Sum(entry => new FileInfo(entry.File).Length);

    private static IEnumerable<(string Name, string File)> Files(string path) => File.Exists(path)
        ? [("", path)]
        : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Select(file => (Path.GetRelativePath(path, file).Replace('\\', '/'), file))
            .OrderBy(entry => entry.Item1, StringComparer.Ordinal);
}
