using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Terminal.Live;

/// <summary>What a terminal shows of a sweep at one moment: how far it is, who works, the best trial, and the frontier as a table and as a plot, as much of it as there is room for.</summary>
internal static class WatchFrame
{
    private const int NarrowBelow = 60;
    private const int MostSilos = 6, FewSilos = 3, RoomForSilos = 6;
    private const int LeastLabel = 8, MostName = 24;
    private const int LeastPlot = 5, MostPlot = 14, AroundPlot = 4;
    private const int AroundTable = 2, LeastTable = 3;

    /// <summary>The lines, each of at most <paramref name="width"/> columns, at most <paramref name="height"/> of them.</summary>
    /// <param name="title">What is watched.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="width">Columns of the terminal.</param>
    /// <param name="height">Lines that may be used.</param>
    /// <param name="glyphs">What to draw with.</param>
    internal static IReadOnlyList<FrameLine> Build(string title, SweepProgress progress, int width, int height, Glyphs glyphs)
    {
        List<FrameLine> lines = [.. Head(title, progress, width, glyphs)];
        int room = height - lines.Count;
        if (!progress.Silos.IsEmpty && room >= RoomForSilos)
        {
            lines.AddRange(Silos(progress.Silos, width, room >= 4 * RoomForSilos ? MostSilos : FewSilos));
        }

        room = height - lines.Count;
        int plot = Math.Min(MostPlot, (room * 9 / 16) - AroundPlot); // a little more than half of what is left
        IReadOnlyList<FrameLine> drawn = plot >= LeastPlot ? DropPlot.Draw(progress, width, plot, glyphs) : [];
        room -= drawn.Count > 0 ? drawn.Count + 1 : 0;
        if (room >= AroundTable + LeastTable && !progress.Frontier.IsEmpty)
        {
            lines.Add(new FrameLine());
            lines.AddRange(Table(progress, width, room - 1));
        }

        if (drawn.Count > 0)
        {
            lines.Add(new FrameLine());
            lines.AddRange(drawn);
        }

        return lines.Count <= height ? lines : lines[..Math.Max(0, height)];
    }

