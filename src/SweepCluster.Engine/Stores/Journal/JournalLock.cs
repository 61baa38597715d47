using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Holds a folder for one process. The system releases it when the process dies, however it dies.</summary>
internal sealed class JournalLock : IDisposable
{
    private static readonly int[] s_taken = [11, 35, unchecked((int)0x80070020)]; // EWOULDBLOCK on Linux, on macOS; ERROR_SHARING_VIOLATION

    private readonly FileStream _lock;

    private JournalLock(FileStream held)
    {
        _lock = held;
    }

    /// <summary>Takes the lock.</summary>
    /// <param name="folder">The folder that holds the journal; must exist.</param>
    /// <param name="saysTaken">What was found and what was expected, where a process has it, which is called as <c>process 4711</c>.</param>
    /// <exception cref="BadInputException">Another process has it; names the process.</exception>
    /// <exception cref="IOException">The lock's file cannot be made or opened.</exception>
    internal static JournalLock Take(string folder, Func<string, string> saysTaken)
    {
        string ownerPath = Path.Combine(folder, "owner");
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (s_taken.Contains(taken.HResult))
        {
            throw new BadInputException($"{folder}: {saysTaken(OwnerIn(ownerPath))}", taken);
        }

        try
        {
            File.WriteAllText(ownerPath, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The owner's number only makes a message better. A disk that is full shows when the journal is written.
        }

        return new JournalLock(held);
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _lock.Dispose();

    private static string OwnerIn(string path)
    {
        try
        {
            return File.ReadAllText(path) is { Length: > 0 } owner ? $"process {owner}" : "another process";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
