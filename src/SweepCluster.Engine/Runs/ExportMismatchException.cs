using SweepCluster.Graphs;

namespace SweepCluster.Engine.Runs;

/// <summary>A written model does not hold what was measured. A defect of the program or of the disk; the file was removed.</summary>
public sealed class ExportMismatchException : SweepException
{
    internal ExportMismatchException(string message)
        : base(message)
    {
    }
}
