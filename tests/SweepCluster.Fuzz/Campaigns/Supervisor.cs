using System.Diagnostics;
using System.Globalization;

namespace SweepCluster.Fuzz.Campaigns;

/// <summary>Runs a campaign in processes of its own: a case that kills its process (a full stack, memory that is used up) is found and kept like any other.</summary>
internal static class Supervisor
{
    public static int Run(FuzzOptions options, string[] arguments)
    {
        Console.Out.WriteLine($"seed {options.Seed}, {options.Parts} processes");
        Process[] parts = [.. Enumerable.Range(0, options.Parts).Select(part => Start(part, options, arguments))];
        int failed = 0;
        foreach ((int index, Process part) in parts.Index())
        {
            part.WaitForExit();
            string work = Campaign.FolderOf(part.Id);
            if (part.ExitCode != 0)
            {
                failed = 1;
                if (part.ExitCode != Campaign.FaultFound)
                {
                    string kept = Path.Combine(options.FailureFolder, $"seed{options.Seed}-part{index}-crash");
                    Move(work, kept);
                    Console.Out.WriteLine($"part {index}: its process ended with {part.ExitCode}; the case is in {kept}");
                    Console.Out.WriteLine($"again: dotnet run --project tests/SweepCluster.Fuzz -c Release -- --replay {Directory.GetFileSystemEntries(kept, "case.*").FirstOrDefault() ?? kept}");
                }
            }

            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }

            part.Dispose();
        }

        return failed;
    }

    private static Process Start(int part, FuzzOptions options, string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Supervisor).Assembly.Location);
        }

        foreach (string argument in arguments.Concat(["--jobs", Text(options.Parts), "--part", Text(part)]))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Move(string from, string to)
    {
        if (Directory.Exists(to))
        {
            Directory.Delete(to, recursive: true);
        }

        Directory.CreateDirectory(to);
        foreach (string file in Directory.Exists(from) ? Directory.GetFiles(from, "*", SearchOption.AllDirectories) : [])
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
