using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Cli.Terminal.Live;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Cli.Tests.Live;

public sealed class WatchFrameTests
{
    private const string Title = "sweep 0123456789abcdef 'full'";

    private static readonly ImmutableArray<BestPoint> s_points =
    [
        Point(0, "palettize(nbits=1)", 42_000, 0.713),
        Point(1, "palettize(nbits=2, granularity=per_grouped_channel, group_size=8)", 81_000, 0.122),
        Point(2, "mixed-03", 98_000, 0.031),
        Point(3, "palettize(nbits=4)", 151_000, 0.008),
        Point(4, "quantize(dtype=int8)", 290_000, 0.0005),
        Point(5, "float16", 320_000, -0.001),
    ];

    private static readonly SweepProgress s_halfWay = new(SweepStage.Mixed, 120, 240, 0.509, 1234, TimeSpan.FromSeconds(125), s_points[3], 3)
    {
        Metric = "top1",
        MaxDrop = 0.01,
        Trials = 31,
        Frontier = s_points,
        Silos = [Silo("box-4711-ab12", 4, 4), Silo("laptop-12-cd", 8, 7)],
    };

    [Fact]
    public void Build_AnUsualTerminal_ShowsEverything() => Assert.Equal(
        """
        sweep 0123456789abcdef 'full'  mixed
        ████████████████████░░░░░░░░░░░░░░░░░░░░  50 %  120/240 jobs  3 failed
        2 min 05 s left  1,234 samples/s  31 trials
        best 151 KB, 3.84x, drop 0.80 pt [0.20, 1.60]: palettize(nbits=4)

        silo laptop-12-cd   7/8 slots  probe layer1.0.conv1, trial mixed-01, trial mixe~
        silo box-4711-ab12  4/4 slots  probe layer1.0.conv1, trial mixed-01, trial mixe~

           size   ratio              drop [95 %]  plan (4 of 6)
        42.0 KB  13.81x  71.30 pt [70.70, 72.10]  palettize(nbits=1)
        81.0 KB   7.16x  12.20 pt [11.60, 13.00]  palettize(nbits=2, granularity=per_gr~
         151 KB   3.84x     0.80 pt [0.20, 1.60]  palettize(nbits=4)
         320 KB   1.81x   -0.10 pt [-0.70, 0.70]  float16

        drop of top1, points; * best so far
         4.0 │^⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉^⠉⠉⠉⠉⠉⢹
             │                              o⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⢹
             │                                              ⢸
         1.0 │┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈*⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡀┈┈┈
        -0.1 │                                                                      o⠤⠤o
             └──────────────────────────────────────────────────────────────────────────
              42.0 KB                                                             320 KB

        """, Text(s_halfWay, 80, 23, Glyphs.Unicode));

    [Fact]
    public void Build_ANarrowTerminalWithoutUtf8_ShowsWhatFits() => Assert.Equal(
        """
        sweep 0123456789abcdef 'full'  mixed
        #####.....  50 %  120/240 jobs  3 failed
        2 min 05 s left  1,234 samples/s
        best 151 KB, 3.84x: palettize(nbits=4)

        silo laptop-12-cd   7/8 slots
        silo box-4711-ab12  4/4 slots

           size   ratio      drop  plan
        42.0 KB  13.81x  71.30 pt  palettize(nb~
        81.0 KB   7.16x  12.20 pt  palettize(nb~
        98.0 KB   5.92x   3.10 pt  mixed-03
         151 KB   3.84x   0.80 pt  palettize(nb~
         290 KB   2.00x   0.05 pt  quantize(dty~
         320 KB   1.81x  -0.10 pt  float16

        drop of top1, points; * best so far
         4.0 |^..........^...
             |              .
             |              o.......
             |                     .
             |                     .
         1.0 |---------------------*..........--
             |                               .
        -0.1 |                               o.o
             +----------------------------------
              42.0 KB                     320 KB

        """, Text(s_halfWay, 40, 30, Glyphs.Ascii));

