using System.Text;
using Spectre.Console;
using SweepCluster.Cli.Terminal.Live;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Cli.Terminal;

/// <summary>Chooses how a running sweep is shown.</summary>
internal static class ProgressDisplay
{
    private const int UsualWidth = 80, UsualHeight = 24;

    /// <summary>A picture where there is a terminal that can draw one, else lines.</summary>
    /// <param name="error">Where it is shown.</param>
    /// <param name="title">What is watched.</param>
    /// <param name="quiet">Nothing is shown.</param>
    /// <param name="plain">Lines, wherever it is.</param>
    internal static IProgressDisplay Create(TextWriter error, string title, bool quiet, bool plain) => !quiet && !plain && IsTerminal(error)
        ? new LiveProgress(
            title, error, IsUtf8(error.Encoding) ? Glyphs.Unicode : Glyphs.Ascii, string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")), Size, TimeProvider.System)
        : ProgressLine.Create(error, quiet);

    /// <summary>Whether a run may still be refused: while it opens nothing is shown, so that the refusal is the only line.</summary>
    internal static bool MayBeRefused(SweepProgress value) => value is { Stage: SweepStage.Opening, Phase: SweepPhase.Running, Waits: null };

    /// <summary>Whether text goes to a terminal that can be drawn on.</summary>
    internal static bool IsTerminal(TextWriter error) => ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    private static bool IsUtf8(Encoding encoding) => encoding.CodePage == Encoding.UTF8.CodePage;

    private static (int Width, int Height) Size()
    {
        try
        {
            return Console.WindowWidth > 0 && Console.WindowHeight > 0 ? (Console.WindowWidth, Console.WindowHeight) : (UsualWidth, UsualHeight);
        }
        catch (IOException)
        {
            return (UsualWidth, UsualHeight);
        }
    }
}
