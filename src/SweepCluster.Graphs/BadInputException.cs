namespace SweepCluster.Graphs;

/// <summary>Something the user gave (a file, a spec, an option) cannot be used. Ends a command with exit code 2 and its message, nothing written.</summary>
public class BadInputException : SweepException
{
    /// <summary>An error with its message: where, what was found, what was expected. One line for each fault.</summary>
    public BadInputException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
