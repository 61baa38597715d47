using SweepCluster.Fuzz.Campaigns;
using SweepCluster.Fuzz.Cases;

try
{
    FuzzOptions options = FuzzOptions.Parse(args);
    if (options.Replay is { } model)
    {
        using WorkFolder folder = WorkFolder.Make();
        FuzzCase replayed = FuzzCase.Read(model);
        for (int turn = 0; turn < ModelUses.Turns; turn++)
        {
            Console.Out.WriteLine(new CaseCheck(folder.Path, options.SpareBytes).Run(replayed, turn * CaseCheck.CasesPerUse));
        }

        return 0;
    }

    if (options.Part < 0)
    {
        return Supervisor.Run(options, args);
    }

    Supervisor.EndWithIt(); // and so does this part
    return new Campaign(options).Run();
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
