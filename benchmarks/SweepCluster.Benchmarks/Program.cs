using BenchmarkDotNet.Running;
using SweepCluster.Benchmarks.Large;
using SweepCluster.Benchmarks.Million;
using SweepCluster.Benchmarks.Palettes;
using SweepCluster.Benchmarks.Serving;
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

switch (args)
{
    case ["watchers", .. string[] watched]:
        return await Watchers.RunAsync(watched);
    case ["api", .. string[] asked]:
        return await ApiLatency.RunAsync(asked);
    case ["page", .. string[] opened]:
        return await PageOpening.RunAsync(opened);
    case ["large", .. string[] schemes]:
        LargePackages.Run(schemes);
        return 0;
    case ["telemetry"]:
        await TelemetryCost.RunAsync();
        return 0;
    case ["served", .. string[] served]:
        return await ServedSweep.RunAsync(served); // the process that those three start
}

BenchmarkSwitcher.FromAssembly(typeof(LargePackages).Assembly).Run(args);
return 0;
