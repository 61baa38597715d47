using SweepCluster.Numerics.Vectors;

namespace SweepCluster.Numerics.Convolution;

/// <summary>Picks the copy of <see cref="ConvolutionTile"/> for a tile's counts.</summary>
internal static unsafe class TileKernels
{
    /// <summary>Pixels that a segment may have so that its sums stay in registers.</summary>
    public static int MaxSegment(VectorPath path, int pitch) => pitch is not (1 or 2 or 4 or 16 or 32) ? 1 : path switch
    {
        VectorPath.Vector512 => TilePlan.MaxSegment,
        VectorPath.Vector256 => 3,
        _ => 1,
    };

    /// <summary>Blocks of output channels that a tile may have so that its sums stay in registers.</summary>
    public static int MaxBlocks(VectorPath path) => path == VectorPath.Vector512 ? 2 : 1;

    /// <summary>The kernel for tiles of these counts.</summary>
    /// <param name="path">Width of the vectors; not scalar.</param>
    /// <param name="countA">Pixels of segment A.</param>
    /// <param name="countB">Pixels of segment B: <paramref name="countA"/>, or one less.</param>
    /// <param name="blocks">Blocks of output channels.</param>
    /// <param name="pitch">Floats from what one output pixel reads to what its neighbour reads; of no effect where both counts are 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No kernel has these counts.</exception>
    public static delegate*<TileCall*, void> Pick(VectorPath path, int countA, int countB, int blocks, int pitch) => path switch
    {
        VectorPath.Vector512 => Pick<Lanes512>(countA, countB, blocks, pitch),
        VectorPath.Vector256 => Pick<Lanes256>(countA, countB, blocks, pitch),
        VectorPath.Vector128 => Pick<Lanes128>(countA, countB, blocks, pitch),
        _ => throw new ArgumentOutOfRangeException(nameof(path), path, "The scalar path has no tiles."),
    };

    private static delegate*<TileCall*, void> Pick<TLanes>(int countA, int countB, int blocks, int pitch)
        where TLanes : struct, ILanes<TLanes> => blocks switch
        {
            1 => Pick<TLanes, Constant1>(countA, countB, pitch),
            2 => Pick<TLanes, Constant2>(countA, countB, pitch),
            _ => throw new ArgumentOutOfRangeException(nameof(blocks), blocks, "A tile has one or two blocks."),
        };

    private static delegate*<TileCall*, void> Pick<TLanes, TBlocks>(int countA, int countB, int pitch)
        where TLanes : struct, ILanes<TLanes>
        where TBlocks : struct, IConstant => pitch switch
        {
            1 => Pick<TLanes, TBlocks, Constant1>(countA, countB),
            2 => Pick<TLanes, TBlocks, Constant2>(countA, countB),
            4 => Pick<TLanes, TBlocks, Constant4>(countA, countB),
            32 => Pick<TLanes, TBlocks, Constant32>(countA, countB),
            16 => Pick<TLanes, TBlocks, Constant16>(countA, countB),
            _ when countA == 1 && countB == 1 => &ConvolutionTile.Run<TLanes, Constant1, Constant1, TBlocks, Constant1>,
            _ => throw new ArgumentOutOfRangeException(nameof(pitch), pitch, "Pixels this far apart are computed one by one."),
        };

    private static delegate*<TileCall*, void> Pick<TLanes, TBlocks, TPitch>(int countA, int countB)
        where TLanes : struct, ILanes<TLanes>
        where TBlocks : struct, IConstant
        where TPitch : struct, IConstant => (countA, countB) switch
        {
            (1, 1) => &ConvolutionTile.Run<TLanes, Constant1, Constant1, TBlocks, TPitch>,
            (2, 1) => &ConvolutionTile.Run<TLanes, Constant2, Constant1, TBlocks, TPitch>,
            (2, 2) => &ConvolutionTile.Run<TLanes, Constant2, Constant2, TBlocks, TPitch>,
            (3, 2) => &ConvolutionTile.Run<TLanes, Constant3, Constant2, TBlocks, TPitch>,
            (3, 3) => &ConvolutionTile.Run<TLanes, Constant3, Constant3, TBlocks, TPitch>,
            (4, 3) => &ConvolutionTile.Run<TLanes, Constant4, Constant3, TBlocks, TPitch>,
            (4, 4) => &ConvolutionTile.Run<TLanes, Constant4, Constant4, TBlocks, TPitch>,
            (5, 4) => &ConvolutionTile.Run<TLanes, Constant5, Constant4, TBlocks, TPitch>,
            (5, 5) => &ConvolutionTile.Run<TLanes, Constant5, Constant5, TBlocks, TPitch>,
            (6, 5) => &ConvolutionTile.Run<TLanes, Constant6, Constant5, TBlocks, TPitch>,
            (6, 6) => &ConvolutionTile.Run<TLanes, Constant6, Constant6, TBlocks, TPitch>,
            (7, 6) => &ConvolutionTile.Run<TLanes, Constant7, Constant6, TBlocks, TPitch>,
            (7, 7) => &ConvolutionTile.Run<TLanes, Constant7, Constant7, TBlocks, TPitch>,
            _ => throw new ArgumentOutOfRangeException(nameof(countA), countA, "A segment has 1 to 7 pixels, the second as many or one less."),
        };
}
