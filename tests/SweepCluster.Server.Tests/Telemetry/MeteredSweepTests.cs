using System.Text.RegularExpressions;
using SweepCluster.Engine.Jobs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>What a process tells of a sweep, beside what its store and its report say.</summary>
[Collection(AloneCollection.Name)]
public sealed partial class MeteredSweepTests(MeteredSweep sweep)
{
    [Fact]
    public void Names_OfAProcessWithAFinishedSweep_AreThoseOfTheDocument()
    {
        string[] written = [.. Name().Matches(string.Join('\n', File.ReadLines(Path.Combine(SharedData.Repository, "docs", "metrics.md")).Where(line => line.StartsWith("| `sweepcluster_", StringComparison.Ordinal)).Select(line => line.Split('|')[1])))
            .Select(match => match.Value).Order(StringComparer.Ordinal)];

        string[] told = [.. sweep.Running.Families.Union(sweep.Finished.Families).Where(name => name.StartsWith("sweepcluster_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

        Assert.Equal(written, told);
    }

    [Fact]
    public void Names_OfOthers_AreThere()
    {
        foreach (string name in (string[])["target_info", "dotnet_process_cpu_time_seconds_total", "dotnet_gc_collections_total", "http_server_request_duration_seconds", "kestrel_active_connections"])
        {
            Assert.Contains(name, sweep.Finished.Families);
        }

        Assert.Equal(1, sweep.Finished.Sum("target_info", "service_name=\"sweep-test\"", "service_version=\"", "service_instance_id=\""));
    }

    [Fact]
    public async Task Text_OfAWholeProcess_PassesPromtool() => Assert.Equal((0, ""), await MetricsCheck.RunAsync(sweep.FinishedText));

    [Fact]
    public void OpenMetrics_OfAWholeProcess_HasItsForm()
    {
        Assert.EndsWith("\n# EOF\n", sweep.OpenMetricsText, StringComparison.Ordinal);
        Assert.Contains("\n# TYPE sweepcluster_jobs counter\n", sweep.OpenMetricsText, StringComparison.Ordinal);
        Assert.Contains("\n# UNIT sweepcluster_job_duration_seconds seconds\n", sweep.OpenMetricsText, StringComparison.Ordinal);
        Assert.Equal(
            sweep.Finished.Families.Where(name => name != "target_info").Select(name => name.EndsWith("_total", StringComparison.Ordinal) ? name[..^"_total".Length] : name).Order(StringComparer.Ordinal),
            new Samples(sweep.OpenMetricsText).Families.Where(name => name != "target").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Jobs_OfEachKind_AreThoseOfTheStore()
    {
        Assert.True(sweep.Status.IsFinished);
        foreach (JobKind kind in Enum.GetValues<JobKind>())
        {
            string label = $"kind=\"{kind.ToString().ToLowerInvariant()}\"";
            int jobs = sweep.Jobs.Count(job => job.Job.Kind == kind);

            Assert.Equal(jobs, sweep.Finished.Sum("sweepcluster_jobs_total", label, "outcome=\"recorded\""));
            Assert.Equal(jobs, sweep.Finished.Sum("sweepcluster_job_duration_seconds_count", label));
        }

        Assert.Equal(0, sweep.Finished.Sum("sweepcluster_jobs_total", "outcome=\"failed\"") + sweep.Finished.Sum("sweepcluster_jobs_total", "outcome=\"set_aside\""));
        Assert.Equal(0, sweep.Finished.Sum("sweepcluster_attempts_failed_total") + sweep.Finished.Sum("sweepcluster_leases_lost_total"));
    }

    [Fact]
    public void Trials_ByPlanAndRange_AreThoseOfTheStore()
    {
        JobPayloads.Trial[] trials = [.. sweep.Jobs.Where(job => job.Job.Kind == JobKind.Trial).Select(job => EngineJson.Read(job.Job.Payload, EngineJson.Default.TrialPayload))];

        Assert.NotEmpty(trials);
        foreach (IGrouping<(string, string), JobPayloads.Trial> group in trials.GroupBy(trial => (trial.Plan.Kind.ToString().ToLowerInvariant(), trial.Range.ToString().ToLowerInvariant())))
        {
            Assert.Equal(group.Count(), sweep.Finished.Sum("sweepcluster_trials_total", $"plan=\"{group.Key.Item1}\"", $"range=\"{group.Key.Item2}\"", "outcome=\"measured\""));
        }

        Assert.Equal(trials.Length, sweep.Finished.Sum("sweepcluster_trials_total"));
        Assert.Equal(trials.Sum(trial => trial.Count), sweep.Finished.Sum("sweepcluster_samples_total", "kind=\"trial\""));
    }

    [Fact]
    public void CellsAndProbes_ByFamily_AreThoseOfTheStore()
    {
        string[] cells = [.. sweep.Jobs.Where(job => job.Job.Kind == JobKind.Layer).SelectMany(job => EngineJson.Read(job.Job.Payload, EngineJson.Default.LayerPayload).Schemes)];
        JobPayloads.Probe[] probes = [.. sweep.Jobs.Where(job => job.Job.Kind == JobKind.Probe).Select(job => EngineJson.Read(job.Job.Payload, EngineJson.Default.ProbePayload))];

        foreach (string family in (string[])["palettize", "quantize"])
        {
            int made = cells.Count(scheme => scheme.StartsWith(family, StringComparison.Ordinal));
            Assert.Equal(made, sweep.Finished.Sum("sweepcluster_cells_total", $"family=\"{family}\"", "outcome=\"made\""));
            Assert.Equal(made, sweep.Finished.Sum("sweepcluster_cell_duration_seconds_count", $"family=\"{family}\""));
            Assert.Equal(
                probes.Sum(probe => probe.Schemes.Count(scheme => scheme.StartsWith(family, StringComparison.Ordinal))),
                sweep.Finished.Sum("sweepcluster_probes_total", $"family=\"{family}\"", "outcome=\"measured\""));
        }

        Assert.Equal(cells.Length, sweep.Finished.Sum("sweepcluster_cells_total"));
        Assert.Equal(probes.Sum(probe => probe.Schemes.Length * probe.Count), sweep.Finished.Sum("sweepcluster_samples_total", "kind=\"probe\""));
        Assert.Equal(sweep.Finished.Sum("sweepcluster_samples_total"), sweep.Finished.Sum("sweepcluster_inference_samples_total"));
        Assert.True(sweep.Finished.Sum("sweepcluster_inference_batch_duration_seconds_count") > 0);
        Assert.True(sweep.Finished.Sum("sweepcluster_model_bytes_total", "operation=\"read\"") > 0);
        Assert.True(sweep.Finished.Sum("sweepcluster_blob_bytes_total", "operation=\"written\"", "source=\"store\"") > 0);
        Assert.True(sweep.Finished.Sum("sweepcluster_blob_cache_bytes") > 0);
    }

    [Fact]
    public void SweepGauges_WhenItIsFinished_AreThoseOfItsReport()
    {
        SweepSummary summary = sweep.Summary;
        string[] it = [$"sweep=\"{sweep.Id}\"", "name=\"metered\""];
        TrialSummary[] frontier = [.. summary.Trials.Where(trial => trial.OnFrontier)];
        TrialSummary best = summary.Trials.Where(trial => trial.Choice!.Drop.Value <= 0.05).MinBy(trial => trial.SizeBytes)!;

        Assert.Equal(sweep.Status.Results, sweep.Finished.Sum("sweepcluster_sweep_jobs", [.. it, "state=\"done\""]));
        Assert.Equal(sweep.Status.Jobs, sweep.Finished.Sum("sweepcluster_sweep_jobs", it));
        Assert.Equal(1, sweep.Finished.Sum("sweepcluster_sweep_phase", it));
        Assert.Equal(1, sweep.Finished.Sum("sweepcluster_sweep_progress_ratio", it));
        Assert.Equal(0, sweep.Finished.Sum("sweepcluster_sweep_time_left_seconds", it));
        Assert.Equal(summary.Trials.Length + 1, sweep.Finished.Sum("sweepcluster_sweep_trials", it));
        Assert.Equal(summary.Baseline.SizeBytes, sweep.Finished.Sum("sweepcluster_sweep_baseline_bytes", it));
        Assert.Equal(summary.Baseline.Choice!.Values["top1"].Value, sweep.Finished.Sum("sweepcluster_sweep_baseline_score", [.. it, "metric=\"top1\""]));
        Assert.Equal(0.05, sweep.Finished.Sum("sweepcluster_sweep_max_drop", it));
        Assert.Equal(best.SizeBytes, sweep.Finished.Sum("sweepcluster_sweep_best_bytes", it));
        Assert.Equal(best.Choice!.Drop.Value, sweep.Finished.Sum("sweepcluster_sweep_best_drop", it));
        Assert.Equal(best.Choice!.Values["top1"].Value, sweep.Finished.Sum("sweepcluster_sweep_best_score", it));
        Assert.Equal(best.CompressionRatio, sweep.Finished.Sum("sweepcluster_sweep_best_ratio", it));
        Assert.Equal(frontier.Length, sweep.Finished.Sum("sweepcluster_sweep_frontier_points", it));
        Assert.Equal(
            frontier.Select(trial => ((double)trial.SizeBytes, $"trial=\"{trial.Id}\"")).Order(),
            sweep.Finished.Find("sweepcluster_sweep_frontier_bytes", it).Select(point => (point.Value, Trial().Match(point.Key).Value)).Order());
        Assert.Equal(frontier.Sum(trial => trial.Choice!.Drop.Value), sweep.Finished.Sum("sweepcluster_sweep_frontier_drop", it), 9);
        Assert.InRange(sweep.Finished.Sum("sweepcluster_sweep_frontier_hypervolume_ratio", it), 0.3, 1);
    }

    [Fact]
    public void LayerGauges_WhenItIsFinished_AreThoseOfItsReport()
    {
        (double Drop, string Layer)[] drops = [.. sweep.Summary.Sensitivities.Where(entry => entry.Drop is not null).Select(entry => (entry.Drop!.Value, $"layer=\"{entry.Layer}\"")).Order()];
        TrialSummary[] confirmed = [.. sweep.Summary.Trials.Where(trial => trial.Confirm is not null)];

        Assert.NotEmpty(drops);
        Assert.Equal(drops, sweep.Finished.Find("sweepcluster_layer_drop").Select(series => (series.Value, Layer().Match(series.Key).Value)).Order());
        Assert.NotEmpty(confirmed);
        foreach (TrialSummary trial in confirmed)
        {
            Assert.Equal(trial.Confirm!.Drop.Value, sweep.Finished.Sum("sweepcluster_sweep_confirmed_drop", $"trial=\"{trial.Id}\"", "bound=\"value\""));
            Assert.Equal(trial.Confirm!.Drop.High, sweep.Finished.Sum("sweepcluster_sweep_confirmed_drop", $"trial=\"{trial.Id}\"", "bound=\"high\""));
        }

        Assert.Equal(
            sweep.Jobs.Where(job => job.Job.Kind == JobKind.Layer).Select(job => EngineJson.Read(job.Job.Payload, EngineJson.Default.LayerPayload).Weight).Distinct().Count(),
            sweep.Finished.Find("sweepcluster_layer_seconds").Count());
        Assert.All(sweep.Finished.Find("sweepcluster_layer_seconds"), layer => Assert.True(layer.Value > 0));
    }

    [Fact]
    public void Silo_WhileItWorks_TellsItsSlotsAndWhatItHolds()
    {
        Assert.Equal(2, sweep.Running.Sum("sweepcluster_slots"));
        Assert.True(sweep.Running.Sum("sweepcluster_slots", "state=\"used\"") >= 1);
        Assert.Equal(1, sweep.Running.Sum("sweepcluster_sweeps_open"));
        Assert.InRange(sweep.Running.Sum("sweepcluster_sweep_memory_bytes", "state=\"used\""), 1, sweep.Running.Sum("sweepcluster_sweep_memory_bytes", "state=\"limit\""));
        Assert.True(sweep.Running.Sum("sweepcluster_sweep_oldest_job_seconds", "name=\"metered\"") > 0);
        Assert.Equal(1, sweep.Running.Sum("sweepcluster_sweep_phase", "phase=\"running\""));
        foreach (string folder in (string[])["cache", "temporary", "store"])
        {
            Assert.InRange(sweep.Running.Sum("sweepcluster_disk_free_bytes", $"folder=\"{folder}\""), 1, sweep.Running.Sum("sweepcluster_disk_size_bytes", $"folder=\"{folder}\""));
        }
    }

    [Fact]
    public void Cluster_WhenItIsFinished_TellsSweepsSilosAndEvents()
    {
        Assert.Equal(1, sweep.Finished.Sum("sweepcluster_sweeps", "phase=\"finished\""));
        Assert.Equal(1, sweep.Finished.Sum("sweepcluster_sweeps"));
        Assert.Equal(0, sweep.Finished.Sum("sweepcluster_sweeps_untold"));
        Assert.Equal(2, sweep.Finished.Sum("sweepcluster_silo_slots", "silo=\"silo-under-test\""));
        Assert.True(sweep.Finished.Sum("sweepcluster_silo_memory_bytes") > 0);
        foreach (string kind in (string[])["submitted", "silo_joined", "finished"])
        {
            Assert.Equal(1, sweep.Finished.Sum("sweepcluster_events_total", $"kind=\"{kind}\""));
        }

        Assert.True(sweep.Finished.Sum("sweepcluster_store_operation_duration_seconds_count", "operation=\"record\"", "outcome=\"ok\"") >= sweep.Status.Results);
        Assert.Equal(0, sweep.Finished.Sum("sweepcluster_store_operation_duration_seconds_count", "outcome=\"error\""));
    }

    [Fact]
    public void Push_ToAReceiver_BringsTheSameMetrics()
    {
        Assert.Equal(["sweep-test"], sweep.SentServices);
        foreach (string name in (string[])["sweepcluster.jobs", "sweepcluster.cells", "sweepcluster.store.operation.duration", "sweepcluster.sweep.jobs", "sweepcluster.sweeps", "dotnet.process.cpu.time"])
        {
            Assert.Contains(name, sweep.SentMetrics);
        }
    }

    [Fact]
    public void Spans_OfASweep_BelongToTheTraceOfItsSubmission()
    {
        ReceivedSpan submitted = Assert.Single(sweep.Spans, span => span.Name == "submit sweep");
        ReceivedSpan worked = Assert.Single(sweep.Spans, span => span.Name == "sweep");
        ReceivedSpan[] jobs = [.. sweep.Spans.Where(span => span.Attributes.ContainsKey("job.kind"))];

        Assert.Equal("", submitted.Parent);
        Assert.Equal(sweep.Id, submitted.Attributes["sweep.id"]);
        Assert.Equal((submitted.Trace, submitted.Id), (worked.Trace, worked.Parent));
        Assert.Equal("silo-under-test", worked.Attributes["silo"]);
        Assert.Equal(sweep.Jobs.Length, jobs.Length);
        Assert.All(jobs, job => Assert.Equal((worked.Trace, worked.Id), (job.Trace, job.Parent)));
        Assert.Equal(
            sweep.Jobs.Select(job => (job.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture), job.Job.Kind.ToString().ToLowerInvariant())).Order(),
            jobs.Select(job => (job.Attributes["job.sequence"], job.Attributes["job.kind"])).Order());
        Assert.All(jobs, job => Assert.Equal((sweep.Id, "silo-under-test", "1"), (job.Attributes["sweep.id"], job.Attributes["silo"], job.Attributes["job.attempt"])));
        Assert.All(jobs.Where(job => job.Name != "coordinate"), job => Assert.NotEqual("", job.Attributes["job.about"]));
        Assert.DoesNotContain(sweep.Spans, span => span.Name.Contains("read", StringComparison.OrdinalIgnoreCase)); // no span for a call of the store
        Assert.Contains(sweep.Spans, span => span.Name == "GET" && span.Attributes["http.response.status_code"] == "404"); // a request's own
        Assert.DoesNotContain(sweep.Spans, span => span.Name.Contains("/metrics", StringComparison.Ordinal));
    }

    [Fact]
    public void Log_OfASilo_HasOneLineForEachThingThatMatters()
    {
        var entries = sweep.Log.Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement).ToArray();
        string[] events = [.. entries.Select(entry => entry.GetProperty("event").GetString()!)];

        foreach (string name in (string[])["SiloStarted", "SweepOpened", "SweepFinished", "SweepClosed", "SiloStopped"])
        {
            Assert.Single(events, name);
        }

        Assert.All(entries, entry => Assert.True(entry.GetProperty("timestamp").TryGetDateTimeOffset(out _)));
        var opened = entries.Single(entry => entry.GetProperty("event").GetString() == "SweepOpened");
        Assert.Equal(("Information", "SweepCluster.Engine.Silo", sweep.Id), (
            opened.GetProperty("level").GetString(), opened.GetProperty("category").GetString(), opened.GetProperty("values").GetProperty("SweepId").GetString()));
        Assert.Equal($"Sweep {sweep.Id} 'metered' is open", opened.GetProperty("message").GetString());
        Assert.Contains("StoreEvent", events); // the server's
    }

    [GeneratedRegex("sweepcluster_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("trial=\"[^\"]*\"")]
    private static partial Regex Trial();

    [GeneratedRegex("layer=\"[^\"]*\"")]
    private static partial Regex Layer();
}
