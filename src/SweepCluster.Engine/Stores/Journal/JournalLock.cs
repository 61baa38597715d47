using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Holds a folder for one process. The system releases it when the process dies, however it dies.</summary>
internal sealed class JournalLock : IDisposable
{
    private readonly FileStream _lock;

    private JournalLock(FileStream held)
    {
        _lock = held;
    }

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The folder that holds the journal; must exist.</param>
    /// <exception cref="BadInputException">Another process has it; names the process.</exception>
    internal static JournalLock Take(string folder)
    {
        string ownerPath = Path.Combine(folder, "owner");
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (File.Exists(ownerPath))
        {
            throw new BadInputException(
                $"{folder}: found a sweep that process {File.ReadAllText(ownerPath)} is running, expected one that nobody runs; wait for it or stop it.", taken);
        }

        try
        {
            File.WriteAllText(ownerPath, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return new JournalLock(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _lock.Dispose();
}
