namespace SweepCluster.Inference.Lowering;

/// <summary>A sliding window along one axis.</summary>
/// <param name="Outputs">Positions of the window.</param>
/// <param name="Before">Padding before the first element.</param>
/// <param name="After">Padding after the last element.</param>
internal readonly record struct Window(int Outputs, int Before, int After)
{
    /// <summary>Reads <c>pad_type</c> and <c>pad</c> and counts the positions.</summary>
    /// <param name="node">The operation.</param>
    /// <param name="axis">0 for rows, 1 for columns.</param>
    /// <param name="axes">Axes that the operation has: 2, or 1 for rows alone.</param>
    /// <param name="length">Elements of the input.</param>
    /// <param name="kernel">Taps.</param>
    /// <param name="stride">Elements between two positions.</param>
    /// <param name="dilation">Elements between two taps.</param>
    /// <param name="ceiling">Whether a last window may hang over the end, if it starts inside the input or the padding before it.</param>
    /// <exception cref="LoweringException">A number makes no sense, or the window does not fit.</exception>
    /// <remarks>Source: the ML-program operations conv and max_pool, and how their shapes are declared.</remarks>
    public static Window Create(NodeReader node, int axis, int axes, int length, int kernel, int stride, int dilation, bool ceiling)
    {
        if (kernel < 1 || stride < 1 || dilation < 1)
        {
            throw new LoweringException($"has a window of {kernel} with stride {stride} and dilation {dilation}, expected at least 1 of each");
        }

        long reach = ((kernel - 1L) * dilation) + 1;
        string type = node.Text("pad_type", "valid");
        long total = Math.Max((((length - 1L) / stride) * stride) + reach - length, 0);
        node.Skip("pad"); // counts for custom alone
        int[] pad = type == "custom" ? [.. node.Integers("pad", 2 * axes, 0), 0, 0] : [0, 0, 0, 0];
        (long before, long after) = type switch
        {
            "custom" => (pad[2 * axis], pad[(2 * axis) + 1]),
            "valid" => (0, 0),
            "same" => (total / 2, total - (total / 2)),
            "same_lower" => (total - (total / 2), total / 2),
            _ => throw new LoweringException($"has the pad_type '{type}', expected custom, valid, same or same_lower"),
        };
        long room = length + before + after - reach;
        if (before < 0 || after < 0 || room < 0)
        {
            throw new LoweringException($"has a window that reaches over {reach} elements of {length} with padding {before} and {after}");
        }

        if (length + before + after + reach > int.MaxValue)
        {
            throw new LoweringException($"has a window that reaches over {reach} elements of {length} with padding {before} and {after}, more than can be counted");
        }

        long outputs = ((ceiling ? room + stride - 1 : room) / stride) + 1;
        bool lastStartsOutside = ceiling && (outputs - 1) * stride >= length + before;
        return new((int)(lastStartsOutside ? outputs - 1 : outputs), (int)before, (int)after);
    }
}
