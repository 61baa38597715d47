using BenchmarkDotNet.Running;
using SweepCluster.Benchmarks.Million;
using SweepCluster.Benchmarks.Palettes;
using SweepCluster.Benchmarks.Telemetry;

if (args is ["million", .. string[] rest])
{
    return await MillionSweep.RunAsync(rest);
}

if (args is ["palettes", .. string[] parts])
{
    PaletteProbe.Run(parts);
    return 0;
}

if (args is ["telemetry"])
{
    await TelemetryCost.RunAsync();
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
