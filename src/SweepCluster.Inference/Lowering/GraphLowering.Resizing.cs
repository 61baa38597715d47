using SweepCluster.Graphs;
using SweepCluster.Inference.Steps;

namespace SweepCluster.Inference.Lowering;

/// <content>Operations that change the number of rows and columns by copying or interpolating.</content>
internal sealed partial class GraphLowering
{
    private Tensor UpsampleNearest(NodeReader node)
    {
        Tensor x = Spatial(node);
        (int height, int width) = Scaled(node, x.Shape);
        return Nearest(node, x, height, width);
    }

    private Tensor ResizeNearest(NodeReader node)
    {
        Tensor x = Spatial(node);
        return Nearest(node, x, node.Integers("target_size_height", 1)[0], node.Integers("target_size_width", 1)[0]);
    }

    private Tensor UpsampleBilinear(NodeReader node)
    {
        Tensor x = Spatial(node);
        (int height, int width) = Scaled(node, x.Shape);
        bool alignsCorners = node.Flag("align_corners", true);
        return Bilinear(node, x, height, width, (alignsCorners, node.Flag("half_pixel_centers", !alignsCorners)) switch
        {
            (true, false) => "STRICT_ALIGN_CORNERS",
            (false, true) => "UNALIGN_CORNERS",
            (false, false) => "DEFAULT",
            _ => throw new LoweringException("has both 'align_corners' and 'half_pixel_centers', expected one of them at most"),
        });
    }

    private Tensor ResizeBilinear(NodeReader node) => Bilinear(
        node, Spatial(node), node.Integer("target_size_height", 1), node.Integer("target_size_width", 1), node.Text("sampling_mode", "DEFAULT"));

    private static (int Height, int Width) Scaled(NodeReader node, Shape shape)
    {
        if (shape.Rank != 4)
        {
            throw new LoweringException($"has an input {shape}, expected [1, C, H, W]");
        }

        float height = node.Number("scale_factor_height", 1f) * shape[2], width = node.Number("scale_factor_width", 1f) * shape[3];
        return height is >= 1 and < int.MaxValue && width is >= 1 and < int.MaxValue ? ((int)height, (int)width)
            : throw new LoweringException($"scales {shape} to {height} x {width}");
    }

    private Tensor Nearest(NodeReader node, Tensor x, int height, int width)
    {
        Shape shape = Resized(x.Shape, height, width);
        int[] Places(int axis, int stride) => Array.ConvertAll(ElementMap.Steps(shape[axis], 1), i => (int)((long)i * x.Shape[axis] / shape[axis]) * stride);
        return Rearrange(node.Node.Name, x with { Slot = Natural(x) }, shape, () => ElementMap.Combine(
            [0], ElementMap.Steps(shape[1], x.Shape[2] * x.Shape[3]), Places(2, x.Shape[3]), Places(3, 1)));
    }

    private Tensor Bilinear(NodeReader node, Tensor x, int height, int width, string mode)
    {
        Shape shape = Resized(x.Shape, height, width);
        Tensor output = NewTensor(node.Node.Name, shape);
        InterpolateStep step = new() { Output = output.Slot, Rows = SamplingGrid.Create(mode, x.Shape[2], height), Columns = SamplingGrid.Create(mode, x.Shape[3], width) };
        Emit(step, Natural(x));
        return output;
    }

    private static Shape Resized(Shape shape, int height, int width) => shape.Rank == 4 && height > 0 && width > 0
        ? new(1, shape[1], height, width)
        : throw new LoweringException($"resizes {shape} to {height} x {width}, expected [1, C, H, W] and at least 1 x 1");
}
