using SweepCluster.Fuzz.Campaigns;
using SweepCluster.Fuzz.Cases;

try
{
    FuzzOptions options = FuzzOptions.Parse(args);
    if (options.Replay is { } model)
    {
        string copy = Path.Combine(Path.GetTempPath(), $"sweep-fuzz-replay-{Environment.ProcessId}");
        FuzzCase replayed = FuzzCase.Read(model);
        for (int turn = 0; turn < ModelUses.Turns; turn++)
        {
            Console.Out.WriteLine(new CaseCheck(copy, options.SpareBytes).Run(replayed, turn * CaseCheck.CasesPerUse));
        }

        return 0;
    }

    return options.Part < 0 ? Supervisor.Run(options, args) : new Campaign(options).Run();
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
