using SweepCluster.Graphs;

namespace SweepCluster.Inference.Lowering;

/// <summary>Where the elements of a value come from, axis by axis: the sum of one number for each axis is an element's place in row-major order.</summary>
internal static class ElementMap
{
    /// <summary>Elements from one index of an axis to the next, for each axis.</summary>
    /// <exception cref="OverflowException">The shape has more elements than an int counts.</exception>
    public static int[] Strides(Shape shape)
    {
        int[] strides = new int[shape.Rank];
        int stride = 1;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride = checked(stride * shape[axis]);
        }

        return strides;
    }

    /// <summary>The numbers <c>0, stride, 2 stride, ...</c>.</summary>
    public static int[] Steps(int count, int stride)
    {
        int[] steps = new int[count];
        for (int i = 0; i < count; i++)
        {
            steps[i] = checked(i * stride);
        }

        return steps;
    }

    /// <summary>Adds up the numbers of all axes, the last of them fastest. Where one of them is negative, so is the result: no element.</summary>
    /// <exception cref="OverflowException">There are more than an int counts.</exception>
    public static int[] Combine(params ReadOnlySpan<int[]> axes)
    {
        int count = 1;
        foreach (int[] axis in axes)
        {
            count = checked(count * axis.Length);
        }

        int[] elements = new int[count];
        int repeat = count;
        foreach (int[] axis in axes)
        {
            repeat = axis.Length == 0 ? 0 : repeat / axis.Length;
            for (int i = 0; i < count; i++)
            {
                int part = axis[i / repeat % axis.Length];
                elements[i] = elements[i] < 0 || part < 0 ? -1 : elements[i] + part;
            }
        }

        return elements;
    }

    /// <summary>Where the elements of groups lie: the first of each group, and the way from there to its others.</summary>
    /// <param name="shape">The value's shape.</param>
    /// <param name="axes">The axes that one group runs over, in ascending order.</param>
    public static (int[] Starts, int[] Steps) Groups(Shape shape, int[] axes)
    {
        int[] strides = Strides(shape);
        int[][] Of(bool inside) => [.. Enumerable.Range(0, shape.Rank).Where(axis => axes.Contains(axis) == inside).Select(axis => Steps(shape[axis], strides[axis]))];
        return (Combine(Of(false)), Combine(Of(true)));
    }
}
