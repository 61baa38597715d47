using SweepCluster.Graphs;

namespace SweepCluster.Formats.Npy;

/// <summary>Makes the one line that says what is wrong with an array file.</summary>
internal static class NpyFault
{
    /// <summary>An error in the form "file, place: found ..., expected ...".</summary>
    public static BadInputException At(string file, string place, string found, string expected, Exception? inner = null) =>
        new($"{file}, {place}: found {found}, expected {expected}.", inner);
}
