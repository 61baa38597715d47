using SweepCluster.Cli;

return await SweepProgram.RunAsync(args, Console.Out, Console.Error);
