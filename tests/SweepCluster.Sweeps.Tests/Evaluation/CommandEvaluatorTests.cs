using System.Collections.Immutable;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Tests.Evaluation;

public sealed class CommandEvaluatorTests
{
    [Fact]
    public async Task MeasureAsync_NumbersAndIntervals_GivesThem()
    {
        ImmutableSortedDictionary<string, Estimate> metrics = await MeasureAsync(
            """echo '{"wer": 0.125, "snr": {"value": 20.5, "low": 19, "high": 22, "samples": 64}}'""");

        Assert.Equal(["snr", "wer"], metrics.Keys);
        Assert.Equal(new Estimate(20.5, 19, 22, 64), metrics["snr"]);
        Assert.Equal(new Estimate(0.125, 0.125, 0.125, 0), metrics["wer"]);
    }

    [Fact]
    public async Task MeasureAsync_Placeholder_GetsThePackage()
    {
        string[] command = ["/bin/sh", "-c", """printf '{"length": %d, "arguments": %d}' "${#1}" "$#" """, "sh", "--model={model}"];

        ImmutableSortedDictionary<string, Estimate> metrics =
            await new CommandEvaluator([.. command], TimeSpan.FromMinutes(1)).MeasureAsync("/tmp/a b.mlpackage", CancellationToken.None);

        Assert.Equal("--model=/tmp/a b.mlpackage".Length, metrics["length"].Value);
        Assert.Equal(1, metrics["arguments"].Value);
    }

    [Fact]
    public async Task MeasureAsync_AFolder_RunsThere()
    {
        string[] command = ["/bin/sh", "-c", """printf '{"length": %d}' "$(pwd -P | wc -c)" """, "sh", "{model}"];

        ImmutableSortedDictionary<string, Estimate> metrics = await new CommandEvaluator([.. command], TimeSpan.FromMinutes(1), "/usr").MeasureAsync("x", CancellationToken.None);

        Assert.Equal("/usr\n".Length, metrics["length"].Value);
    }

    [Fact]
    public async Task MeasureAsync_ChatterBeforeTheObject_IsPassedOver()
    {
        Assert.Equal(7, (await MeasureAsync("echo loading...; echo warning >&2; echo '{\"x\": 7}'; echo"))["x"].Value);
    }

    [Theory]
    [InlineData("echo first >&2; echo 'no such layer' >&2; exit 3", "/bin/sh: found exit code 3, expected 0; its last words: no such layer")]
    [InlineData("printf 'a\\0b\\033[31m\\n' >&2; exit 3", "/bin/sh: found exit code 3, expected 0; its last words: a\uFFFDb\uFFFD[31m")]
    [InlineData("printf 'a\\0b'", "/bin/sh: found the output 'a\uFFFDb', expected a JSON object of metric names and numbers.")]
    [InlineData("""echo '{"a": {"\u0000": 1}}'""", "/bin/sh, metric 'a': found the key '\uFFFD', expected value, low, high and samples.")]
    [InlineData("""echo '{"\u0000": "1"}'""", "/bin/sh, metric '\uFFFD': found string, expected a finite number.")]
    [InlineData("exit 1", "/bin/sh: found exit code 1, expected 0.")]
    [InlineData("true", "/bin/sh: found no output, expected a JSON object of metric names and numbers.")]
    [InlineData("echo top1 0.9", "/bin/sh: found the output 'top1 0.9', expected a JSON object of metric names and numbers.")]
    [InlineData("echo '[1]'", "/bin/sh: found JSON of kind array, expected an object of metric names and numbers.")]
    [InlineData("echo '{}'", "/bin/sh: found an empty JSON object, expected at least one metric.")]
    [InlineData("""echo '{"a": "1"}'""", "/bin/sh, metric 'a': found string, expected a finite number.")]
    [InlineData("""echo '{"a": 1e999}'""", "/bin/sh, metric 'a': found 1e999, expected a finite number.")]
    [InlineData("""echo '{"a": {"value": 1}}'""", "/bin/sh, metric 'a': found no 'low', expected value, low, high and samples.")]
    [InlineData("""echo '{"a": {"mean": 1}}'""", "/bin/sh, metric 'a': found the key 'mean', expected value, low, high and samples.")]
    [InlineData(
        """echo '{"a": {"value": 1, "low": 2, "high": 3, "samples": 9}}'""",
        "/bin/sh, metric 'a': found 1 in 2..3 on 9 samples, expected low <= value <= high and a whole number of samples from 1.")]
    public async Task MeasureAsync_CommandThatFails_SaysHow(string script, string message)
    {
        CommandFailedException error = await Assert.ThrowsAsync<CommandFailedException>(() => MeasureAsync(script));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task MeasureAsync_ProgramThatDoesNotExist_SaysSo()
    {
        CommandEvaluator evaluator = new(["/no/such/program"], TimeSpan.FromMinutes(1));

        CommandUnavailableException error = await Assert.ThrowsAsync<CommandUnavailableException>(() => evaluator.MeasureAsync("x", CancellationToken.None));

        Assert.Equal("/no/such/program: cannot be started (no such program).", error.Message);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData("INT", 2)]
    [InlineData("KILL", 9)]
    [InlineData("TERM", 15)]
    public async Task MeasureAsync_CommandEndedFromOutside_IsNoFailureOfTheCommand(string signal, int number)
    {
        CommandUnavailableException error = await Assert.ThrowsAsync<CommandUnavailableException>(() => MeasureAsync($"kill -{signal} $$"));

        Assert.Equal($"/bin/sh: found exit code {128 + number} (ended by signal {number}), expected a command that is left to its end.", error.Message);
    }

    [Theory]
    [InlineData("kill -SEGV $$", 139)]
    [InlineData("kill -ABRT $$", 134)]
    [InlineData("exit 255", 255)]
    public async Task MeasureAsync_CommandThatBreaksByItself_IsAFailureOfTheCommand(string script, int code)
    {
        CommandFailedException error = await Assert.ThrowsAsync<CommandFailedException>(() => MeasureAsync(script));

        Assert.Equal($"/bin/sh: found exit code {code}, expected 0.", error.Message);
    }

    [Fact]
    public async Task MeasureAsync_LongerThanItsLimit_IsEnded()
    {
        CommandEvaluator evaluator = new(["/bin/sh", "-c", "sleep 600", "sh"], TimeSpan.FromMilliseconds(50));

        CommandFailedException error = await Assert.ThrowsAsync<CommandFailedException>(() => evaluator.MeasureAsync("x", CancellationToken.None));

        Assert.Equal("/bin/sh: found no end after 0.05 s, expected one within its time limit.", error.Message);
    }

    [Fact]
    public async Task MeasureAsync_Cancelled_EndsTheCommand()
    {
        using CancellationTokenSource source = new();
        CommandEvaluator evaluator = new(["/bin/sh", "-c", "sleep 600", "sh"], TimeSpan.FromMinutes(20));

        Task running = evaluator.MeasureAsync("x", source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void Constructor_NoProgram_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new CommandEvaluator([], TimeSpan.FromMinutes(1)));
    }

    private static Task<ImmutableSortedDictionary<string, Estimate>> MeasureAsync(string script) =>
        new CommandEvaluator(["/bin/sh", "-c", script, "sh"], TimeSpan.FromMinutes(1)).MeasureAsync("a b.mlpackage", CancellationToken.None);
}
