namespace SweepCluster.Inference.Lowering;

/// <summary>A transposed convolution along one axis: the input's elements with zeros between them, zeros around them, and a window over that with stride 1.</summary>
/// <param name="Outputs">Positions of the window.</param>
/// <param name="Padded">Elements that it runs over.</param>
/// <param name="Before">Zeros before the first element; below 0 where so many elements are cut off.</param>
internal readonly record struct TransposedWindow(int Outputs, int Padded, int Before)
{
    /// <summary>Reads <c>pad_type</c>, <c>pad</c> and <c>output_shape</c> and counts the positions.</summary>
    /// <param name="node">The operation.</param>
    /// <param name="axis">0 for rows, 1 for columns.</param>
    /// <param name="axes">Axes that the operation has: 2, or 1 for rows alone.</param>
    /// <param name="length">Elements of the input.</param>
    /// <param name="kernel">Taps.</param>
    /// <param name="stride">Outputs between two elements of the input.</param>
    /// <param name="dilation">Outputs between two taps.</param>
    /// <exception cref="LoweringException">A number makes no sense.</exception>
    /// <remarks>Source: the ML-program operation conv_transpose. Where the output's extents are given, what is more or less than the whole is taken from both ends alike, the odd one from the last.</remarks>
    public static TransposedWindow Create(NodeReader node, int axis, int axes, int length, int kernel, int stride, int dilation)
    {
        if (kernel < 1 || stride < 1 || dilation < 1)
        {
            throw new LoweringException($"has a window of {kernel} with stride {stride} and dilation {dilation}, expected at least 1 of each");
        }

        long reach = (kernel - 1L) * dilation, whole = ((length - 1L) * stride) + reach + 1;
        string type = node.Text("pad_type", "valid");
        node.Skip("pad"); // counts for custom alone
        int[] pad = type == "custom" ? [.. node.Integers("pad", 2 * axes, 0), 0, 0] : [0, 0, 0, 0];
        int[]? given = axis < axes ? node.OptionalIntegers("output_shape") : null;
        if (given is not null && given.Length != axes + 2)
        {
            throw new LoweringException($"has {given.Length} values in 'output_shape', expected {axes + 2}");
        }

        bool isCustom = type == "custom";
        long outputs = given is not null ? given[axis + 2] : type switch
        {
            "custom" => whole - pad[2 * axis] - pad[(2 * axis) + 1],
            "valid" => whole,
            "same" or "same_lower" => (long)length * stride,
            _ => throw new LoweringException($"has the pad_type '{type}', expected custom, valid, same or same_lower"),
        };
        long cut = whole - outputs;
        long first = isCustom ? pad[2 * axis] : type == "same_lower" ? (Math.Max(cut, 0) + 1) / 2 : Math.Max(cut, 0) / 2;
        if (outputs < 1 || first < 0 || outputs + reach > int.MaxValue || Math.Abs(reach - first) > int.MaxValue)
        {
            throw new LoweringException($"gives {outputs} elements from {length} with a window of {kernel}, stride {stride} and dilation {dilation}");
        }

        return new((int)outputs, (int)(outputs + reach), (int)(reach - first));
    }

    /// <summary>For each element that the window runs over, the place of the input's element times a factor; -1 for a zero.</summary>
    public int[] Sources(int length, int stride, int factor)
    {
        int[] sources = new int[Padded];
        for (int i = 0; i < sources.Length; i++)
        {
            long at = (long)i - Before;
            sources[i] = at >= 0 && at % stride == 0 && at / stride < length ? (int)(at / stride) * factor : -1;
        }

        return sources;
    }
}
