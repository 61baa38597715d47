using System.Diagnostics;
using System.Globalization;

namespace SweepCluster.Fuzz.Campaigns;

/// <summary>Runs a campaign in processes of its own: a case that kills its process (a full stack, memory that is used up) is found and kept like any other.</summary>
internal static class Supervisor
{
    private const int Orphaned = 3; // how a process ends whose supervisor is gone

    public static int Run(FuzzOptions options, string[] arguments)
    {
        using WorkFolder folder = WorkFolder.Make();
        Console.Out.WriteLine($"seed {options.Seed}, {options.Parts} processes");
        Process[] parts = [.. Enumerable.Range(0, options.Parts).Select(part => Start(part, options, folder.PartOf(part), arguments))];
        int failed = 0;
        foreach ((int index, Process part) in parts.Index())
        {
            part.WaitForExit();
            string work = folder.PartOf(index);
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

            part.Dispose();
        }

        return failed;
    }

    /// <summary>Ends this process, a part, when the one that started it does: it holds the other end of the input, and writes nothing.</summary>
    public static void EndWithIt()
    {
        Thread watch = new(static () =>
        {
            using Stream input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
            }

            Environment.Exit(Orphaned);
        })
        { IsBackground = true };
        watch.Start();
    }

    private static Process Start(int part, FuzzOptions options, string work, string[] arguments)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(Supervisor).Assembly.Location);
        }

        foreach (string argument in arguments.Concat(["--jobs", Text(options.Parts), "--part", Text(part), "--work", work]))
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
