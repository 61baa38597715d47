using System.Globalization;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Pages;

/// <summary>The field of a form that holds a sweep's priority.</summary>
public static class PriorityField
{
    /// <summary>The greatest that a form takes; the least is its opposite.</summary>
    public const int Largest = 1000;

    /// <summary>Reads it.</summary>
    /// <exception cref="BadInputException">It holds no such number.</exception>
    internal static int Read(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int priority) && Math.Abs((long)priority) <= Largest
            ? priority
            : throw new BadInputException($"Priority: found '{text}', expected a whole number from -{Largest} to {Largest}.");
}
