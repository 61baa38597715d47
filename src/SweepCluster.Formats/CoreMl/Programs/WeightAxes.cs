using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Which axes of a weight are its output and input channels, by the operation that reads it.</summary>
internal static class WeightAxes
{
    /// <summary>The axes, 0-based; 0 and 1 for operations that have no rule, and both 0 for a weight of one axis.</summary>
    /// <param name="operation">The reading operation.</param>
    /// <param name="input">The input that reads the weight.</param>
    /// <param name="rank">The weight's rank.</param>
    /// <param name="isTrue">Reads a constant boolean input of the operation; false where it is absent.</param>
    internal static (int Output, int Input) Of(Operation operation, string input, int rank, Func<string, bool> isTrue)
    {
        if (rank < 2)
        {
            return (0, 0);
        }

        (int first, int second) = (rank - 2, rank - 1);
        return (operation.Type, input) switch
        {
            ("conv_transpose", "weight") => (1, 0),
            ("matmul", "y") => isTrue("transpose_y") ? (first, second) : (second, first),
            ("matmul", "x") => isTrue("transpose_x") ? (second, first) : (first, second),
            _ => (0, 1),
        };
    }
}
