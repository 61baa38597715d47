using System.Collections.Immutable;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Runs;

/// <summary>A user's own command as objective: what it finds is recorded, what happens to it from outside is not.</summary>
public sealed class CommandSweepTests : IDisposable
{
    private const string Measure = """
        echo "{\"size\": $(cat "$1/Data/com.apple.CoreML/weights/weight.bin" | wc -c)}"

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("exit 3")]
    [InlineData("kill -KILL $$")]
    [InlineData("kill -SEGV $$")]
    public async Task Run_UncompressedModelNotMeasuredAtFirst_GoesOnOnceItCan(string fault)
    {
        SweepSpec spec = Spec(fault);
        SweepException error = await Assert.ThrowsAnyAsync<SweepException>(() => RunAsync(spec, resume: false));

        Assert.IsNotType<BadInputException>(error); // that would say that nothing was written
        Assert.DoesNotContain(await ResultsAsync(), result => result.Result.Failure is not null);
        await EndsAsAnUndisturbedRunAsync(spec);
    }

    [Fact]
    public async Task Run_ProgramMissingAtFirst_GoesOnOnceItIsThere()
    {
        string program = _folder["evaluate"];
        SweepSpec spec = Spec("", program);

        CommandUnavailableException error = await Assert.ThrowsAsync<CommandUnavailableException>(() => RunAsync(spec, resume: false));

        Assert.Equal($"{program}: cannot be started (no such program).", error.Message);
        File.CreateSymbolicLink(program, "/bin/sh"); // now it is installed
        await EndsAsAnUndisturbedRunAsync(spec);
    }

    [Fact]
    public async Task Run_CommandKilledOnceOnAPlan_IsMeasuredAgain()
    {
        SweepSpec spec = Spec("if [ \"$(cat \"$1/Data/com.apple.CoreML/weights/weight.bin\" | wc -c)\" -lt 300000 ]; then kill -INT $$; fi");

        CommandUnavailableException error = await Assert.ThrowsAsync<CommandUnavailableException>(() => RunAsync(spec, resume: false));

        Assert.Equal("sh: found exit code 130 (ended by signal 2), expected a command that is left to its end.", error.Message);
        await EndsAsAnUndisturbedRunAsync(spec);
    }

    [Fact]
    public async Task Run_PackagesOfAKilledRunAreLeft_RemovesThem()
    {
        string left = Directory.CreateDirectory(Path.Combine(_folder["out"], ".sweep", "tmp", "left", "net.mlpackage")).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "weight.bin"), "0");

        await RunAsync(Spec(""), resume: true);

        Assert.False(Directory.Exists(left));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder["out"], ".sweep", "tmp")));
    }

    private async Task EndsAsAnUndisturbedRunAsync(SweepSpec spec)
    {
        File.WriteAllText(_folder["measure.sh"], Measure); // the same command, now sound
        SweepResult resumed = await RunAsync(spec, resume: true);
        SweepResult undisturbed = await SweepRunner.RunAsync(spec, SampleSweep.Options(_folder["undisturbed"]), null, default);

        Assert.All(resumed.Summary.Trials, trial => Assert.Null(trial.Failure));
        Assert.Equal(SampleSweep.Json(undisturbed), SampleSweep.Json(resumed));
    }

    private Task<SweepResult> RunAsync(SweepSpec spec, bool resume) => SweepRunner.RunAsync(spec, SampleSweep.Options(_folder["out"], resume: resume), null, default);

    private async Task<ImmutableArray<RecordedResult>> ResultsAsync()
    {
        await using JournalStore store = JournalStore.OpenReadOnly(Path.Combine(_folder["out"], ".sweep"));
        return await store.ReadResultsAsync((await store.ListSweepsAsync(default))[0].Id, 0, int.MaxValue, default);
    }

    private SweepSpec Spec(string fault, string program = "sh")
    {
        File.WriteAllText(_folder["measure.sh"], fault + "\n" + Measure);
        File.WriteAllText(_folder["command.yaml"], $$"""
            model: {{SampleSweep.Model}}
            objective: {metric: size, higher: true, command: [{{program}}, {{_folder["measure.sh"]}}, "{model}"]}
            global_config: {weight_threshold: 20000}
            schemes:
              - palettize: {nbits: [1, 8]}
            """);
        return SpecReader.Read(_folder["command.yaml"], []);
    }
}
