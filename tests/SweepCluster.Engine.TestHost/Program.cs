using System.Text.Json;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Specs;

// A process that tests can kill: runs the spec of the first argument in the folder of the second on the slots of the third, resuming what is there,
// and writes the summary as JSON to standard output.
SweepSpec spec = SpecReader.Read(args[0], []);
RunOptions options = new() { ResultFolder = args[1], Resume = true, Slots = int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) };
SweepResult result = await SweepRunner.RunAsync(spec, options, null, CancellationToken.None);
await Console.Error.WriteLineAsync($"{result.JobsRun} jobs run, {result.JobsFound} found, {result.Elapsed}");
Console.WriteLine(JsonSerializer.Serialize(result.Summary));
