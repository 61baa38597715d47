using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Measures a package by a command of the user's, which prints a JSON object of metrics.</summary>
/// <remarks>The command is started without a shell. What it writes to its error stream is only shown, its last line, where it fails.</remarks>
public sealed class CommandEvaluator
{
    /// <summary>Stands for the package's path in an argument.</summary>
    public const string ModelPlaceholder = "{model}";

    private const int MaxOutputCharacters = 1 << 20;
    private const int FirstSignal = 128; // a program that signal n ended has the exit code 128 + n
    private const int LastSignal = FirstSignal + 64;
    private static readonly int[] s_ownFaults = [4, 5, 6, 7, 8, 11, 31]; // ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS: what a program brings on itself
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(250);
    private readonly ImmutableArray<string> _command;
    private readonly TimeSpan _timeout;
    private readonly string _folder;

    /// <summary>An evaluator for one command.</summary>
    /// <param name="command">Program and arguments; <c>{model}</c> stands for the package's path.</param>
    /// <param name="timeout">Longest run.</param>
    /// <param name="folder">Where it runs; empty: where this process does.</param>
    /// <exception cref="ArgumentException">The command is empty.</exception>
    public CommandEvaluator(ImmutableArray<string> command, TimeSpan timeout, string folder = "")
    {
        if (command.IsDefaultOrEmpty || command[0].Length == 0)
        {
            throw new ArgumentException("A command needs a program.", nameof(command));
        }

        _command = command;
        _timeout = timeout;
        _folder = folder;
    }

    /// <summary>Runs the command on one package.</summary>
    /// <param name="package">Path of the package.</param>
    /// <param name="cancellationToken">Ends the command with all its children.</param>
    /// <returns>Metrics by name, in ordinal order.</returns>
    /// <exception cref="CommandFailedException">The command took longer than its limit, crashed, ended with another code than 0, or printed no such object.</exception>
    /// <exception cref="CommandUnavailableException">The command could not be started, or was ended from outside.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ImmutableSortedDictionary<string, Estimate>> MeasureAsync(string package, CancellationToken cancellationToken)
    {
        using Process process = Start(package);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            Task<string> output = ReadAsync(process.StandardOutput, limit.Token);
            Task<string> errors = ReadAsync(process.StandardError, limit.Token);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(limit.Token));
            if (process.ExitCode == 0)
            {
                return CommandMetrics.Parse(await output, _command[0]);
            }

            // Ctrl-C in a terminal reaches the command too, and it may end, with any code, before this program has heard of it.
            await Task.Delay(s_grace, cancellationToken);
            string found = $"{_command[0]}: found exit code {process.ExitCode}";
            throw IsFromOutside(process.ExitCode)
                ? new CommandUnavailableException($"{found} (ended by signal {process.ExitCode - FirstSignal}), expected a command that is left to its end{LastLine(await errors)}")
                : new CommandFailedException($"{found}, expected 0{LastLine(await errors)}");
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"{_command[0]}: found no end after {_timeout.TotalSeconds:0.###} s, expected one within its time limit.", error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None); // killed: it ends at once
            }
        }
    }

    private static bool IsFromOutside(int exitCode) =>
        exitCode is > FirstSignal and <= LastSignal && !s_ownFaults.Contains(exitCode - FirstSignal);

    private Process Start(string package)
    {
        // The system would look for a relative program where this process runs, not where the command does.
        bool isPath = _folder.Length > 0 && _command[0].AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        ProcessStartInfo start = new(isPath ? Path.GetFullPath(_command[0], _folder) : _command[0])
        {
            UseShellExecute = false,
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string argument in _command[1..])
        {
            start.ArgumentList.Add(argument.Replace(ModelPlaceholder, package, StringComparison.Ordinal));
        }

        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception error)
        {
            string reason = error.NativeErrorCode switch { 2 => "no such program", 13 => "not executable", _ => error.Message };
            throw new CommandUnavailableException($"{_command[0]}: cannot be started ({reason}).", error);
        }
    }

    // Reads to the end, so that the command never waits for room, but keeps only the last part.
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        StringBuilder kept = new();
        char[] buffer = new char[4096];
        int got;
        while ((got = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            kept.Append(buffer, 0, got);
            if (kept.Length > 2 * MaxOutputCharacters)
            {
                kept.Remove(0, kept.Length - MaxOutputCharacters);
            }
        }

        return kept.ToString();
    }

    private static string LastLine(string errors)
    {
        string? line = errors.Split('\n').Select(text => text.Trim()).LastOrDefault(text => text.Length > 0);
        return line is null ? "." : $"; its last words: {OneLine.Of(line)}";
    }
}