    /// <summary>The frame as text.</summary>
    internal static string Text(IEnumerable<FrameLine> lines, int width, bool colors)
    {
        StringBuilder text = new();
        foreach (FrameLine line in lines)
        {
            line.Write(text, width, colors);
            text.Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<FrameLine> Head(string title, SweepProgress progress, int width, Glyphs glyphs)
    {
        string stage = progress.Stage.ToString().ToLowerInvariant();
        string state = progress.Phase == SweepPhase.Running || progress.Stage == SweepStage.Finished ? stage : $"{SweepListing.NameOf(progress.Phase)} ({stage})";
        yield return new FrameLine().Add(FrameLine.Shorten(title, Math.Max(LeastLabel, width - state.Length - 2)), Tone.Strong).Add($"  {state}", progress.Stage == SweepStage.Finished ? Tone.Good : Tone.Plain);

        string share = string.Create(CultureInfo.InvariantCulture, $" {Math.Floor(progress.Share * 100),3:0} %");
        string jobs = $"  {progress.JobsDone}/{progress.JobsTotal} jobs";
        string failed = progress.Failures > 0 ? $"  {progress.Failures} failed" : string.Empty;
        int bar = Math.Clamp(width - share.Length - jobs.Length - failed.Length, 8, 40), full = (int)Math.Clamp(progress.Share * bar, 0, bar);
        yield return new FrameLine().Add(new string(glyphs.Full, full), Tone.Good).Add(new string(glyphs.Empty, bar - full), Tone.Dim).Add(share + jobs).Add(failed, Tone.Bad);

        List<string> rates = [.. Rates(progress)];
        if (rates.Count > 0)
        {
            while (rates.Count > 1 && string.Join("  ", rates).Length > width)
            {
                rates.RemoveAt(rates.Count - 1);
            }

            yield return new FrameLine().Add(string.Join("  ", rates));
        }

        if (progress.Waits is { } waits)
        {
            foreach (string line in Wrap($"waits: {waits}", width))
            {
                yield return new FrameLine().Add(line, Tone.Bad);
            }
        }

        if (progress.Shown is { } best)
        {
            string size = string.Create(CultureInfo.InvariantCulture, $"{(progress.Chosen is null ? "best" : "chosen")} {ByteSize.Write(best.SizeBytes)}, {best.CompressionRatio:0.00}x");
            string drop = width < NarrowBelow ? string.Empty : $", drop {Quantity.Drop(progress.Metric, best.Drop)}";
            yield return new FrameLine().Add(size + drop, Tone.Good).Add($": {best.Label}");
        }
    }

    /// <summary>Breaks a text between words; a word that is too long is cut.</summary>
    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = string.Empty;
        foreach (string word in text.Split(' ').Select(word => FrameLine.Shorten(word, width)))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }

    private static IEnumerable<string> Rates(SweepProgress progress)
    {
        if (progress is { TimeLeft: { } left, Stage: not SweepStage.Finished })
        {
            yield return $"{Quantity.Duration(left)} left";
        }

        if (progress.SamplesPerSecond > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{progress.SamplesPerSecond:N0} samples/s");
        }

        if (progress.Trials > 0)
        {
            yield return Quantity.Count(progress.Trials, "trial");
        }
    }

    private static IEnumerable<FrameLine> Silos(ImmutableArray<WorkingSilo> silos, int width, int most)
    {
        yield return new FrameLine();
        WorkingSilo[] shown = [.. silos.OrderByDescending(silo => silo.Jobs.Length).ThenBy(silo => silo.Status.Silo.Name, StringComparer.Ordinal).Take(silos.Length <= most ? most : most - 1)];
        int name = Math.Min(MostName, shown.Max(silo => silo.Status.Silo.Name.Length)), slots = shown.Max(silo => Slots([silo]).Length);
        foreach (WorkingSilo silo in shown)
        {
            FrameLine line = new FrameLine().Add($"silo {FrameLine.Shorten(silo.Status.Silo.Name, name).PadRight(name)}", Tone.Dim).Add($"  {Slots([silo]).PadLeft(slots)} slots");
            IEnumerable<string> jobs = silo.Jobs.OrderByDescending(job => job.Age).Select(job => $"{job.Kind.ToString().ToLowerInvariant()} {job.About}".TrimEnd());
            yield return width < NarrowBelow || silo.Jobs.IsEmpty ? line : line.Add($"  {string.Join(", ", jobs)}", Tone.Dim);
        }

        if (shown.Length < silos.Length)
        {
            yield return new FrameLine().Add($"and {silos.Length - shown.Length} more silos, {Slots(silos)} slots in all", Tone.Dim);
        }
    }

    private static string Slots(IReadOnlyCollection<WorkingSilo> silos) => $"{silos.Sum(silo => silo.Jobs.Length)}/{silos.Sum(silo => silo.Status.Silo.Capacity.Slots)}";

    private static IEnumerable<FrameLine> Table(SweepProgress progress, int width, int height)
    {
        ImmutableArray<BestPoint> points = Choose(progress.Frontier, progress.Shown, height - AroundTable);
        string[][] rows =
        [
            ["size", "ratio", "drop [95 %]"],
            .. points.Select(point => new[]
            {
                ByteSize.Write(point.SizeBytes), string.Create(CultureInfo.InvariantCulture, $"{point.CompressionRatio:0.00}x"),
                width < NarrowBelow ? Quantity.DropValue(progress.Metric, point.Drop) : Quantity.Drop(progress.Metric, point.Drop),
            }),
        ];
        if (width < NarrowBelow)
        {
            rows[0][2] = "drop";
        }

        int[] widths = [.. Enumerable.Range(0, 3).Select(column => rows.Max(row => row[column].Length))];
        int label = Math.Max(0, width - widths.Sum() - 6);
        yield return new FrameLine().Add($"{Cells(rows[0], widths)}  {FrameLine.Shorten(Heading(points.Length, progress.Frontier.Length), label)}", Tone.Dim);
        for (int i = 0; i < points.Length; i++)
        {
            yield return new FrameLine().Add($"{Cells(rows[i + 1], widths)}  {FrameLine.Shorten(points[i].Label, label)}", points[i].TrialId == progress.Shown?.TrialId ? Tone.Good : Tone.Plain);
        }
    }

    private static string Heading(int shown, int all) => shown == all ? "plan" : $"plan ({shown} of {all})";

    private static string Cells(string[] row, int[] widths) => string.Join("  ", row.Select((cell, column) => cell.PadLeft(widths[column])));

    /// <summary>Some points, evenly over the sizes, the ends and the best among them.</summary>
    private static ImmutableArray<BestPoint> Choose(ImmutableArray<BestPoint> points, BestPoint? best, int most)
    {
        if (points.Length <= most)
        {
            return points;
        }

        SortedSet<int> chosen = [.. Enumerable.Range(0, most).Select(i => (int)((long)i * (points.Length - 1) / (most - 1)))];
        int at = best is null ? -1 : points.IndexOf(points.FirstOrDefault(point => point.TrialId == best.TrialId)!);
        if (at >= 0 && chosen.Add(at))
        {
            int near = chosen.Where(i => i != at && i > 0 && i < points.Length - 1).OrderBy(i => Math.Abs(i - at)).FirstOrDefault(-1);
            chosen.Remove(near);
        }

        return [.. chosen.Select(i => points[i])];
    }
}