    [Fact]
    public void Build_AFewLines_KeepsTheHeadAlone() => Assert.Equal(
        """
        sweep 0123456789abcdef 'full'  mixed
        ####################....................  50 %  120/240 jobs  3 failed
        2 min 05 s left  1,234 samples/s  31 trials
        best 151 KB, 3.84x, drop 0.80 pt [0.20, 1.60]: palettize(nbits=4)

        """, Text(s_halfWay, 80, 5, Glyphs.Ascii));

    [Fact]
    public void Build_BeforeTheFirstTrial_SaysWhatIsKnown() => Assert.Equal(
        """
        tiny  cells
        ........................................   0 %  0/12 jobs

        """, Text(new SweepProgress(SweepStage.Cells, 0, 12, 0, 0, null, null, 0), 80, 23, Glyphs.Ascii, "tiny"));

    [Fact]
    public void Build_APausedSweep_SaysSo() =>
        Assert.StartsWith("tiny  paused (uniform)\n", Text(s_halfWay with { Stage = SweepStage.Uniform, Phase = SweepPhase.Paused }, 80, 23, Glyphs.Ascii, "tiny"), StringComparison.Ordinal);

    [Fact]
    public void Build_AFinishedSweep_HasNoTimeLeft()
    {
        string text = Text(s_halfWay with { Stage = SweepStage.Finished, Share = 1, TimeLeft = TimeSpan.Zero }, 80, 23, Glyphs.Unicode);

        Assert.Contains("'full'  finished\n████████████████████████████████████████ 100 %", text, StringComparison.Ordinal);
        Assert.DoesNotContain("left", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_AFinishedSweep_ShowsWhatTheVerdictChoseAndNoOther()
    {
        SweepProgress finished = s_halfWay with { Stage = SweepStage.Finished, Share = 1, TimeLeft = TimeSpan.Zero };

        Assert.Contains("chosen 290 KB, ", Text(finished with { Chosen = s_points[4] }, 80, 23, Glyphs.Unicode), StringComparison.Ordinal);
        Assert.DoesNotContain("best 151 KB", Text(finished with { Chosen = s_points[4] }, 80, 23, Glyphs.Unicode), StringComparison.Ordinal);
        Assert.DoesNotContain("best 1", Text(finished, 80, 23, Glyphs.Unicode), StringComparison.Ordinal); // nothing is proven
        Assert.Contains("best 151 KB, ", Text(finished with { MaxDrop = null }, 80, 23, Glyphs.Unicode), StringComparison.Ordinal); // no drop is stated, so there is no verdict
    }

    [Fact]
    public void Build_MoreSilosThanRoom_SumsUpTheOthers()
    {
        string text = Text(s_halfWay with { Silos = [.. Enumerable.Range(0, 40).Select(i => Silo($"silo-{i:00}", 4, 2))] }, 80, 23, Glyphs.Ascii);

        Assert.Contains("silo silo-00  2/4 slots  probe layer1.0.conv1, trial mixed-01\nsilo silo-01  2/4 slots  probe layer1.0.conv1, trial mixed-01\nand 38 more silos, 80/160 slots in all\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_MorePointsThanRoom_KeepsTheEndsAndTheBest()
    {
        ImmutableArray<BestPoint> points = [.. Enumerable.Range(0, 64).Select(i => Point(i, $"plan-{i:00}", 1000 * (i + 1), 0.064 - (0.001 * i)))];

        string text = Text(s_halfWay with { Frontier = points, Best = points[41] }, 80, 23, Glyphs.Ascii);

        Assert.Contains(" of 64)", text, StringComparison.Ordinal);
        Assert.All(["plan-00", "plan-41", "plan-63"], plan => Assert.Contains($"]  {plan}\n", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_AnotherMetric_HasItsOwnUnit()
    {
        SweepProgress loss = s_halfWay with { Metric = "loss", MaxDrop = null, Best = null };

        string text = Text(loss, 80, 23, Glyphs.Ascii);

        Assert.Contains("drop of loss\n 0.713 |o", text, StringComparison.Ordinal);
        Assert.Contains("0.713 [0.707, 0.721]  palettize(nbits=1)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_AnyStateAndSize_StaysInsideOfTheTerminal()
    {
        Gen<SweepProgress> progress =
            from count in Gen.Choose(0, 80)
            from sizes in Gen.Choose(1, 2_000_000_000).ListOf(count)
            from drops in Gen.Choose(-1000, 100_000).ListOf(count)
            from best in Gen.Choose(-1, count - 1)
            from silos in Gen.Choose(0, 20)
            from name in ArbMap.Default.GeneratorFor<NonNull<string>>()
            from most in Gen.Elements<double?>(null, 0, 0.01, 5)
            let points = sizes.Order().Select((size, i) => Point(i, name.Get, size, drops[i] / 10_000.0)).ToImmutableArray()
            select s_halfWay with
            {
                Frontier = points,
                Best = best < 0 ? null : points[best],
                MaxDrop = most,
                Silos = [.. Enumerable.Range(0, silos).Select(i => Silo($"{name.Get}{i}", 4, i % 5))],
            };
        Gen<(SweepProgress Progress, int Width, int Height, bool Unicode)> cases =
            from state in progress
            from width in Gen.Choose(20, 250)
            from height in Gen.Choose(3, 80)
            from unicode in Gen.Elements(true, false)
            select (state, width, height, unicode);

        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            string[] lines = Text(given.Progress, given.Width, given.Height, given.Unicode ? Glyphs.Unicode : Glyphs.Ascii).TrimEnd('\n').Split('\n');

            Assert.InRange(lines.Length, 2, given.Height);
            Assert.All(lines, line => Assert.InRange(line.Length, 0, given.Width));
        }).Check(Config.QuickThrowOnFailure.WithReplay(20261120, 1));
    }

    [Fact]
    public void Text_WithColours_SaysTheSame()
    {
        IReadOnlyList<FrameLine> lines = WatchFrame.Build(Title, s_halfWay, 80, 23, Glyphs.Unicode);

        string colored = WatchFrame.Text(lines, 80, colors: true);

        Assert.Contains("\e[31m  3 failed\e[0m\n", colored, StringComparison.Ordinal);
        Assert.Equal(WatchFrame.Text(lines, 80, colors: false), System.Text.RegularExpressions.Regex.Replace(colored, "\e\\[[0-9]+m", ""));
    }

    [Fact]
    public void Text_AControlCharacterInAName_CannotMoveTheCursor() =>
        Assert.DoesNotContain('\e', Text(s_halfWay, 80, 23, Glyphs.Ascii, "evil\e[2J"));

    [Fact]
    public void Build_ASweepThatWaits_SaysWhyBrokenBetweenWords()
    {
        string text = Text(s_halfWay with { Waits = "it is of version 0.1.0, and none of the silos that are there (3) is: they are of 0.2.0" }, 40, 20, Glyphs.Unicode);

        Assert.Contains("waits: it is of version 0.1.0, and none\nof the silos that are there (3) is: they\nare of 0.2.0\n", text, StringComparison.Ordinal);
    }

    private static string Text(SweepProgress progress, int width, int height, Glyphs glyphs, string title = Title) =>
        WatchFrame.Text(WatchFrame.Build(title, progress, width, height, glyphs), width, colors: false);

    private static BestPoint Point(int number, string label, long sizeBytes, double drop) =>
        new($"id{number}", label, sizeBytes, 580_000.0 / sizeBytes, new Estimate(drop, drop - 0.006, drop + 0.008, 1000));

    private static WorkingSilo Silo(string name, int slots, int jobs) => new(
        new SiloStatus(new SiloRecord(name, "0.1.0", new SiloCapacity(slots, 1 << 30, false)), default, default, jobs),
        [.. Enumerable.Range(0, jobs).Select(i => new WorkingJob("0123456789abcdef", i == 0 ? JobKind.Probe : JobKind.Trial, i == 0 ? "layer1.0.conv1" : $"mixed-0{i}", TimeSpan.FromSeconds(9 - i)))]);
}
