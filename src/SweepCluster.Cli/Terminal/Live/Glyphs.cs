namespace SweepCluster.Cli.Terminal.Live;

/// <summary>Characters to draw with.</summary>
/// <param name="Full">A part of a bar that is done.</param>
/// <param name="Empty">A part that is not.</param>
/// <param name="Vertical">The upright axis of a plot.</param>
/// <param name="Corner">Where its axes meet.</param>
/// <param name="Horizontal">Its other axis.</param>
/// <param name="Limit">A limit inside of it.</param>
/// <param name="HasBraille">Whether there are characters of eight dots.</param>
internal sealed record Glyphs(char Full, char Empty, char Vertical, char Corner, char Horizontal, char Limit, bool HasBraille)
{
    /// <summary>For output in UTF-8.</summary>
    internal static Glyphs Unicode { get; } = new('█', '░', '│', '└', '─', '┈', true);

    /// <summary>For any other.</summary>
    internal static Glyphs Ascii { get; } = new('#', '.', '|', '+', '-', '-', false);
}
