using BenchmarkDotNet.Running;
using SweepCluster.Benchmarks.Million;

if (args is ["million", .. string[] rest])
{
    return await MillionSweep.RunAsync(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
