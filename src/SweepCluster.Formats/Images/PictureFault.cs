using SweepCluster.Graphs;

namespace SweepCluster.Formats.Images;

/// <summary>Makes the one line that says what is wrong with a picture.</summary>
internal static class PictureFault
{
    /// <summary>An error in the form "file: found ..., expected ...".</summary>
    public static BadInputException Damaged(string file, string found, string expected) => new($"{file}: found {found}, expected {expected}.");

    /// <summary>A picture whose stated extents are impossible or beyond the bound.</summary>
    public static BadInputException Extents(string file, long width, long height) =>
        Damaged(file, $"{width} x {height} pixels", $"at least 1 x 1 and at most {PictureReader.MaxPixels} in all");
}
