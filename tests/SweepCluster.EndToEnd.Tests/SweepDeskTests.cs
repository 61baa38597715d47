using System.Text.Json;
using System.Text.RegularExpressions;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>The life of sweeps on a real store: handed in, watched, paused, cancelled, grown, brought home and removed, without holding a terminal.</summary>
public sealed partial class SweepDeskTests(TinySweep undisturbed) : IClassFixture<TinySweep>, IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string _store = "";

    public async Task InitializeAsync() => _store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Submit_ThenASiloAndAWatcherElsewhere_BringsHomeTheBytesOfARunAlone()
    {
        string model = _folder.At("there", "ResNet20.mlpackage"); // where nobody but the one who hands in can read it
        Copy(Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage"), model);
        TinySweep.WriteSpec(_folder.At("tiny.yaml"), model: model);
        string id = await SubmitAsync(_folder.At("tiny.yaml"));
        Directory.Delete(_folder.At("there"), recursive: true);

        using SweepProcess silo = Silo();
        CommandLine watch = await DeskAsync("watch", "tiny", "--out", _folder.At("home"));
        await StopAsync(silo);

        Assert.True(watch.ExitCode == 0, watch.Error);
        SameBytes.AssertReports(undisturbed.Results, _folder.At("home"));
        Assert.Contains("finished", watch.Error, StringComparison.Ordinal);

        // The folder needs neither store nor model, and may be moved.
        Directory.Move(_folder.At("home"), _folder.At("moved"));
        Assert.Equal(0, (await CommandLine.RunAsync("report", _folder.At("moved"))).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync("diff", _folder.At("moved"), undisturbed.Results)).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync("export", _folder.At("moved"), "--trial", "pal4", "-o", _folder.At("one.mlpackage"))).ExitCode);
        Assert.Equal(0, (await CommandLine.RunAsync("export", undisturbed.Results, "--trial", "pal4", "-o", _folder.At("two.mlpackage"))).ExitCode);
        SameBytes.AssertFiles(_folder.At("two.mlpackage"), _folder.At("one.mlpackage"));

        // Handing in again changes nothing and says where the result is.
        CommandLine again = await DeskAsync("submit", undisturbed.Spec);
        Assert.Equal((0, id), (again.ExitCode, again.Output.Trim()));
        Assert.Contains("is there already, finished", again.Error, StringComparison.Ordinal);
        using JsonDocument listed = JsonDocument.Parse((await DeskAsync("list", "--format", "json")).Output);
        JsonElement sweep = Assert.Single(listed.RootElement.EnumerateArray());
        Assert.Equal((id, "finished"), (sweep.GetProperty("id").GetString(), sweep.GetProperty("phase").GetString()));
        Assert.Equal(sweep.GetProperty("jobs").GetInt64(), sweep.GetProperty("results").GetInt64());

        // With the data it can be measured anew.
        Assert.Equal(0, (await DeskAsync("fetch", id[..6], "--out", _folder.At("moved"), "--with-data")).ExitCode);
        CommandLine evaluate = await CommandLine.RunAsync("evaluate", _folder.At("one.mlpackage"), "--sweep", _folder.At("moved"), "--samples", "confirm");
        Assert.True(evaluate.ExitCode == 0, evaluate.Error);
    }

    [Fact]
    public async Task Pause_SweepWithJobsLeft_StandsStillWhileAnotherFinishesAndGoesOnAfterResume()
    {
        string paused = await SubmitAsync(undisturbed.Spec);
        using SweepProcess silo = Silo();
        await StoreQuery.UntilAsync(_store, $"SELECT results FROM sweep.sweeps WHERE id = '{paused}'", 5);
        CommandLine pause = await DeskAsync("pause", paused);
        await StoreQuery.UntilAsync(_store, $"SELECT 1 - least(1, count(*)) FROM sweep.leases l JOIN sweep.sweeps s ON s.number = l.sweep WHERE s.id = '{paused}'", 1);
        long before = (await StoreQuery.ReadAsync<long>(_store, $"SELECT results FROM sweep.sweeps WHERE id = '{paused}'"))[0];
        TinySweep.WriteSpec(_folder.At("other.yaml"), name: "other", seed: 8);
        await SubmitAsync(_folder.At("other.yaml"));

        CommandLine other = await DeskAsync("watch", "other", "--quiet");
        long after = (await StoreQuery.ReadAsync<long>(_store, $"SELECT results FROM sweep.sweeps WHERE id = '{paused}'"))[0];
        CommandLine again = await DeskAsync("submit", undisturbed.Spec);
        CommandLine early = await DeskAsync("fetch", paused, "--out", _folder.At("early"));
        CommandLine resume = await DeskAsync("resume", paused);
        CommandLine watch = await DeskAsync("watch", paused, "--out", _folder.At("home"), "--quiet");
        await StopAsync(silo);

        Assert.Equal((0, 0, 0), (pause.ExitCode, other.ExitCode, resume.ExitCode));
        Assert.Equal(before, after);
        Assert.Contains($"sweep {paused} 'tiny' is there already, paused; 'sweep resume {paused} --store", again.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret of the tests", again.Error, StringComparison.Ordinal);
        Assert.Equal(1, early.ExitCode);
        Assert.Matches($"^sweep {paused} 'tiny': found it paused with {before} of \\d+ jobs done, expected a finished one; 'sweep watch {paused} --out DIR' waits for it\\.\n$", early.Error);
        Assert.False(Directory.Exists(_folder.At("early")));
        Assert.True(watch.ExitCode == 0, watch.Error);
        SameBytes.AssertReports(undisturbed.Results, _folder.At("home"));
    }

    [Fact]
    public async Task Cancel_RunningSweep_EndsWhoWaitsForItAndResumeGoesOn()
    {
        string id = await SubmitAsync(undisturbed.Spec);
        using SweepProcess silo = Silo();
        using SweepProcess run = new("run", undisturbed.Spec, "--out", _folder.At("home"), "--store", _store, "--slots", "1", "--cache", _folder.At("cache"), "--quiet");
        await StoreQuery.UntilAsync(_store, $"SELECT results FROM sweep.sweeps WHERE id = '{id}'", 5);

        CommandLine removeRunning = await DeskAsync("remove", id);
        CommandLine cancel = await DeskAsync("cancel", id);
        CommandLine end = await run.FinishAsync();
        CommandLine watch = await DeskAsync("watch", id, "--quiet");
        CommandLine pause = await DeskAsync("pause", id);

        Assert.Equal((1, 0), (removeRunning.ExitCode, cancel.ExitCode));
        Assert.Matches($"^sweep {id} 'tiny': found it running with \\d+ of \\d+ jobs done, expected one that is finished, paused or cancelled\\.\n$", removeRunning.Error);
        foreach (CommandLine waiting in new[] { end, watch })
        {
            Assert.Equal(1, waiting.ExitCode);
            Assert.Matches($"^sweep {id} 'tiny': found it cancelled with \\d+ of \\d+ jobs done; 'sweep resume {id}' goes on with it\\.\n$", waiting.Error);
        }

        Assert.Equal((1, $"sweep {id} 'tiny': found it cancelled, expected a running one; 'sweep resume {id}' makes it run again.\n"), (pause.ExitCode, pause.Error));
        Assert.Equal(0, (await DeskAsync("resume", id)).ExitCode);
        CommandLine last = await CommandLine.RunAsync("run", undisturbed.Spec, "--out", _folder.At("home"), "--store", _store, "--slots", "1", "--cache", _folder.At("cache"), "--quiet", "--resume");
        await StopAsync(silo);
        Assert.True(last.ExitCode == 0, last.Error);
        SameBytes.AssertReports(undisturbed.Results, _folder.At("home"));
        AssertEveryJobIsTimed(_folder.At("home"));
    }

    [Fact]
    public async Task Submit_SecondSweepOfHigherPriority_FinishesFirst()
    {
        TinySweep.WriteSpec(_folder.At("urgent.yaml"), name: "urgent", seed: 8);
        string low = await SubmitAsync(undisturbed.Spec), high = await SubmitAsync(_folder.At("urgent.yaml"), "--priority", "2");
        CommandLine change = await DeskAsync("change", low, "--priority", "-1", "--attempts", "3", "--time-limit", "10m");

        using SweepProcess silo = Silo();
        Assert.Equal(0, (await DeskAsync("watch", low, "--quiet")).ExitCode);
        Assert.Equal(0, (await DeskAsync("watch", high, "--quiet")).ExitCode);
        await StopAsync(silo);

        Assert.Equal((0, $"sweep {low} 'tiny': priority -1, 3 attempts, time limit 10m\n"), (change.ExitCode, change.Error));
        string[] finished = [.. (await DeskAsync("events", "--format", "json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(entry => entry.GetProperty("kind").GetString() == "finished")
            .Select(entry => entry.GetProperty("sweepId").GetString()!)];
        Assert.Equal([high, low], finished);
        Assert.Contains($"  changed         {low}  'tiny': priority 0 -> -1, ", (await DeskAsync("events", low)).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(high, (await DeskAsync("events", low)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SweepThatGrewOutOfAnotherOfTheStore_ComputesWhatIsNewAlone()
    {
        TinySweep.WriteSpec(_folder.At("bigger.yaml"), name: "bigger", palettes: "[2, 3, 4, 6]");
        CommandLine fresh = await CommandLine.RunAsync("run", _folder.At("bigger.yaml"), "--out", _folder.At("fresh"), "--quiet");
        CommandLine grown = await CommandLine.RunAsync("run", _folder.At("bigger.yaml"), "--out", _folder.At("grown"), "--grow", undisturbed.Results, "--quiet");
        CommandLine first = await CommandLine.RunAsync("run", undisturbed.Spec, "--out", _folder.At("first"), "--store", _store, "--cache", _folder.At("cache"), "--quiet");

        CommandLine second = await CommandLine.RunAsync("run", _folder.At("bigger.yaml"), "--out", _folder.At("second"), "--store", _store, "--cache", _folder.At("cache"), "--quiet");

        Assert.Equal((0, 0, 0, 0), (fresh.ExitCode, grown.ExitCode, first.ExitCode, second.ExitCode));
        SameBytes.AssertReports(_folder.At("fresh"), _folder.At("grown"));
        SameBytes.AssertReports(_folder.At("fresh"), _folder.At("second"));
        Assert.DoesNotMatch(TakenOver(), fresh.Error);
        Assert.DoesNotMatch(TakenOver(), first.Error);
        Assert.Matches(TakenOver(), grown.Error);
        Assert.Equal(TakenOver().Match(grown.Error).Value, TakenOver().Match(second.Error).Value); // whether from a folder or from the store
    }

    [Fact]
    public async Task Remove_OneOfTwoSweeps_FreesWhatTheOtherDoesNotNeed()
    {
        TinySweep.WriteSpec(_folder.At("bigger.yaml"), name: "bigger", palettes: "[2, 3, 4, 6]");
        await RunAsync(undisturbed.Spec, "first");
        string first = (await StoreQuery.ReadAsync<string>(_store, "SELECT id FROM sweep.sweeps"))[0];
        long blobsOfOne = await CountBlobsAsync();
        await RunAsync(_folder.At("bigger.yaml"), "second");
        long blobsOfTwo = await CountBlobsAsync();
        await PostgresServer.ExecuteAsync(_store, "UPDATE sweep.blobs SET stored = stored - interval '2 hours'");

        CommandLine removeBigger = await DeskAsync("remove", "bigger");
        long blobsLeft = await CountBlobsAsync();
        CommandLine fetch = await DeskAsync("fetch", "tiny", "--out", _folder.At("home"));
        CommandLine removeTiny = await DeskAsync("remove", first);

        Assert.True(blobsOfTwo > blobsOfOne);
        Assert.Equal((0, 0, 0), (removeBigger.ExitCode, fetch.ExitCode, removeTiny.ExitCode));
        Assert.Equal(blobsOfOne, blobsLeft);
        SameBytes.AssertReports(undisturbed.Results, _folder.At("home"));
        Assert.Equal(0, await CountBlobsAsync());
        Assert.Equal($"No sweep is in the store {PlaceOf(_store)}.\n", (await DeskAsync("list")).Error);
    }

    [Fact]
    public async Task Watch_SweepIsRemovedMeanwhile_SaysSo()
    {
        string id = await SubmitAsync(undisturbed.Spec);
        await DeskAsync("pause", id);
        using SweepProcess watch = new("watch", id, "--store", _store);
        await watch.SaysAsync("paused");

        await DeskAsync("remove", id);

        CommandLine end = await watch.FinishAsync();
        Assert.Equal((1, $"sweep {id} 'tiny': somebody removed it from the store."), (end.ExitCode, end.Error.TrimEnd().Split('\n')[^1]));
    }

    [Fact]
    public async Task Watch_ControlC_LeavesTheSweepAndSaysHowToComeBack()
    {
        string id = await SubmitAsync(undisturbed.Spec);
        await DeskAsync("pause", id);
        using SweepProcess watch = new("watch", "--store", _store);
        await watch.SaysAsync("paused");

        watch.PressControlC();

        CommandLine end = await watch.FinishAsync();
        Assert.Equal(130, end.ExitCode);
        Assert.Contains($"Interrupted. sweep {id} 'tiny' goes on; this watches it again:\n  sweep watch {id} --store ", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret of the tests", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_OneIsThere_AreListedAndAskedByTheDryRun()
    {
        CommandLine nobody = await DeskAsync("plan", undisturbed.Spec);
        using SweepProcess silo = Silo();
        await StoreQuery.UntilAsync(_store, "SELECT count(*) FROM sweep.silos", 1);

        using JsonDocument silos = JsonDocument.Parse((await DeskAsync("silos", "--format", "json")).Output);
        CommandLine plan = await DeskAsync("plan", undisturbed.Spec);
        CommandLine command = await DeskAsync("submit", OwnEvaluatorSpec());
        await StopAsync(silo);
        CommandLine gone = await DeskAsync("silos");

        Assert.Contains("note: no silo is there; the sweep waits until one is started.", nobody.Error, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(silos.RootElement.EnumerateArray()).GetProperty("slots").GetInt32());
        Assert.Contains("silos           1 of 1 can take it, with 1 slots", plan.Output, StringComparison.Ordinal);
        Assert.Equal(0, command.ExitCode);
        Assert.Matches("note: none of the silos that are there \\(1\\) can take it: .*: it runs no commands \\(--allow-commands\\)\\.\n", command.Error);
        Assert.Equal($"No silo is at the store {PlaceOf(_store)}; 'sweep silo' starts one.\n", gone.Error);
    }

    [Fact]
    public async Task AnyCommand_SweepThatIsNotMeant_IsRefusedInOneLine()
    {
        string place = PlaceOf(_store);
        CommandLine none = await DeskAsync("watch", "tiny");
        string id = await SubmitAsync(undisturbed.Spec);
        TinySweep.WriteSpec(_folder.At("same-name.yaml"), seed: 8);
        string twin = await SubmitAsync(_folder.At("same-name.yaml"));

        Assert.Equal((2, $"{place}: found no sweep 'tiny', expected the id or the name of one, and there is none.\n"), (none.ExitCode, none.Error));
        foreach (string command in new[] { "pause", "resume", "cancel", "remove", "watch", "events" })
        {
            CommandLine near = await DeskAsync(command, "tinny");
            Assert.Equal((2, $"{place}: found no sweep 'tinny', expected the id or the name of one, as {id} 'tiny', {twin} 'tiny'.\n"), (near.ExitCode, near.Error));
        }

        CommandLine both = await DeskAsync("cancel", "tiny");
        Assert.Equal((2, $"{place}: found 2 sweeps 'tiny' ({id} 'tiny', {twin} 'tiny'), expected more digits of one.\n"), (both.ExitCode, both.Error));
        CommandLine prefix = await DeskAsync("pause", id[..8]);
        Assert.StartsWith($"sweep {id} 'tiny': paused, ", prefix.Error, StringComparison.Ordinal);
        CommandLine nothing = await DeskAsync("change", id);
        Assert.Equal((2, "sweep change: found nothing to change, expected --priority, --attempts or --time-limit.\n"), (nothing.ExitCode, nothing.Error));
        CommandLine limit = await DeskAsync("change", id, "--time-limit", "soon");
        Assert.Equal((2, "--time-limit: found 'soon', expected a time of a second to a year, as 90s, 10m or 2h, or none.\n"), (limit.ExitCode, limit.Error));
    }

    [Theory]
    [InlineData("list", 1, "the store 127.0.0.1:1/sweep cannot be reached: ")]
    [InlineData("watch", 1, "the store 127.0.0.1:1/sweep cannot be reached: ")]
    public async Task AnyCommand_StoreThatCannotBeReached_SaysSoInOneLine(string command, int exitCode, string message)
    {
        CommandLine end = await CommandLine.RunAsync(command, "--store", "Host=127.0.0.1;Port=1;Username=sweep;Password=hidden");

        Assert.Equal(exitCode, end.ExitCode);
        Assert.StartsWith(message, Assert.Single(end.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PriorityWithoutAStore_IsRefused()
    {
        CommandLine end = await CommandLine.RunAsync("run", undisturbed.Spec, "--out", _folder.At("out"), "--priority", "2");

        Assert.Equal(2, end.ExitCode);
        Assert.StartsWith("sweep run: found --priority, --attempts or --time-limit without --store", end.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex("\\d+ measurements taken over from earlier sweeps")]
    private static partial Regex TakenOver();

    private static string PlaceOf(string store)
    {
        Npgsql.NpgsqlConnectionStringBuilder parts = new(store);
        return $"{parts.Host}:{parts.Port}/{parts.Database}";
    }

    /// <summary>The timings of a run through a store have every job, whichever silo did it.</summary>
    private static void AssertEveryJobIsTimed(string folder)
    {
        using JsonDocument timings = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "timings.json")));
        long[] jobs = [.. timings.RootElement.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("job").GetInt64())];
        Assert.Equal(Enumerable.Range(0, jobs.Length).Select(job => (long)job), jobs);
        Assert.True(timings.RootElement.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("silo").GetString()).Distinct().Count() >= 2);
    }

    private static void Copy(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string place = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }
    }

    private static async Task StopAsync(SweepProcess silo)
    {
        silo.Terminate();
        CommandLine end = await silo.FinishAsync();
        Assert.True(end.ExitCode == 0, end.Error);
    }

    private SweepProcess Silo() => new("silo", "--store", _store, "--slots", "1", "--cache", _folder.At("cache"));

    private Task<CommandLine> DeskAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--store", _store]);

    private async Task<string> SubmitAsync(string spec, params string[] options)
    {
        CommandLine submit = await DeskAsync(["submit", spec, .. options]);
        Assert.True(submit.ExitCode == 0, submit.Error);
        return submit.Output.Trim();
    }

    private async Task RunAsync(string spec, string output)
    {
        CommandLine run = await CommandLine.RunAsync("run", spec, "--out", _folder.At(output), "--store", _store, "--cache", _folder.At("cache"), "--quiet");
        Assert.True(run.ExitCode == 0, run.Error);
    }

    private async Task<long> CountBlobsAsync() => (await StoreQuery.ReadAsync<long>(_store, "SELECT count(*) FROM sweep.blobs"))[0];

    private string OwnEvaluatorSpec()
    {
        string path = _folder.At("own.yaml");
        File.WriteAllText(path, $$$"""
            name: own
            model: {{{SharedData.Samples}}}/resnet20/ResNet20.mlpackage
            objective: {command: [sh, -c, "echo '{\"score\": 1}'", "{model}"], metric: score}
            schemes:
              - palettize: {nbits: 4}
            """);
        return path;
    }
}
